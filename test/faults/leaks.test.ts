import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../emulator/support/emulator.js';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway.js';
import {
  DeviceDocument,
  RebootDeviceDocument,
  WatchDeviceDocument,
  WatchOperationDocument,
  WatchOperationEventsDocument,
  WatchRebootDocument,
} from '../support/operations.js';
import { startPuppetDevice } from '../support/puppet-device.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { preloading, tellingResources } from './support/preloads.js';

/** What the gateway holds on to, by kind. */
type Held = Readonly<Record<string, number>>;

const patience = { timeout: 20_000, interval: 200 };

describe('a gateway whose subscribers have left and whose operations have ended', () => {
  let emulator: TestEmulator;
  let folder: TemporaryFolder;
  let gateway: GatewayProcess;
  let asked = 0;

  beforeAll(async () => {
    emulator = await startTestEmulator();
    folder = await createTemporaryFolder();
    gateway = await startGatewayProcess({
      IOTHUB_CONNECTION_STRING: emulator.connectionString,
      IOTHUB_CA_FILE: emulator.caFile,
      DATA_DIR: folder.path,
      HUB_TIER: 'S3',
      ...preloading(tellingResources),
    });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  async function held(): Promise<Held> {
    asked += 1;
    gateway.program.kill('SIGUSR2');
    const [, json = ''] = await gateway.program.waitFor(new RegExp(`held ${asked} (.*)\n`));
    return JSON.parse(json) as Held;
  }

  /** Of several moments, as timers come and go. */
  async function mostHeld(): Promise<Held> {
    const most: Record<string, number> = {};
    for (let sample = 0; sample < 5; sample += 1) {
      for (const [kind, count] of Object.entries(await held())) {
        most[kind] = Math.max(most[kind] ?? 0, count);
      }
    }
    return most;
  }

  const reads = (deviceId: string) => emulator.calls.count({ operation: 'twin.get', deviceId });

  /** Connections are kept, to the hub and by whoever asks: one for each that asks at once. */
  async function openConnections(count: number): Promise<void> {
    const ids = Array.from({ length: count }, (_, index) => `asked-${count}-${index}`);
    for (const id of ids) emulator.registerDevice(id);
    await Promise.all(ids.map((id) => gateway.data(DeviceDocument, { id })));
  }

  /** Watches, reboots, goes through faults of the hub, and leaves; some leave before anything came. */
  async function visit(deviceId: string): Promise<void> {
    await using device = await startPuppetDevice(emulator, deviceId);
    const { data } = gateway;
    const watches = [
      gateway.subscribe(WatchDeviceDocument, { id: deviceId }),
      gateway.subscribe(WatchDeviceDocument, { id: deviceId, intervalSeconds: 1 }),
      gateway.subscribe(WatchRebootDocument, { deviceId }),
    ];
    const [first] = watches;
    await first?.waitFor(() => true);
    const removeFault = emulator.faults.add({
      operation: 'twin.get',
      deviceId,
      times: 2,
      effect: { kind: 'truncate' },
    });
    const { rebootDevice } = await data(RebootDeviceDocument, { input: { deviceId } });
    const id = rebootDevice?.operation.id ?? '';
    const updates = gateway.subscribe(WatchOperationDocument, { id });
    const events = gateway.subscribe(WatchOperationEventsDocument, { id });
    await (await device.called())(200);
    // New each time: devices repeat old values, which prove nothing.
    await device.report(`after ${performance.now()} ms`);
    removeFault();
    await Promise.all([updates.completed, events.completed]);
    const hasty = gateway.subscribe(WatchRebootDocument, { deviceId });
    for (const watch of [...watches, updates, events, hasty]) await watch[Symbol.asyncDispose]();
  }

  test('listens for the end of no request that has ended, on connections that it keeps', async () => {
    const before = await mostHeld();
    await openConnections(24);

    await vi.waitFor(async () => {
      const { abortListeners } = await held();
      expect(abortListeners).toBe(before['abortListeners']);
    }, patience);
  });

  test('holds on to no timer, listener, stream or socket of theirs', async () => {
    // More than two visitors need.
    await openConnections(6);
    await visit('first');
    const before = await mostHeld();
    process.stdout.write(`held before ${JSON.stringify(before)}\n`);

    await Promise.all(
      ['one', 'other'].map(async (lane) => {
        for (let index = 0; index < 4; index += 1) await visit(`${lane}-${index}`);
      }),
    );

    await vi.waitFor(async () => {
      const now = await held();
      const more = Object.entries(now).filter(([kind, count]) => count > (before[kind] ?? 0));
      expect(more).toEqual([]);
    }, patience);
  }, 60_000);

  test('reads no twin, until the next subscriber comes', async () => {
    const deviceId = 'returning';
    emulator.registerDevice(deviceId);
    const first = gateway.subscribe(WatchDeviceDocument, { id: deviceId, intervalSeconds: 1 });
    await first.waitFor(() => true);
    const watched = await held();
    await first[Symbol.asyncDispose]();
    await vi.waitFor(async () => expect((await held())['streams']).toBe(0), patience);

    const left = reads(deviceId);
    // Another one at the same pace tells the time.
    await using other = gateway.subscribe(WatchDeviceDocument, { id: 'first', intervalSeconds: 1 });
    await other.waitFor(() => true);
    const start = reads('first');
    await vi.waitUntil(() => reads('first') >= start + 2, patience);
    const whileGone = reads(deviceId);
    await using second = gateway.subscribe(WatchDeviceDocument, { id: deviceId });
    await second.waitFor(({ device }) => device.deviceId === deviceId);

    expect(watched['streams']).toBeGreaterThan(0);
    expect(watched['abortListeners']).toBeGreaterThan(0);
    expect(whileGone).toBe(left);
    expect(reads(deviceId)).toBeGreaterThan(left);
  });
});
