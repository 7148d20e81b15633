import { connect as connectTls, type TLSSocket } from 'node:tls';
import {
  generate,
  type IConnectPacket,
  type IPublishPacket,
  type Packet,
  parser,
} from 'mqtt-packet';
import type { Emulator } from '../../../src/emulator/emulator.js';
import { createSasToken } from '../../../src/emulator/sas.js';

export interface MqttClient extends AsyncDisposable {
  readonly socket: TLSSocket;
  /** Every packet that has come. */
  readonly received: readonly Packet[];
  send(packet: Packet): void;
  /** The oldest packet not yet taken, waiting for it if need be. */
  next(): Promise<Packet>;
  nextPublish(): Promise<IPublishPacket>;
  /** Resolves when the emulator has closed the connection. */
  readonly closed: Promise<void>;
}

/** What of an emulator a client must know. */
export type MqttAddress = Pick<Emulator, 'mqttPort' | 'ca'>;

export interface ConnectOptions {
  readonly clean?: boolean;
  readonly keepalive?: number;
  readonly username?: string;
  readonly password?: string;
  readonly clientId?: string;
  readonly will?: IConnectPacket['will'];
}

/** A bare MQTT client: what a device may send is up to the test. */
export async function openMqtt(emulator: MqttAddress): Promise<MqttClient> {
  const socket = connectTls({
    host: 'localhost',
    port: emulator.mqttPort,
    ca: emulator.ca,
    servername: 'localhost',
  });
  const received: Packet[] = [];
  const untaken: Packet[] = [];
  const waiting: ((packet: Packet) => void)[] = [];
  const decoder = parser() as ReturnType<typeof parser> & { parse(chunk: Buffer): number };
  decoder.on('packet', (packet: Packet) => {
    received.push(packet);
    const waiter = waiting.shift();
    if (waiter === undefined) untaken.push(packet);
    else waiter(packet);
  });
  socket.on('data', (chunk) => decoder.parse(chunk));
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.once('secureConnect', () => resolve()));

  const next = (): Promise<Packet> => {
    const packet = untaken.shift();
    if (packet !== undefined) return Promise.resolve(packet);
    return Promise.race([
      new Promise<Packet>((resolve) => waiting.push(resolve)),
      closed.then(() => Promise.reject(new Error('the connection was closed'))),
    ]);
  };
  return {
    socket,
    received,
    closed,
    next,
    send: (packet) => void socket.write(generate(packet)),
    async nextPublish() {
      for (;;) {
        const packet = await next();
        if (packet.cmd === 'publish') return packet;
      }
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await closed;
    },
  };
}

/** Opens a connection and sends CONNECT with the device's own token; the next packet is CONNACK. */
export async function connectMqtt(
  emulator: MqttAddress,
  connectionString: string,
  options: ConnectOptions = {},
): Promise<MqttClient> {
  const fields = new Map(
    connectionString.split(';').map((part): [string, string] => {
      const equals = part.indexOf('=');
      return [part.slice(0, equals), part.slice(equals + 1)];
    }),
  );
  const deviceId = fields.get('DeviceId') ?? '';
  const client = await openMqtt(emulator);
  client.send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId: options.clientId ?? deviceId,
    clean: options.clean ?? true,
    ...(options.will === undefined ? {} : { will: options.will }),
    keepalive: options.keepalive ?? 60,
    username: options.username ?? `localhost/${deviceId}/?api-version=2021-04-12`,
    password: Buffer.from(
      options.password ??
        createSasToken(
          `localhost/devices/${deviceId}`,
          fields.get('SharedAccessKey') ?? '',
          Math.ceil(Date.now() / 1000) + 3600,
        ),
    ),
  });
  return client;
}

export function publish(topic: string, payload = '', qos: 0 | 1 | 2 = 0): IPublishPacket {
  const packet: IPublishPacket = { cmd: 'publish', topic, payload, qos, dup: false, retain: false };
  return qos === 0 ? packet : { ...packet, messageId: 7 };
}

export function subscribe(...topics: readonly string[]): Packet {
  return {
    cmd: 'subscribe',
    messageId: 1,
    subscriptions: topics.map((topic) => ({ topic, qos: 0 })),
  };
}

/** Subscribes and waits until that is granted. */
export async function listenTo(client: MqttClient, ...topics: readonly string[]): Promise<void> {
  client.send(subscribe(...topics));
  for (;;) {
    const packet = await client.next();
    if (packet.cmd === 'suback') return;
  }
}
