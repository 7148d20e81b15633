import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../src/services/clock.js';
import { connectDevice } from './emulator/support/device.js';
import { startGateway, startWorld, type TestGateway, type World } from './support/gateway.js';
import { DeviceDocument, DevicesDocument } from './support/operations.js';
import { report } from './support/puppet-device.js';

describe('whether a device is there', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });

  afterAll(() => world[Symbol.asyncDispose]());

  async function connectivityOf(id: string, gateway: TestGateway = world.gateway) {
    const { device } = await gateway.data(DeviceDocument, { id });
    return device?.connectivity;
  }

  /** A device that has come, reported and gone. */
  async function visit(deviceId: string): Promise<void> {
    const connectionString = world.emulator.registerDevice(deviceId);
    await using device = await connectDevice(world.emulator, connectionString);
    await report(device, { here: true });
  }

  test('is told of one that never was', async () => {
    world.emulator.registerDevice('new');

    expect(await connectivityOf('new')).toEqual({
      verdict: 'NEVER_CONNECTED',
      reason: 'no activity is on record',
      connectionState: 'DISCONNECTED',
      lastActivityAt: null,
      lastReportedAt: null,
    });
  });

  test('is doubtful of one that was there just now, and no longer so after a while', async () => {
    const before = Date.now();
    await visit('gone');
    await expect
      .poll(() => connectivityOf('gone'))
      .toMatchObject({
        verdict: 'STALE',
        reason: 'the hub sees it disconnected, but it was active within the last five minutes',
        connectionState: 'DISCONNECTED',
      });
    const { lastActivityAt, lastReportedAt } = (await connectivityOf('gone')) ?? {};
    // The hub tells seconds where the tests tell milliseconds.
    expect(Date.parse(lastReportedAt ?? '')).toBeGreaterThanOrEqual(before - 1_000);
    expect(Date.parse(lastActivityAt ?? '')).toBeGreaterThanOrEqual(before - 1_000);
    const later = { now: () => Date.now() + 301_000 };
    await using gateway = await startGateway(world.emulator, {
      clock: { ...systemClock, ...later },
    });

    expect(await connectivityOf('gone', gateway)).toMatchObject({
      verdict: 'OFFLINE',
      reason: 'the hub sees it disconnected',
    });
  });

  test('is told in lists by the same words, marked as the answer to a query', async () => {
    world.emulator.registerDevice('listed');
    const where = { deviceId: { eq: 'listed' } };
    const { devices } = await world.gateway.data(DevicesDocument, { where });

    expect(devices.nodes).toMatchObject([
      { source: 'QUERY', connectivity: { verdict: 'NEVER_CONNECTED' } },
    ]);
  });
});
