import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { IConnectPacket } from 'mqtt-packet';
import { createWebSocketStream, WebSocket } from 'ws';
import { type AmqpClient, createAmqpClient } from './amqp.js';
import { type Answer, type Call, createHttpsClient, type HttpsClient } from './http.js';
import { read, readText } from './match.js';
import { createMqttClient, type MqttClient, openTls } from './mqtt.js';
import { type SasOptions, signToken } from './sas.js';
import type { Target } from './target.js';

/** A device, or a module, that was made for a check. */
export interface Client {
  readonly deviceId: string;
  readonly moduleId?: string;
  readonly key: string;
  readonly etag: string;
}

export interface DeviceOptions {
  /** The body of the registry's PUT. */
  readonly identity?: object;
  /** The body of the twin's PATCH. */
  readonly twin?: object;
}

export type Will = NonNullable<IConnectPacket['will']>;

export interface ConnectOptions {
  readonly clean?: boolean;
  readonly clientId?: string;
  readonly username?: string;
  readonly password?: string;
  readonly protocol?: 'MQTT' | 'MQIsdp';
  readonly will?: Will;
  readonly stream?: Duplex;
}

/** A hub as one check sees it. What a check makes here is removed after it. */
export interface Hub {
  readonly target: Target;
  /** A request that the check is about. */
  send(line: string, call?: Call): Promise<Answer>;
  /** A request that makes something ready, which must succeed. */
  prepare(line: string, call?: Call): Promise<Answer>;
  /** An id that no other check has. Its device is removed after the check. */
  newId(): string;
  createDevice(options?: DeviceOptions): Promise<Client>;
  createModule(device: Client, moduleId?: string): Promise<Client>;
  /** A token of the owner, or of another policy. */
  token(options?: SasOptions & { readonly resource?: string }): string;
  deviceToken(client: Client, options?: SasOptions & { readonly resource?: string }): string;
  /** Opens a connection, on which nothing has been sent. */
  openMqtt(stream?: Duplex): MqttClient;
  /** Opens a connection and sends CONNECT: the next packet is CONNACK. */
  startMqtt(client: Client, options?: ConnectOptions): MqttClient;
  /** The same, with CONNACK taken and found to be good. */
  connectMqtt(client: Client, options?: ConnectOptions): Promise<MqttClient>;
  openWebSocket(path?: string, protocol?: string): WebSocket;
  openAmqp(): AmqpClient;
  /** An AMQP connection on which the owner's token was accepted. */
  connectAmqp(): Promise<AmqpClient>;
  /** What a device has sent to the cloud, once it is as many events. */
  readEvents(client: Pick<Client, 'deviceId'>, count: number): Promise<Answer>;
  /** Cleans up after the check. */
  onEnd(cleanUp: () => Promise<void>): void;
  /** Asks again and again until the answer is as wanted. */
  until(line: string, isWanted: (body: unknown) => boolean, call?: Call): Promise<unknown>;
  /** The same of a request that the check is about, for as long as an answer may take. */
  sendUntil(line: string, isWanted: (body: unknown) => boolean): Promise<Answer>;
  /** Something that all checks of one run share; it is made once. */
  share<T>(name: string, make: (hub: Hub) => Promise<T>): Promise<T>;
  /** Does what no other check of the run may do at the same time. */
  alone<T>(name: string, act: () => Promise<T>): Promise<T>;
}

