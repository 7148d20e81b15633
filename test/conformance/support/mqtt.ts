import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { generate, type IPublishPacket, type Packet, parser } from 'mqtt-packet';
import { expectMatch, fail, type Pattern } from './match.js';

/** A bare MQTT client: what it sends is up to the check. */
export interface MqttClient {
  readonly stream: Duplex;
  send(packet: Packet): void;
  /** The oldest packet not yet taken, waiting for it if need be. */
  next(): Promise<Packet>;
  /** Takes packets until one looks as expected in its `cmd`, and holds it to the rest. */
  expect(cmd: Packet['cmd'], expected: Readonly<Record<string, Pattern>>): Promise<Packet>;
  /** As `expect`, for a publication: its topic, and its payload as JSON or text. */
  expectPublish(topic: Pattern, payload: Pattern): Promise<IPublishPacket>;
  /** Subscribes at a QoS, and holds the answer to `granted`. */
  subscribe(topic: string, qos?: 0 | 1 | 2, granted?: number): Promise<void>;
  /** Nothing has come before the answer to a ping but what was taken. */
  expectSilence(): Promise<void>;
  /** The hub ends the connection. */
  expectClosed(): Promise<void>;
  close(): void;
}

export function openTls(options: {
  readonly hostName: string;
  readonly port: number;
  readonly ca: string | undefined;
}): Duplex {
  const { hostName, port, ca } = options;
  return connectTls({
    host: hostName,
    port,
    servername: hostName,
    ...(ca === undefined ? {} : { ca }),
  });
}

export function createMqttClient(stream: Duplex, patienceMs: number): MqttClient {
  const untaken: Packet[] = [];
  const waiting: ((packet: Packet) => void)[] = [];
  const decoder = parser() as ReturnType<typeof parser> & { parse(chunk: Buffer): number };
  const closed = new Promise<void>((resolve) => {
    stream.once('close', resolve);
  });
  decoder.on('packet', (packet: Packet) => {
    const waiter = waiting.shift();
    if (waiter === undefined) untaken.push(packet);
    else waiter(packet);
  });
  decoder.on('error', () => stream.destroy());
  stream.on('data', (chunk: Buffer) => decoder.parse(chunk));
  stream.on('error', () => stream.destroy());

  function next(): Promise<Packet> {
    const packet = untaken.shift();
    if (packet !== undefined) return Promise.resolve(packet);
    const arrival = new Promise<Packet>((resolve) => waiting.push(resolve));
    const end = closed.then(() => Promise.reject(new Error('the connection was closed')));
    return within(Promise.race([arrival, end]), patienceMs, 'no packet came');
  }

  async function nextOf(cmd: Packet['cmd']): Promise<Packet> {
    for (;;) {
      const packet = await next();
      if (packet.cmd === cmd) return packet;
    }
  }

  const client: MqttClient = {
    stream,
    next,
    send: (packet) => void stream.write(generate(packet)),
    async expect(cmd, expected) {
      const packet = await nextOf(cmd);
      expectMatch(packet, expected, cmd);
      return packet;
    },
    async expectPublish(topic, payload) {
      const packet = await nextOf('publish');
      if (packet.cmd !== 'publish') throw new TypeError('not a publication');
      expectMatch(packet.topic, topic, 'topic');
      expectMatch(parsePayload(packet), payload, 'payload');
      return packet;
    },
    async subscribe(topic, qos = 0, granted = qos) {
      client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos }] });
      await client.expect('suback', { messageId: 1, granted: [granted] });
    },
    async expectSilence() {
      client.send({ cmd: 'pingreq' });
      const packet = await next();
      if (packet.cmd !== 'pingresp') fail(packet.cmd, 'pingresp', 'the next packet');
    },
    expectClosed: () => within(closed, patienceMs, 'the connection stays open'),
    close: () => stream.destroy(),
  };
  return client;
}

export function publish(topic: string, payload = '', qos: 0 | 1 | 2 = 0): IPublishPacket {
  const packet: IPublishPacket = { cmd: 'publish', topic, payload, qos, dup: false, retain: false };
  return qos === 0 ? packet : { ...packet, messageId: 7 };
}

/** Rejects with `complaint` when it takes longer than it may. */
export async function within<T>(promise: Promise<T>, ms: number, complaint: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${complaint} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
}

function parsePayload({ payload }: IPublishPacket): unknown {
  const text = Buffer.from(payload).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
