import rhea, { type EventContext } from 'rhea';
import { HubError } from '../errors.js';
import type { AmqpClient } from './client.js';

/** The node of claims-based security, where a client puts its token. */
export const cbsAddress = '$cbs';

/** Judges a token, and says how it was judged to the link that the client receives from. */
export function answerTokenRequest(client: AmqpClient, { message, delivery }: EventContext): void {
  delivery?.accept();
  const refusal = judge(client, message?.body);
  client.tokenReplies?.send({
    correlation_id: message?.message_id as string,
    to: message?.reply_to as string,
    application_properties: {
      // An int, as the SDKs compare it by type, too.
      'status-code': rhea.types.wrap_int(refusal?.status ?? 200),
      'status-description': refusal?.message ?? 'OK',
    },
    body: '',
  });
}

function judge(client: AmqpClient, body: unknown): HubError | undefined {
  const token = typeof body === 'string' ? body : undefined;
  try {
    client.authorize(token, ['messages'], 'ServiceConnect');
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  client.token = token;
  return undefined;
}