/** Checks in a row against one hub. */
export interface Session {
  /** Gives a hub to `use`, and cleans up after it. */
  withHub(use: (hub: Hub) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** How long to leave a hub in peace before it is asked again. */
const pauseMs = 50;
/** How long a hub may take until queries and jobs show what was done. */
const settlingMs = 60_000;

export function createSession(target: Target): Session {
  const run = `conformance-${randomBytes(4).toString('hex')}`;
  const door = {
    hostName: target.hostName,
    ca: target.ca,
    patienceMs: target.patienceMs,
    authorize: () => ownerToken(target),
  };
  const front = createHttpsClient({ ...door, port: target.doors.https });
  const back = createHttpsClient({
    ...door,
    port: (target.backDoors ?? target.doors).https,
    patienceMs: 60_000,
  });
  const shared = new Map<string, Promise<unknown>>();
  const sharedCleanUps: (() => Promise<void> | void)[] = [];
  const queues = new Map<string, Promise<unknown>>();
  let count = 0;

  const surroundings: Surroundings = {
    target,
    front,
    back,
    newId: () => `${run}-${++count}`,
    share(name, make) {
      const known = shared.get(name);
      if (known !== undefined) return known;
      const made = make(createHub(surroundings, sharedCleanUps));
      shared.set(name, made);
      return made;
    },
    alone(name, act) {
      const turn = (queues.get(name) ?? Promise.resolve()).then(act);
      queues.set(
        name,
        turn.catch(() => {}),
      );
      return turn;
    },
  };

  return {
    async withHub(use) {
      const cleanUps: (() => Promise<void> | void)[] = [];
      try {
        await use(createHub(surroundings, cleanUps));
      } finally {
        for (const cleanUp of cleanUps.reverse()) await cleanUp();
      }
    },
    async close() {
      for (const cleanUp of sharedCleanUps) await cleanUp();
      front.close();
      back.close();
    },
  };
}

interface Surroundings {
  readonly target: Target;
  readonly front: HttpsClient;
  readonly back: HttpsClient;
  newId(): string;
  share(name: string, make: (hub: Hub) => Promise<unknown>): Promise<unknown>;
  alone<T>(name: string, act: () => Promise<T>): Promise<T>;
}

function createHub(surroundings: Surroundings, cleanUps: (() => Promise<void> | void)[]): Hub {
  const { target, front, back } = surroundings;
  const { hostName, ca, patienceMs, doors } = target;

  async function prepare(line: string, call?: Call): Promise<Answer> {
    const answer = await back.send(line, call);
    if (answer.status < 300) return answer;
    throw new Error(`${line} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  async function register(path: string, identity: object): Promise<Omit<Client, 'deviceId'>> {
    const { body } = await prepare(`PUT ${path}`, { body: identity });
    const key = read(body, 'authentication.symmetricKey.primaryKey');
    return { key: typeof key === 'string' ? key : '', etag: readText(body, 'etag') };
  }

  const hub: Hub = {
    target,
    prepare,
    send: (line, call) => front.send(line, call),
    newId() {
      const deviceId = surroundings.newId();
      cleanUps.push(async () => {
        await back.send(`DELETE /devices/${deviceId}`, { headers: { 'If-Match': '*' } });
      });
      return deviceId;
    },
    async createDevice({ identity = {}, twin } = {}) {
      const deviceId = hub.newId();
      const device = await register(`/devices/${deviceId}`, { deviceId, ...identity });
      if (twin !== undefined) await prepare(`PATCH /twins/${deviceId}`, { body: twin });
      return { deviceId, ...device };
    },
    async createModule({ deviceId }, moduleId = 'm1') {
      const module = await register(`/devices/${deviceId}/modules/${moduleId}`, {
        deviceId,
        moduleId,
      });
      return { deviceId, moduleId, ...module };
    },
    token(options = {}) {
      const policy = options.policy ?? target.owner.policy;
      const key = policy === target.owner.policy ? target.owner.key : target.policyKeys?.[policy];
      return signToken(options.resource ?? hostName, key ?? '', { ...options, policy });
    },
    deviceToken: (client, options = {}) =>
      signToken(options.resource ?? `${hostName}/${formatPath(client)}`, client.key, options),
    openMqtt(stream = openTls({ hostName, ca, port: doors.mqtt })) {
      const client = createMqttClient(stream, patienceMs);
      cleanUps.push(() => client.close());
      return client;
    },
    startMqtt(client, options = {}) {
      const mqtt = hub.openMqtt(options.stream);
      const id = formatClientId(client);
      const isOld = options.protocol === 'MQIsdp';
      mqtt.send({
        cmd: 'connect',
        protocolId: isOld ? 'MQIsdp' : 'MQTT',
        protocolVersion: isOld ? 3 : 4,
        clientId: options.clientId ?? id,
        clean: options.clean ?? true,
        keepalive: 60,
        username: options.username ?? `${hostName}/${id}/?api-version=2021-04-12`,
        password: Buffer.from(options.password ?? hub.deviceToken(client)),
        ...(options.will === undefined ? {} : { will: options.will }),
      });
      return mqtt;
    },
    async connectMqtt(client, options) {
      const mqtt = hub.startMqtt(client, options);
      await mqtt.expect('connack', { returnCode: 0 });
      return mqtt;
    },
    openWebSocket(path = '/$iothub/websocket', protocol = 'mqtt') {
      const socket = new WebSocket(`wss://${hostName}:${doors.https}${path}`, protocol, {
        headers: { Host: hostName },
        ...(ca === undefined ? {} : { ca }),
      });
      socket.on('error', () => {});
      cleanUps.push(() => socket.terminate());
      return socket;
    },
    openAmqp() {
      const client = createAmqpClient({ hostName, ca, patienceMs, port: doors.amqp ?? 5671 });
      cleanUps.push(() => client.close());
      return client;
    },
    async connectAmqp() {
      const client = hub.openAmqp();
      const status = await client.putToken(hub.token());
      if (status !== 200) throw new Error(`the owner's token was answered ${status}`);
      return client;
    },
    async readEvents({ deviceId }, count) {
      const line = `GET ${target.eventsPath}?deviceId=${deviceId}`;
      await ask(back, line, {
        isWanted: (body) => countEvents(body) >= count,
        patienceMs: settlingMs,
      });
      return await front.send(line);
    },
    onEnd: (cleanUp) => void cleanUps.push(cleanUp),
    async until(line, isWanted, call) {
      return (await ask(back, line, { isWanted, call, patienceMs: settlingMs })).body;
    },
    sendUntil: (line, isWanted) => ask(front, line, { isWanted, patienceMs }),
    share: (name, make) => surroundings.share(name, make) as ReturnType<typeof make>,
    alone: surroundings.alone,
  };
  return hub;
}

