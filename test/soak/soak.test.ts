import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestEmulator, type TestEmulator } from '../emulator/support/emulator.js';
import { preloading, tellingFootprint } from '../faults/support/preloads.js';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway.js';
import {
  DeviceDocument,
  DevicesDocument,
  OperationsDocument,
  RebootDeviceDocument,
  UpdateTwinDocument,
  WatchDeviceDocument,
  WatchOperationDocument,
  WatchRebootDocument,
} from '../support/operations.js';
import { type PuppetDevice, startPuppetDevice } from '../support/puppet-device.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';

interface Footprint {
  readonly rss: number;
  readonly heap: number;
  readonly external: number;
  readonly handles: Readonly<Record<string, number>>;
  readonly lag: { readonly p99: number; readonly most: number };
}

const SECONDS = Number(process.env['SOAK_SECONDS'] ?? 90);
/** Callers who do one thing after another, without a pause. */
const LANES = 4;
const DEVICES_A_LANE = 2;
const DEVICES = LANES * DEVICES_A_LANE;
/** By how much more memory may be held afterwards. */
const TOLERANCE = 1.05;
/** By how much the event loop may be late, of a hundred times once (ms). */
const LONGEST_LAG = 250;

const patience = { timeout: 20_000, interval: 500 };

let emulator: TestEmulator;
let folder: TemporaryFolder;
let gateway: GatewayProcess;
let devices: readonly PuppetDevice[];
let asked = 0;
const done = { rounds: 0, reboots: 0, subscriptions: 0, lists: 0, edits: 0 };

beforeAll(async () => {
  emulator = await startTestEmulator();
  folder = await createTemporaryFolder();
  gateway = await startGatewayProcess({
    IOTHUB_CONNECTION_STRING: emulator.connectionString,
    IOTHUB_CA_FILE: emulator.caFile,
    DATA_DIR: folder.path,
    HUB_TIER: 'S3',
    ...preloading(tellingFootprint),
  });
  devices = await Promise.all(
    Array.from({ length: DEVICES }, (_, index) => startPuppetDevice(emulator, nameOf(index))),
  );
});

afterAll(async () => {
  for (const device of devices) await device[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
  await emulator[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

test(
  'a steady load leaves memory and handles as they were, and the event loop is never long busy',
  async () => {
    // Caches fill, code is compiled, connections stand.
    await load(SECONDS / 3);
    const before = await footprint();
    await load((SECONDS * 2) / 3);
    const after = await footprint();
    report(before, after);

    expect(after.heap + after.external).toBeLessThanOrEqual(
      TOLERANCE * (before.heap + before.external),
    );
    // Connections that are being closed just now are gone in a moment.
    await vi.waitFor(async () => {
      const { handles } = await footprint();
      const more = Object.entries(handles).filter(([kind, count]) => count > mostOf(before, kind));
      expect(more).toEqual([]);
    }, patience);
    expect(after.lag.p99).toBeLessThan(LONGEST_LAG);
  },
  SECONDS * 1000 * 3 + 120_000,
);

/** Kept connections come and go by a few; whoever leaks one a round leaks hundreds. */
function mostOf({ handles }: Footprint, kind: string): number {
  return (handles[kind] ?? 0) + 2 * LANES;
}

async function load(seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: LANES }, async (_, lane) => {
      // A device is one lane's, as an operation keeps it busy.
      for (let round = 0; performance.now() < until; round += 1) {
        await visit(lane + LANES * (round % DEVICES_A_LANE));
        done.rounds += 1;
      }
    }),
  );
}

/** Subscribers come, look at what they are sent, and go, while their device is restarted and edited. */
async function visit(index: number): Promise<void> {
  const deviceId = nameOf(index);
  const device = devices[index];
  if (!device) throw new TypeError('no such device');
  const watches = [
    gateway.subscribe(WatchDeviceDocument, { id: deviceId }),
    gateway.subscribe(WatchRebootDocument, { deviceId }),
    gateway.subscribe(WatchDeviceDocument, { id: nameOf((index + 1) % DEVICES) }),
  ];
  await Promise.all(watches.map((watch) => watch.waitFor(() => true)));
  const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input: { deviceId } });
  const updates = gateway.subscribe(WatchOperationDocument, {
    id: rebootDevice?.operation.id ?? '',
  });
  await (await device.called())(200);
  await device.report(`after ${performance.now()} ms`);
  await updates.completed;
  await gateway.data(DevicesDocument, { first: DEVICES });
  await gateway.data(OperationsDocument, { where: { deviceId } });
  await gateway.data(UpdateTwinDocument, { input: { deviceId, tags: { round: done.rounds } } });
  await gateway.data(DeviceDocument, { id: deviceId });
  for (const watch of [...watches, updates]) await watch[Symbol.asyncDispose]();
  done.reboots += 1;
  done.subscriptions += watches.length + 1;
  done.lists += 2;
  done.edits += 1;
}

async function footprint(): Promise<Footprint> {
  asked += 1;
  gateway.program.kill('SIGUSR2');
  const [, json = ''] = await gateway.program.waitFor(new RegExp(`footprint ${asked} (.*)\n`));
  return JSON.parse(json) as Footprint;
}

function report(before: Footprint, after: Footprint): void {
  const megabytes = ({ heap, external, rss }: Footprint) =>
    `${((heap + external) / 2 ** 20).toFixed(1)} MB held, ${(rss / 2 ** 20).toFixed(0)} MB resident`;
  const { p99, most } = after.lag;
  process.stdout.write(
    `${[
      `soak of ${SECONDS} s: ${JSON.stringify(done)}`,
      `before: ${megabytes(before)}; after: ${megabytes(after)}`,
      `event loop late by ${p99.toFixed(0)} ms (p99), ${most.toFixed(0)} ms at most`,
      `handles before ${JSON.stringify(before.handles)}, after ${JSON.stringify(after.handles)}`,
    ].join('\n')}\n`,
  );
}

function nameOf(index: number): string {
  return `soaked-${index}`;
}
