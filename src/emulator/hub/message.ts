/** Whether the sender wants to hear what became of a message. */
export type AckRequest = 'none' | 'full' | 'positive' | 'negative';

/** A cloud-to-device message. */
export interface Message {
  readonly body: Buffer;
  /** What the application has set. */
  readonly properties: Readonly<Record<string, string>>;
  readonly messageId: string | undefined;
  readonly correlationId: string | undefined;
  readonly userId: string | undefined;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** When it is worthless, in milliseconds since 1970; `undefined` leaves it to the hub. */
  readonly expiresAtMs: number | undefined;
  readonly ack: AckRequest;
}

/** What can become of a message, as feedback names it. */
export type MessageFate = 'Success' | 'Expired' | 'DeliveryCountExceeded' | 'Rejected' | 'Purged';

export function parseAckRequest(text: unknown): AckRequest {
  return text === 'full' || text === 'positive' || text === 'negative' ? text : 'none';
}

export function isFeedbackWanted(ack: AckRequest, fate: MessageFate): boolean {
  if (ack === 'full') return true;
  return ack === (fate === 'Success' ? 'positive' : 'negative');
}
