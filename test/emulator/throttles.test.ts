import { describe, expect, test, vi } from 'vitest';
import { quotaOf, type RequestClass, type Tier } from '../../src/emulator/hub/tiers.js';
import { startTestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { connectMqtt, listenTo, publish } from './support/mqtt.js';
import { createStillClock } from './support/still-clock.js';

describe('the throttles of a tier', () => {
  test('let a burst through, make the next wait, and refuse what would wait too long', async () => {
    const time = createStillClock();
    await using emulator = await startTestEmulator({
      clock: time.clock,
      size: { tier: 'S1', units: 1 },
    });
    const query = () =>
      send(emulator, 'POST /devices/query', { body: { query: 'SELECT * FROM devices' } });

    const burst = await Promise.all(Array.from({ length: 20 }, query));
    const shaped = [query(), query(), query()]; // 3, 6 and 9 seconds
    await vi.waitUntil(() => emulator.calls.count({ operation: 'query' }) === 23);
    const refused = await query();
    time.pass(9_000);
    const late = await Promise.all(shaped);

    expect(new Set(burst.map(({ status }) => status))).toEqual(new Set([200]));
    expect(refused.status).toBe(429);
    expect(refused.headers['iothub-errorcode']).toBe('ThrottlingBacklogTimeout');
    expect(late.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await send(emulator, 'GET /devices')).status).toBe(200); // of another class
  });

  test('meter direct methods by 4 KB', async () => {
    const time = createStillClock();
    await using emulator = await startTestEmulator({
      clock: time.clock,
      size: { tier: 'S1', units: 1 },
    });
    emulator.registerDevice('d1');
    const payload = 'x'.repeat(31 * 4096); // with its envelope, 32 pieces of the 40 in a second
    const call = () =>
      send(emulator, 'POST /twins/d1/methods', { body: { methodName: 'reboot', payload } });

    const first = await call();
    const shaped = Array.from({ length: 12 }, call);
    const invocations = { operation: 'method.invoke', deviceId: 'd1' } as const;
    await vi.waitUntil(() => emulator.calls.count(invocations) === 13);
    const refused = await call();
    time.pass(10_000);
    const late = await Promise.all(shaped);

    expect([first.status, refused.status]).toEqual([404, 429]);
    expect(new Set(late.map(({ status }) => status))).toEqual(new Set([404]));
  });

  test('reach a device as a late answer, then as 429', async () => {
    const time = createStillClock();
    await using emulator = await startTestEmulator({
      clock: time.clock,
      size: { tier: 'S1', units: 1 },
    });
    await using device = await connectMqtt(emulator, emulator.registerDevice('d1'));
    await device.next();
    await listenTo(device, '$iothub/twin/res/#');
    const statuses = new Map<string, number>();
    // 50 at once, 500 more within ten seconds, and one too many
    for (let index = 0; index < 552; index += 1) {
      device.send(publish(`$iothub/twin/PATCH/properties/reported/?$rid=${index}`, '{}'));
    }
    for (let index = 0; index < 52; index += 1) {
      const status = (await device.nextPublish()).topic.split('/')[3] ?? '';
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }

    expect(Object.fromEntries(statuses)).toEqual({ 204: 50, 429: 2 });
  });

  test('allow one active job to a small hub', async () => {
    await using emulator = await startTestEmulator({ size: { tier: 'S1', units: 1 } });
    const put = (jobId: string) =>
      send(emulator, `PUT /jobs/v2/${jobId}`, {
        body: {
          type: 'scheduleUpdateTwin',
          queryCondition: '*',
          updateTwin: { tags: {} },
          startTime: new Date(Date.now() + 3_600_000).toISOString(),
        },
      });

    const statuses = [(await put('one')).status, (await put('two')).status];
    await send(emulator, 'POST /jobs/v2/one/cancel');

    expect(statuses).toEqual([200, 429]);
    expect((await put('two')).status).toBe(200);
  });

  test.each<[RequestClass, Tier, number, number, number]>([
    ['registry', 'S1', 2, 200, 60_000],
    ['registry', 'S3', 1, 5000, 60_000],
    ['twinReads', 'S1', 9, 100, 1000],
    ['twinReads', 'S2', 20, 200, 1000],
    ['twinReads', 'S3', 2, 1000, 1000],
    ['twinUpdates', 'F1', 1, 50, 1000],
    ['twinUpdates', 'S2', 20, 100, 1000],
    ['queries', 'S2', 3, 60, 60_000],
    ['queries', 'S3', 1, 1000, 60_000],
    ['methods', 'S1', 1, 40, 1000],
    ['jobSteps', 'S3', 1, 50, 1000],
    ['connections', 'S1', 10, 120, 1000],
  ])('are for %s on %s with %i units: %i in %i ms', (name, tier, units, requests, intervalMs) => {
    expect(quotaOf(name, tier, units)).toEqual({ requests, intervalMs });
  });
});
