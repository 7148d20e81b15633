import type { JsonObject, JsonValue } from '../json.js';

/** What a cloud-to-device message says: text (as UTF-8), a JSON value, or bytes in base64. */
export type MessageBody =
  | { readonly text: string }
  | { readonly json: JsonValue }
  | { readonly base64: string };

/** A cloud-to-device message as somebody asks for it. */
export interface DeviceMessage {
  readonly body: MessageBody;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
  /** From the sending: what the device has not completed by then is dropped. */
  readonly timeToLiveSeconds: number;
}

/** The same as it is sent: feedback names it by its id. */
export interface OutgoingMessage extends DeviceMessage {
  readonly messageId: string;
}

/** What can become of a message, as the hub's feedback names it. */
export const messageFates = [
  'Success',
  'Expired',
  'DeliveryCountExceeded',
  'Rejected',
  'Purged',
] as const;
export type MessageFate = (typeof messageFates)[number];

/** What the hub tells of a message that asked for it. */
export interface Feedback {
  readonly messageId: string;
  readonly deviceId: string;
  readonly fate: MessageFate;
  /** In the hub's words. */
  readonly record: JsonObject;
}

/**
 * Told of feedback. True: it was a message of ours, and what became of it is durable. False: it is
 * somebody else's, who is to have it.
 */
export type FeedbackHandler = (feedback: Feedback) => Promise<boolean>;

/** Listens to the feedback of a hub until it is closed, over as many connections as that takes. */
export interface FeedbackReceiver {
  /** Since when it has been listening without a gap, by the clock (ms); undefined: it is not. */
  readonly since: number | undefined;
  close(): void;
}

/** The bytes of a body. */
export function bytesOf(body: MessageBody): Buffer {
  if ('text' in body) return Buffer.from(body.text);
  if ('json' in body) return Buffer.from(JSON.stringify(body.json));
  return Buffer.from(body.base64, 'base64');
}

/** Reads the records of one delivery of feedback; undefined where it is something else. */
export function parseFeedback(text: string): readonly Feedback[] | undefined {
  try {
    const records: unknown = JSON.parse(text);
    return Array.isArray(records) ? records.map(toFeedback) : undefined;
  } catch {
    return undefined;
  }
}

function toFeedback(record: JsonObject): Feedback {
  const { originalMessageId, deviceId, statusCode } = record;
  const fate = messageFates.find((name) => name === statusCode);
  if (typeof originalMessageId !== 'string' || typeof deviceId !== 'string' || !fate) {
    throw new TypeError('a record of feedback is none');
  }
  return { messageId: originalMessageId, deviceId, fate, record };
}
