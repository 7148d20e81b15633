import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { createElasticClock } from './faults/support/elastic-clock.js';
import { createManualClock, type ManualClock } from './services/support/manual-clock.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import {
  RebootDeviceDocument,
  WatchDeviceDocument,
  WatchOperationDocument,
  WatchRebootDocument,
} from './support/operations.js';
import { startPuppetDevice } from './support/puppet-device.js';

/** The pace of a test gateway (ms): while an operation is under way, and else. */
const ACTIVE = 50;
const IDLE = 200;

/** How often the gateway looks whether the head of the audit moved (ms), beside all that it reads. */
const ANCHOR = 30_000;

const patience = { timeout: 20_000, interval: 20 };

describe('a watched device', () => {
  let emulator: TestEmulator;
  let clock: ManualClock;
  let gateway: TestGateway;
  let startedAt: number;

  beforeAll(async () => {
    emulator = await startTestEmulator();
  });

  afterAll(() => emulator[Symbol.asyncDispose]());

  beforeEach(async () => {
    startedAt = Date.now();
    clock = createManualClock(startedAt);
    gateway = await startGateway(emulator, { clock });
    return () => gateway[Symbol.asyncDispose]();
  });

  /** In how many milliseconds the gateway reads; it has nothing else to do, but for the audit. */
  function readsIn(): readonly number[] {
    const due = [...clock.pending];
    const anchor = due.indexOf(ANCHOR - ((clock.now() - startedAt) % ANCHOR));
    if (anchor >= 0) due.splice(anchor, 1);
    return due;
  }

  /** Resolves when the gateway has nothing to do but to read again, in so many milliseconds. */
  function isReadIn(milliseconds: number): Promise<void> {
    return vi.waitFor(() => {
      clock.advance(0);
      expect(readsIn()).toEqual([milliseconds]);
    }, patience);
  }

  /** Resolves when it is read at the slower pace; what was under way at the old one still comes. */
  function slowsDown(from: number, to: number): Promise<void> {
    return vi.waitFor(() => {
      if ((readsIn()[0] ?? 0) <= from) clock.advance(from);
      expect(readsIn()).toEqual([to]);
    }, patience);
  }

  test('is read at the interval that its subscriber asks for', async () => {
    emulator.registerDevice('d1');
    await using _updates = gateway.subscribe(WatchDeviceDocument, {
      id: 'd1',
      intervalSeconds: 30,
    });
    await isReadIn(30_000);
    clock.advance(29_999);
    await isReadIn(1);
    clock.advance(1);
    await isReadIn(30_000);

    expect(emulator.calls.count({ operation: 'twin.get', deviceId: 'd1' })).toBe(2);
  });

  test('has one loop for two subscribers, at the shorter interval until that one leaves', async () => {
    emulator.registerDevice('d2');
    await using slow = gateway.subscribe(WatchDeviceDocument, { id: 'd2', intervalSeconds: 60 });
    await isReadIn(60_000);
    const fast = gateway.subscribe(WatchDeviceDocument, { id: 'd2', intervalSeconds: 5 });
    await isReadIn(5_000);
    await slow.waitFor(() => true);
    await fast.waitFor(() => true);

    await fast[Symbol.asyncDispose]();

    await slowsDown(5_000, 60_000);
  });

  test('is read more often while an operation is under way, and then no longer', async () => {
    const deviceId = 'd3';
    await using device = await startPuppetDevice(emulator, deviceId);
    await using _status = gateway.subscribe(WatchRebootDocument, { deviceId });
    await isReadIn(IDLE);

    const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input: { deviceId } });
    const answer = await device.called();
    await answer(200);
    await using updates = gateway.subscribe(WatchOperationDocument, {
      id: rebootDevice?.operation.id ?? '',
    });
    await updates.waitFor(({ operation }) => operation.status === 'ACCEPTED');
    await isReadIn(ACTIVE);
    await device.report('now');
    clock.advance(ACTIVE);
    await updates.completed;

    await slowsDown(ACTIVE, IDLE);
  });
});

test('devices are read less often than they want when the budget is short, each at the same rate', async () => {
  const clock = createElasticClock();
  await using emulator = await startTestEmulator();
  await using gateway = await startGateway(emulator, {
    clock,
    // One twin read a second for all.
    environment: { HUB_TIER: 'S1', HUB_SHARE: '0.01' },
  });
  const ids = ['a', 'b', 'c', 'd', 'e'];
  for (const id of ids) emulator.registerDevice(id);
  const reads = () =>
    ids.map((id) => emulator.calls.count({ operation: 'twin.get', deviceId: id }));
  const watches = ids.map((id) =>
    gateway.subscribe(WatchDeviceDocument, { id, intervalSeconds: 1 }),
  );
  clock.setRate(5);
  for (const watch of watches) await watch.waitFor(() => true);

  const before = reads();
  await clock.pass(20_000);
  const read = reads().map((count, index) => count - (before[index] ?? 0));
  clock.setRate(1);

  expect(read.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(21);
  expect(Math.max(...read) - Math.min(...read)).toBeLessThanOrEqual(1);
  expect(Math.min(...read)).toBeGreaterThan(0);
});
