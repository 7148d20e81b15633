import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { createCleanup } from './support/cleanup.js';
import {
  type GatewayProcess,
  startGateway,
  startGatewayProcess,
  type TestGateway,
} from './support/gateway.js';
import {
  RebootDeviceDocument,
  WatchDeviceDocument,
  WatchOperationDocument,
  WatchOperationEventsDocument,
  WatchRebootDocument,
} from './support/operations.js';
import { type Postgres, postgresMissing, startPostgres } from './support/postgres.js';
import { type PuppetDevice, startPuppetDevice } from './support/puppet-device.js';

describe.skipIf(postgresMissing)('gateways on one PostgreSQL', () => {
  let emulator: TestEmulator;
  let postgres: Postgres;

  beforeAll(async () => {
    emulator = await startTestEmulator();
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await emulator[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
  });

  /** Gateways in this process, all started at once on an empty database. */
  async function startGateways(count: number) {
    const environment = { DATABASE_URL: await postgres.newDatabase() };
    const gateways = await Promise.all(
      Array.from({ length: count }, () => startGateway(emulator, { environment })),
    );
    return all(gateways);
  }

  /** The same as processes of their own, to be killed. */
  async function startProcesses(count: number) {
    const url = await postgres.newDatabase();
    const gateways = await Promise.all(
      Array.from({ length: count }, () =>
        startGatewayProcess({
          IOTHUB_CONNECTION_STRING: emulator.connectionString,
          IOTHUB_CA_FILE: emulator.caFile,
          HUB_TIER: 'S3',
          DATABASE_URL: url,
        }),
      ),
    );
    return all(gateways);
  }

  const reads = (deviceId: string) => emulator.calls.list({ operation: 'twin.get', deviceId });
  const calls = (deviceId: string) =>
    emulator.calls.count({ operation: 'method.invoke', deviceId });

  async function reboot(gateway: TestGateway, deviceId: string): Promise<string> {
    const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input: { deviceId } });
    return rebootDevice?.operation.id ?? '';
  }

  /** Reports, and waits until each of the streams has shown it. */
  async function reportTo(
    device: PuppetDevice,
    value: string,
    streams: readonly ReturnType<typeof watch>[],
  ): Promise<void> {
    await device.report(value);
    await Promise.all(
      streams.map((stream) =>
        stream.waitFor((message) => message.device.lastReboot?.reported === value),
      ),
    );
  }

  const watch = (gateway: TestGateway, id: string) =>
    gateway.subscribe(WatchDeviceDocument, { id });

  test('read a device once, however many of them watch it', async () => {
    const deviceId = 'read-once';
    await using device = await startPuppetDevice(emulator, deviceId);
    await using gateways = await startGateways(3);
    const streams = gateways.map((gateway) => watch(gateway, deviceId));
    await reportTo(device, 'first', streams);
    const before = reads(deviceId).length;

    await vi.waitFor(() => expect(reads(deviceId).length).toBeGreaterThan(before + 20), 20_000);
    const times = reads(deviceId)
      .slice(before)
      .map(({ at }) => at.getTime());
    await reportTo(device, 'second', streams);

    // At a pace of 200 ms: three readers would come every 67 ms, two every 100.
    const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
    expect(span / (times.length - 1)).toBeGreaterThan(150);
  });

  test('read it at the shortest interval that anyone wants', async () => {
    const deviceId = 'shared-pace';
    await using _device = await startPuppetDevice(emulator, deviceId);
    await using gateways = await startGateways(2);
    const [first, second] = gateways;
    const slow = first?.subscribe(WatchDeviceDocument, { id: deviceId, intervalSeconds: 3600 });
    await slow?.waitFor(() => true);
    const before = reads(deviceId).length;

    await using fast = second?.subscribe(WatchDeviceDocument, { id: deviceId });
    await fast?.waitFor(() => true);

    // The first reads, and at the pace of the second: by itself it would wait for an hour.
    await vi.waitFor(() => expect(reads(deviceId).length).toBeGreaterThan(before + 5), 20_000);
  });

  test('go on reading when the one that read stops', async () => {
    const deviceId = 'reader-stops';
    await using device = await startPuppetDevice(emulator, deviceId);
    await using gateways = await startGateways(3);
    const [first, ...others] = gateways;
    const gone = first && watch(first, deviceId);
    await gone?.waitFor(() => true);
    const streams = others.map((gateway) => watch(gateway, deviceId));
    await reportTo(device, 'before', streams);

    await first?.[Symbol.asyncDispose]();

    await reportTo(device, 'after', streams);
  });

  test('show every move of an operation to those who follow it at any of them', async () => {
    const deviceId = 'followed';
    await using device = await startPuppetDevice(emulator, deviceId);
    await using gateways = await startGateways(3);
    const [first, second, third] = [...gateways] as [TestGateway, TestGateway, TestGateway];
    const status = third.subscribe(WatchRebootDocument, { deviceId });
    await status.waitFor(({ rebootStatus }) => rebootStatus.phase === 'IDLE');

    const id = await reboot(first, deviceId);
    const events = second.subscribe(WatchOperationEventsDocument, { id, after: 0 });
    const states = second.subscribe(WatchOperationDocument, { id });
    const answer = await device.called();
    await status.waitFor(({ rebootStatus }) => rebootStatus.phase === 'REBOOTING');
    await answer(200);
    await device.report('rebooted');

    await events.completed;
    await states.completed;
    await status.waitFor(({ rebootStatus }) => rebootStatus.phase === 'REBOOTED');
    expect(
      events.messages.map(({ operationEvents: { sequence, type } }) => [sequence, type]),
    ).toEqual([
      [1, 'REQUESTED'],
      [2, 'SENDING'],
      [3, 'ANSWERED'],
      [4, 'REPORTED'],
      [5, 'FINISHED'],
    ]);
    expect(states.messages.at(-1)?.operation).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('let one operation disturb a device at a time', async () => {
    const deviceId = 'one-at-a-time';
    await using device = await startPuppetDevice(emulator, deviceId);
    await using gateways = await startGateways(3);

    const payloads = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        gateways[index % 3]?.data(RebootDeviceDocument, { input: { deviceId } }),
      ),
    );
    const answer = await device.called();
    await answer(200);

    const ids = new Set(payloads.map((payload) => payload?.rebootDevice?.operation.id));
    expect(ids.size).toBe(1);
    expect(payloads.filter((payload) => payload?.rebootDevice?.started)).toHaveLength(1);
    expect(calls(deviceId)).toBe(1);
  });

  test('take an idempotency key for the same operation wherever it is used', async () => {
    const deviceId = 'one-key';
    await using _device = await startPuppetDevice(emulator, deviceId);
    await using gateways = await startGateways(2);
    const input = { deviceId, idempotencyKey: 'nightly' };

    const payloads = await Promise.all(
      gateways.map((gateway) => gateway.data(RebootDeviceDocument, { input })),
    );

    const [one, other] = payloads.map(({ rebootDevice }) => rebootDevice);
    expect(one?.operation.id).toBe(other?.operation.id);
    expect([one?.started, other?.started].filter(Boolean)).toHaveLength(1);
  });

  test('go on with what one that was killed had begun', async () => {
    const deviceId = 'taken-over';
    await using device = await startPuppetDevice(emulator, deviceId);
    await using gateways = await startProcesses(2);
    const [first, second] = [...gateways] as [GatewayProcess, GatewayProcess];
    const id = await reboot(first, deviceId);
    await device.called();
    const events = second.subscribe(WatchOperationEventsDocument, { id, after: 0 });

    first.program.kill('SIGKILL');
    await events.waitFor(({ operationEvents }) => operationEvents.type === 'ANSWER_UNKNOWN');
    await device.report('after the crash');

    await events.completed;
    expect(events.messages.at(-1)?.operationEvents).toMatchObject({ status: 'SUCCEEDED' });
    expect(calls(deviceId)).toBe(1);
  });
});

/** Resources that go together. */
function all<T extends AsyncDisposable>(resources: readonly T[]): readonly T[] & AsyncDisposable {
  const cleanup = createCleanup();
  for (const resource of resources) cleanup.use(resource);
  return Object.assign([...resources], {
    [Symbol.asyncDispose]: () => cleanup[Symbol.asyncDispose](),
  });
}
