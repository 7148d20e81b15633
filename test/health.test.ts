import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { formatDeviceId } from '../src/services/device-id.js';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { createElasticClock } from './faults/support/elastic-clock.js';
import { startGateway, startGatewayProcess, type TestGateway } from './support/gateway.js';
import { DeviceDocument, RebootDeviceDocument } from './support/operations.js';
import { postgresMissing, startPostgresServer } from './support/postgres.js';
import { startPuppetDevice } from './support/puppet-device.js';
import { createTemporaryFolder } from './support/temporary-folder.js';
import { startTwoHubs } from './support/two-hubs.js';

interface Report {
  readonly status: number;
  readonly body: {
    readonly status: string;
    readonly database: { readonly usable: boolean };
    readonly hubs: Readonly<
      Record<string, { readonly usable: boolean; readonly last: { readonly outcome: string } }>
    >;
  };
}

async function readiness({ url }: Pick<TestGateway, 'url'>): Promise<Report> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: (await response.json()) as Report['body'] };
}

const patience = { timeout: 20_000, interval: 100 };
const unavailable = { kind: 'status', status: 503, code: 'ServiceUnavailable' } as const;

describe('a gateway before one hub', () => {
  const clock = createElasticClock();
  let emulator: TestEmulator;
  let gateway: TestGateway;

  beforeAll(async () => {
    emulator = await startTestEmulator({ clock: clock.forHub });
    gateway = await startGateway(emulator, { clock });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
  });

  const reads = () => emulator.calls.count({ operation: 'twin.get' });

  test('lives', async () => {
    const response = await fetch(`${gateway.url}/healthz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'alive' });
  });

  test('is ready, and asks a hub nothing that answered lately', async () => {
    const reports = await Promise.all(Array.from({ length: 20 }, () => readiness(gateway)));

    for (const report of reports) {
      expect(report).toEqual({
        status: 200,
        body: {
          status: 'ready',
          database: { usable: true },
          hubs: { localhost: { usable: true, last: { outcome: 'OK', at: expect.any(String) } } },
        },
      });
    }
    expect(reads()).toBe(0);
  });

  test('asks a hub of which it heard nothing for long, once for all who want to know', async () => {
    clock.setRate(100);
    await clock.pass(31_000);
    clock.setRate(1);
    const reports = await Promise.all(Array.from({ length: 20 }, () => readiness(gateway)));

    expect(reports.map(({ status }) => status)).toEqual(reports.map(() => 200));
    expect(reports[0]?.body.hubs['localhost']?.last.outcome).toBe('REFUSED');
    expect(reads()).toBe(1);
  });

  test.each([
    ['answers 503', unavailable, 'FAILED'],
    ['does not answer', { kind: 'hang' }, 'NO_ANSWER'],
    ['resets connections', { kind: 'reset' }, 'NO_ANSWER'],
    [
      'does not let it in',
      { kind: 'status', status: 401, code: 'IotHubUnauthorizedAccess' },
      'UNAUTHORIZED',
    ],
  ] as const)(
    'is not ready while its hub %s, and is again afterwards',
    async (_what, effect, outcome) => {
      emulator.registerDevice('read');
      const removeFault = emulator.faults.add({ operation: 'twin.get', effect });
      clock.setRate(20);
      await gateway.execute(DeviceDocument, { id: 'read' });
      clock.setRate(1);
      await vi.waitFor(async () => {
        expect(await readiness(gateway)).toMatchObject({
          status: 503,
          body: { status: 'not ready', hubs: { localhost: { usable: false, last: { outcome } } } },
        });
      }, patience);
      removeFault();

      await vi.waitFor(async () => expect((await readiness(gateway)).status).toBe(200), patience);
    },
  );

  test('stays ready while the hub throttles, and while devices do not answer', async () => {
    emulator.registerDevice('read');
    emulator.registerDevice('absent');
    const effect = { kind: 'throttle' } as const;
    const removeFault = emulator.faults.add({ operation: 'twin.get', effect });
    await gateway.execute(DeviceDocument, { id: 'read' });
    removeFault();
    emulator.faults.add({ operation: 'method.invoke', effect: unavailable, times: 1 });
    await gateway.data(RebootDeviceDocument, { input: { deviceId: 'absent' } });
    await vi.waitUntil(
      () => emulator.calls.count({ operation: 'method.invoke', deviceId: 'absent' }) > 0,
      patience,
    );

    expect((await readiness(gateway)).status).toBe(200);
  });
});

test('a gateway before two hubs is ready as long as one of them is of use, and names the other', async () => {
  await using world = await startTwoHubs();
  const { gateway, north } = world;
  north.faults.add({ effect: unavailable });
  await gateway.execute(DeviceDocument, {
    id: formatDeviceId({ hub: 'localhost', deviceId: 'any' }),
  });

  expect(await readiness(gateway)).toMatchObject({
    status: 200,
    body: {
      hubs: {
        localhost: { usable: false, last: { outcome: 'FAILED' } },
        '127.0.0.1': { usable: true },
      },
    },
  });
});

describe.skipIf(postgresMissing)('a gateway on PostgreSQL', () => {
  test('is not ready while the database is away or read-only, and is again afterwards', async () => {
    await using server = await startPostgresServer();
    await using emulator = await startTestEmulator();
    const DATABASE_URL = await server.newDatabase();
    await using gateway = await startGateway(emulator, { environment: { DATABASE_URL } });
    const becomes = (status: number, usable: boolean) =>
      vi.waitFor(async () => {
        const report = await readiness(gateway);
        expect(report).toMatchObject({ status, body: { database: { usable } } });
      }, patience);

    await becomes(200, true);
    await server.stop('FAST');
    await becomes(503, false);
    await server.start();
    await becomes(200, true);
    await server.execute('alter system set default_transaction_read_only = on');
    await server.execute('select pg_reload_conf()');
    await becomes(503, false);
    const writing = new URL(server.url);
    writing.searchParams.set('options', '-c default_transaction_read_only=off');
    await server.execute('alter system reset default_transaction_read_only', writing.href);
    await server.execute('select pg_reload_conf()');
    await becomes(200, true);
  }, 60_000);
});

test('a gateway that stops says so before its sockets are told', async () => {
  await using emulator = await startTestEmulator();
  await using folder = await createTemporaryFolder();
  await using device = await startPuppetDevice(emulator, 'called');
  await using gateway = await startGatewayProcess({
    IOTHUB_CONNECTION_STRING: emulator.connectionString,
    IOTHUB_CA_FILE: emulator.caFile,
    DATA_DIR: folder.path,
  });
  const socket = new WebSocket(
    `${gateway.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
  );
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  const closed = once(socket, 'close');
  await gateway.data(RebootDeviceDocument, { input: { deviceId: 'called' } });
  const answer = await device.called();

  gateway.program.kill('SIGTERM');
  await vi.waitFor(async () => {
    expect(await readiness(gateway)).toMatchObject({ status: 503, body: { status: 'stopping' } });
  }, patience);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  await answer(200);

  const [code] = (await closed) as [number];
  expect(code).toBe(1012);
});
