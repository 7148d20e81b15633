import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../src/services/clock.js';
import { startWorld, type World } from './support/gateway.js';
import { DeviceMaintenanceDocument, UpdateTwinDocument } from './support/operations.js';
import { blocksOf } from './support/pages.js';

const page = 'docs/maintenance-windows.md';
const [policy = ''] = blocksOf(page, 'json');

describe('the maintenance of a device', () => {
  let world: World;
  /** So far ahead that no token for the hub has expired, whenever this is run. */
  let now = Date.parse('2050-01-01T00:00Z');

  beforeAll(async () => {
    world = await startWorld({ clock: { ...systemClock, now: () => now } });
    const { emulator, gateway } = world;
    emulator.registerDevice('free');
    for (const deviceId of ['pump', 'odd']) emulator.registerDevice(deviceId);
    const input = { deviceId: 'pump', desired: JSON.parse(policy) };
    await gateway.data(UpdateTwinDocument, { input });
    await gateway.data(UpdateTwinDocument, {
      input: { deviceId: 'odd', desired: { maintenance: { policy: 'local', windows: [] } } },
    });
  });

  afterAll(() => world[Symbol.asyncDispose]());

  async function maintenanceOf(id: string, at: string) {
    now = Date.parse(at);
    return (await world.gateway.data(DeviceMaintenanceDocument, { id })).device?.maintenance;
  }

  const night = { policy: 'weeknights', timeZone: 'Europe/Amsterdam' };

  // On Sunday, 27 March 2050 the clocks there skip from 02:00 to 03:00.
  test.each([
    [
      'before it opens',
      '2050-03-25T00:59:59.999Z',
      'CLOSED',
      '2050-03-25T01:00',
      '2050-03-25T03:00',
    ],
    ['from its first moment', '2050-03-25T01:00Z', 'OPEN', '2050-03-25T01:00', '2050-03-25T03:00'],
    ['after its last', '2050-03-25T03:00Z', 'CLOSED', '2050-03-28T00:00', '2050-03-28T02:00'],
    ['over a blackout', '2050-12-23T12:00Z', 'CLOSED', '2050-12-27T01:00', '2050-12-27T03:00'],
  ])('is told %s', async (_when, at, verdict, opensAt, closesAt) => {
    expect(await maintenanceOf('pump', at)).toEqual({
      ...night,
      verdict,
      reason: expect.stringMatching(
        verdict === 'OPEN' ? /^a window .* is open$/ : /^the windows .* are closed$/,
      ),
      opensAt: `${opensAt}:00.000Z`,
      closesAt: `${closesAt}:00.000Z`,
    });
  });

  test('is any time without a policy, and unknown with one that says nothing', async () => {
    const nothing = { policy: null, timeZone: null, opensAt: null, closesAt: null };

    expect(await maintenanceOf('free', '2050-03-25T02:00Z')).toEqual({
      ...nothing,
      verdict: 'UNRESTRICTED',
      reason: 'it has no maintenance policy',
    });
    expect(await maintenanceOf('odd', '2050-03-25T02:00Z')).toEqual({
      ...nothing,
      verdict: 'UNKNOWN',
      reason: 'desired.maintenance.windows: 0 given; expected 1 to 50',
    });
  });

  test('is asked for as the page shows', async () => {
    now = Date.parse('2050-03-25T02:00Z');
    const [query = ''] = blocksOf(page, 'graphql');

    expect(await world.gateway.data(parse(query), {})).toEqual({
      device: { maintenance: { ...night, verdict: 'OPEN', closesAt: '2050-03-25T03:00:00.000Z' } },
    });
  });
});
