import type { IncomingHttpHeaders } from 'node:http';
import type { Packet } from 'mqtt-packet';

/** The ways in which an emulator is broken on purpose, each at one of its doors. */
export const mutations = [
  /** Another HTTP status. */
  'status',
  /** No header that says anything, and another content type. */
  'headers',
  /** Every value of an HTTP body is another. */
  'body',
  /** The other return code, and the other session present flag. */
  'connack',
  /** Subscriptions that were granted are refused, and the other way round. */
  'suback',
  /** Acknowledgements of other packets. */
  'acknowledgement',
  /** Publications on other topics. */
  'topic',
  /** Publications with other payloads. */
  'payload',
  /** Nothing comes but what answers CONNECT and SUBSCRIBE. */
  'silence',
  /** A publication that nobody asked for comes before everything else. */
  'noise',
  /** The hub ends no connection. */
  'linger',
  /** A WebSocket is opened otherwise, or not at all. */
  'upgrade',
  /** Another status code for a token, another outcome for a message, another condition. */
  'amqp',
] as const;

export type Mutation = (typeof mutations)[number];

/** Another status, of the other kind. */
export function mutateStatus(status: number): number {
  return status < 300 ? 500 : 200;
}

export function mutateHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(
    ([name]) => !/^(?:etag|iothub-errorcode|x-ms-.*|content-type)$/.test(name),
  );
  return { ...Object.fromEntries(kept), 'content-type': 'text/plain' };
}

/** Text that is JSON becomes the same shape with other values; any other text just another. */
export function mutateText(text: string): string {
  try {
    return JSON.stringify(mutateValue(JSON.parse(text)));
  } catch {
    return `~${text}~`;
  }
}

function mutateValue(value: unknown): unknown {
  if (typeof value === 'string') return `~${value}~`;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (value === null) return 0;
  if (Array.isArray(value)) return value.length === 0 ? [0] : value.slice(1).map(mutateValue);
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, below]) => [name, mutateValue(below)]),
  );
}

const noise: Packet = {
  cmd: 'publish',
  topic: 'noise',
  payload: 'noise',
  qos: 0,
  dup: false,
  retain: false,
};

/** The packets that take the place of one from the hub. */
export function mutatePacket(mutation: Mutation, packet: Packet): readonly Packet[] {
  switch (mutation) {
    case 'connack':
      return [packet.cmd === 'connack' ? mutateConnack(packet) : packet];
    case 'suback':
      return [packet.cmd === 'suback' ? mutateSuback(packet) : packet];
    case 'acknowledgement':
      return [mutateAcknowledgement(packet)];
    case 'topic':
      return [packet.cmd === 'publish' ? { ...packet, topic: `other/${packet.topic}` } : packet];
    case 'payload':
      return [packet.cmd === 'publish' ? mutatePublication(packet) : packet];
    case 'silence':
      return packet.cmd === 'connack' || packet.cmd === 'suback' ? [packet] : [];
    case 'noise':
      return packet.cmd === 'connack' || packet.cmd === 'suback' ? [packet] : [noise, packet];
    default:
      return [packet];
  }
}

function mutateConnack(packet: Extract<Packet, { cmd: 'connack' }>): Packet {
  const returnCode = packet.returnCode === 0 ? 5 : 0;
  return { ...packet, returnCode, sessionPresent: !packet.sessionPresent && returnCode === 0 };
}

function mutateSuback(packet: Extract<Packet, { cmd: 'suback' }>): Packet {
  const granted = packet.granted.map((code) => (code === 0x80 ? 0 : 0x80));
  return { ...packet, granted };
}

function mutateAcknowledgement(packet: Packet): Packet {
  if (packet.cmd === 'puback') return { ...packet, messageId: (packet.messageId ?? 0) + 1 };
  if (packet.cmd === 'unsuback') return { ...packet, messageId: (packet.messageId ?? 0) + 1 };
  return packet;
}

function mutatePublication(packet: Extract<Packet, { cmd: 'publish' }>): Packet {
  return { ...packet, payload: mutateText(Buffer.from(packet.payload).toString('utf8')) };
}

/** AMQP's descriptors of what becomes of a delivery: accepted and rejected become released. */
const accepted = Buffer.from([0x00, 0x53, 0x24]);
const rejected = Buffer.from([0x00, 0x53, 0x25]);
const released = Buffer.from([0x00, 0x53, 0x26]);
/** A status code of the node for tokens: 200 and 401 become 404. */
const codes = [200, 401].map((code) => Buffer.from([0x71, 0, 0, code >> 8, code & 0xff]));
const otherCode = Buffer.from([0x71, 0, 0, 404 >> 8, 404 & 0xff]);

/** The same number of bytes, so that every frame still has its length. */
export function mutateAmqp(bytes: Buffer): Buffer {
  let text = bytes.toString('latin1');
  for (const [from, to] of [
    [accepted, released],
    [rejected, released],
    ...codes.map((code) => [code, otherCode] as const),
  ] as const) {
    text = text.replaceAll(from.toString('latin1'), to.toString('latin1'));
  }
  text = text.replaceAll(/amqp:([a-z])/g, 'amqx:$1').replaceAll('"statusCode":"', '"statusKode":"');
  return Buffer.from(text, 'latin1');
}
