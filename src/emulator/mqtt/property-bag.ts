import type { Message } from '../hub/message.js';
import { type ClientName, formatClientPath } from './topics.js';

/** The topic of a message to a device, which carries the message's properties after its path. */
export function formatDeviceBoundTopic(client: ClientName, message: Message): string {
  const path = `${formatClientPath(client)}/messages/devicebound`;
  const fields: [string, string | undefined][] = [
    ['$.mid', message.messageId],
    ['$.cid', message.correlationId],
    ['$.uid', message.userId],
    ['$.to', `/${path.replace(/devicebound$/, 'deviceBound')}`],
    ['$.ct', message.contentType],
    ['$.ce', message.contentEncoding],
    ['$.exp', formatExpiry(message.expiresAtMs)],
    ['iothub-ack', message.ack === 'none' ? undefined : message.ack],
    ...Object.entries(message.properties),
  ];
  return `${path}/${formatPropertyBag(fields)}`;
}

function formatPropertyBag(fields: readonly [string, string | undefined][]): string {
  return fields
    .filter((field): field is [string, string] => field[1] !== undefined)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&');
}

function formatExpiry(expiresAtMs: number | undefined): string | undefined {
  return expiresAtMs === undefined ? undefined : new Date(expiresAtMs).toISOString();
}
