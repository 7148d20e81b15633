import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.js';
import { send } from './support/https.js';
import { connectMqtt, listenTo, type MqttClient, publish } from './support/mqtt.js';

type Doors = Pick<Emulator, 'httpsPort' | 'mqttPort' | 'ca'> & { readonly amqpPort: number };
type PortName = 'httpsPort' | 'mqttPort' | 'amqpPort';

const program = fileURLToPath(new URL('./support/abused-emulator.mjs', import.meta.url));
const portNames: readonly PortName[] = ['httpsPort', 'mqttPort', 'amqpPort'];
/** What may remain in memory after an abuse of many times as much. */
const slackBytes = 16 * 1024 * 1024;
/** Longer than any client may take to say who it is. */
const patienceMs = 31_000;
const concurrency = 50;
/** More than any door lets in, in one piece. */
const giantBytes = 32 * 1024 * 1024;

describe('an emulator that is abused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twinql-abused-'));
  let child: ChildProcess;
  let doors: Doors;
  let device: MqttClient;

  beforeAll(async () => {
    child = fork(program, [folder], { execArgv: ['--expose-gc'] });
    const started = await ask<Doors & { readonly device: string }>('start');
    doors = started;
    device = await connectMqtt(doors, started.device, { keepalive: 0 });
    await device.next();
    await listenTo(device, '$iothub/twin/res/#');
    // What is compiled and cached on first use is not to be taken for a leak.
    await Promise.all(portNames.map((name) => leave(open(name, 20))));
    await expectService();
  });

  afterAll(async () => {
    await device[Symbol.asyncDispose]();
    child.kill();
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Calls a function of the program. */
  async function ask<T>(name: string, ...parameters: readonly unknown[]): Promise<T> {
    child.send({ name, parameters });
    const [{ result }] = await once(child, 'message');
    return result as T;
  }

  /** The device and the service that were there before are served as ever. */
  async function expectService(): Promise<void> {
    device.send(publish('$iothub/twin/GET/?$rid=1'));
    expect((await device.nextPublish()).topic).toBe('$iothub/twin/res/200/?$rid=1');
    expect((await send(doors, 'GET /twins/well-behaved')).status).toBe(200);
  }

  async function expectMemoryToReturn(before: number): Promise<void> {
    const after = await ask<number>('measure');
    expect(after - before).toBeLessThan(slackBytes);
  }

  /** So many TLS connections. */
  async function open(name: PortName, count: number): Promise<readonly Socket[]> {
    const port = doors[name];
    return await openMany(count, async () => {
      const socket = connectTls({ host: '127.0.0.1', port, ca: doors.ca, servername: 'localhost' });
      await once(quiet(socket), 'secureConnect');
      return socket;
    });
  }

  test('drops thousands of devices that never say who they are, and serves the others', async () => {
    const before = await ask<number>('measure');
    const sockets = await open('mqttPort', 2000);
    await expectService();
    const closed = Promise.all(sockets.map(untilClosed));

    await ask('advance', patienceMs);
    await closed;

    await expectService();
    await expectMemoryToReturn(before);
  });

  test('drops devices that say who they are too slowly, however busy they are', async () => {
    const sockets = await open('mqttPort', 200);
    // The beginning of a CONNECT, whose end never comes.
    for (const socket of sockets) socket.write(Buffer.from([0x10, 0xff, 0x01]));
    await expectService();
    await ask('advance', patienceMs / 2);
    for (const socket of sockets) socket.write(Buffer.from([0]));
    await expectService();
    const closed = Promise.all(sockets.map(untilClosed));

    await ask('advance', patienceMs / 2 + 1000);
    await closed;

    await expectService();
  });

  test.each(portNames)(
    'serves the others beside a thousand silent peers on the %s',
    async (name) => {
      const before = await ask<number>('measure');
      const sockets = await openMany(1000, async () => {
        const socket = connectTcp({ host: '127.0.0.1', port: doors[name] });
        await once(quiet(socket), 'connect');
        return socket;
      });
      await expectService();

      await leave(Promise.resolve(sockets));

      await expectService();
      await expectMemoryToReturn(before);
    },
  );

  test.each(portNames)('forgets peers that leave in mid-sentence on the %s', async (name) => {
    const before = await ask<number>('measure');
    for (let round = 0; round < 3; round++) {
      const sockets = await open(name, 100);
      for (const socket of sockets) socket.write(beginnings[name]);
      await expectService();
      for (const socket of sockets) socket.destroy();
      await Promise.all(sockets.map(untilClosed));
    }

    await expectService();
    await expectMemoryToReturn(before);
  });

  test.each(portNames)('drops who sends more than fits on the %s', async (name) => {
    const before = await ask<number>('measure');
    const sockets = await open(name, 10);

    await Promise.all(sockets.map((socket) => pour(socket, giants[name])));

    await expectService();
    await expectMemoryToReturn(before);
  });
});

const beginnings: Readonly<Record<PortName, Buffer>> = {
  httpsPort: Buffer.from(`PATCH /twins/well-behaved?api-version=2021-04-12 HTTP/1.1\r\nHost: lo`),
  mqttPort: Buffer.from([0x10, 0xff, 0x7f, 0x00, 0x04, 0x4d]),
  amqpPort: Buffer.from([0x41, 0x4d, 0x51, 0x50, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00]),
};

/** What promises far more than any door lets in. */
const giants: Readonly<Record<PortName, Buffer>> = {
  httpsPort: Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: '),
  mqttPort: Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]),
  amqpPort: Buffer.concat([
    Buffer.from([0x41, 0x4d, 0x51, 0x50, 0x00, 0x01, 0x00, 0x00]),
    Buffer.from([0x7f, 0xff, 0xff, 0xff, 0x02, 0x00, 0x00, 0x00]),
  ]),
};

/** Opens many sockets, some at a time. */
async function openMany(count: number, open: () => Promise<Socket>): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const some = Math.min(concurrency, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: some }, open))));
  }
  return sockets;
}

/** Lets all go, and waits until they are gone. */
async function leave(opening: Promise<readonly Socket[]>): Promise<void> {
  const sockets = await opening;
  const closed = Promise.all(sockets.map(untilClosed));
  for (const socket of sockets) socket.destroy();
  await closed;
}

/** Sends these bytes and then more and more, until the other side ends it. Fails if it never does. */
async function pour(socket: Socket, bytes: Buffer): Promise<void> {
  const closed = untilClosed(socket);
  const chunk = Buffer.alloc(64 * 1024, 'a');
  socket.write(bytes);
  for (let sent = 0; !socket.destroyed; sent += chunk.length) {
    if (sent > giantBytes) throw new Error('the emulator takes in whatever comes');
    const hasRoom = new Promise((resolve) => socket.write(chunk, resolve));
    await Promise.race([hasRoom, closed]);
  }
  await closed;
}

/** Reads whatever comes, and takes errors for what they are here. */
function quiet(socket: Socket): Socket {
  return socket.resume().on('error', () => socket.destroy());
}

async function untilClosed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, 'close').catch(() => {});
}
