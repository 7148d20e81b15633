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

/** The fields of `a=1&b=&c`: a field without an equals sign has no value. */
export function parsePropertyBag(text: string): readonly (readonly [string, string | null])[] {
  return text
    .replace(/^\?/, '')
    .split('&')
    .filter((field) => field !== '')
    .map((field) => {
      const equals = field.indexOf('=');
      if (equals === -1) return [decode(field), null];
      return [decode(field.slice(0, equals)), decode(field.slice(equals + 1))];
    });
}

/** What is not percent-encoded UTF-8 stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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
