import type { Duplex } from 'node:stream';
import type { Connection, EventContext, Receiver, Sender } from 'rhea';
import { answerTokenRequest, cbsAddress } from './cbs.js';
import type { AmqpClient, AmqpContext } from './client.js';
import { deliverMessage, deviceBoundAddress } from './device-bound.js';
import { feedbackAddress, sendFeedback } from './feedback.js';

/** There is no such thing to receive from until files are uploaded, but services ask for it early. */
const fileNotificationsAddress = '/messages/serviceBound/filenotifications';

/** Serves one connection until it closes. */
export function serveConnection(
  context: AmqpContext,
  connection: Connection,
  stream: Duplex,
): void {
  const client: AmqpClient = {
    ...context,
    token: undefined,
    tokenReplies: undefined,
    reset: () => void stream.destroy(),
  };
  connection.on('receiver_open', (event: EventContext) => openReceiver(client, event));
  connection.on('sender_open', (event: EventContext) => openSender(client, event));
  connection.on('message', (event: EventContext) => receive(client, event));
  for (const name of ['connection_error', 'session_error', 'sender_error', 'receiver_error']) {
    connection.on(name, () => {}); // the peer's complaints; the close that follows ends it
  }
  for (const name of ['protocol_error', 'error', 'disconnected']) {
    connection.on(name, () => stream.destroy());
  }
}

/** The client wants to send to us. */
function openReceiver(client: AmqpClient, { receiver }: EventContext): void {
  if (receiver === undefined) return;
  const address = readAddress(receiver.target);
  confirm(receiver);
  if (address === cbsAddress) return;
  if (address.toLowerCase() !== deviceBoundAddress) refuseAddress(receiver, address);
  else if (!isAuthorized(client)) refuseAccess(receiver);
}

/** The client wants to receive from us. */
function openSender(client: AmqpClient, { sender }: EventContext): void {
  if (sender === undefined) return;
  const address = readAddress(sender.source);
  confirm(sender);
  if (address === cbsAddress) client.tokenReplies = sender;
  else if (!isAuthorized(client)) refuseAccess(sender);
  else if (address.toLowerCase() === feedbackAddress) sendFeedback(client, sender);
  else if (address.toLowerCase() !== fileNotificationsAddress.toLowerCase()) {
    refuseAddress(sender, address);
  }
}

function receive(client: AmqpClient, event: EventContext): void {
  const { receiver } = event;
  if (receiver === undefined) return;
  if (readAddress(receiver.target) === cbsAddress) answerTokenRequest(client, event);
  else deliverMessage(client, event);
}

/** Whether the client may do what services do. Throws nothing: an attach is refused, not answered. */
function isAuthorized(client: AmqpClient): boolean {
  try {
    client.authorize(client.token, ['messages'], 'ServiceConnect');
    return true;
  } catch {
    return false;
  }
}

/** Names both ends of a link as the client did: one that is missing tells it that the link is refused. */
function confirm(link: Sender | Receiver): void {
  link.set_source({ address: link.source?.address });
  link.set_target({ address: link.target?.address });
}

function refuseAccess(link: Sender | Receiver): void {
  link.close({
    condition: 'amqp:unauthorized-access',
    description: 'No token that may do this has been put.',
  });
}

function refuseAddress(link: Sender | Receiver, address: string): void {
  link.close({ condition: 'amqp:not-found', description: `There is no node ${address}.` });
}

function readAddress(terminus: { readonly address?: unknown } | undefined): string {
  const address = terminus?.address;
  if (typeof address !== 'string') return '';
  // Python's SDK gives the whole address, with scheme and host.
  return address.replace(/^amqps:\/\/[^/]*/, '');
}