/** A WebSocket that is open, as a stream of bytes. */
export function toStream(socket: WebSocket): Duplex {
  const stream = createWebSocketStream(socket);
  stream.on('error', () => stream.destroy());
  return stream;
}

/** Whether the WebSocket opens, with its protocol, or why not. */
export function openingOf(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('open', () => resolve(`open ${socket.protocol}`));
    socket.once('error', (error) => resolve(error.message));
  });
}

export function formatPath({ deviceId, moduleId }: Client): string {
  return moduleId === undefined ? `devices/${deviceId}` : `devices/${deviceId}/modules/${moduleId}`;
}

export function formatClientId({ deviceId, moduleId }: Client): string {
  return moduleId === undefined ? deviceId : `${deviceId}/${moduleId}`;
}

function countEvents(body: unknown): number {
  const events = read(body, 'events');
  return Array.isArray(events) ? events.length : 0;
}

interface Question {
  readonly isWanted: (body: unknown) => boolean;
  readonly patienceMs: number;
  readonly call?: Call | undefined;
}

async function ask(
  client: HttpsClient,
  line: string,
  { isWanted, patienceMs, call }: Question,
): Promise<Answer> {
  const endMs = Date.now() + patienceMs;
  for (;;) {
    const answer = await client.send(line, call);
    if (isWanted(answer.body)) return answer;
    if (Date.now() > endMs) {
      throw new Error(`${line} is not as wanted: ${JSON.stringify(answer.body)}`);
    }
    await setTimeout(pauseMs);
  }
}

function ownerToken({ hostName, owner }: Target): string {
  return signToken(hostName, owner.key, { policy: owner.policy });
}
