import { describe, expect, test, vi } from 'vitest';
import {
  dailyMessagesOf,
  quotaOf,
  type RequestClass,
  type Tier,
} from '../../src/emulator/hub/tiers.js';
import { createAmqpClient } from '../conformance/support/amqp.js';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { connectMqtt, listenTo, publish } from './support/mqtt.js';
import { createServiceToken } from './support/service.js';
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

describe('the daily quota of a tier', () => {
  const tomorrowMs = 24 * 3_600_000;
  const large = 'x'.repeat(256 * 1024); // 512 messages of half a kilobyte, as the free tier counts

  async function useUp(emulator: TestEmulator, connectionString: string): Promise<void> {
    await using device = await connectMqtt(emulator, connectionString);
    await device.next();
    for (let index = 0; index < 16; index += 1) {
      device.send(publish('devices/d1/messages/events/', large, 1));
      await device.next();
    }
  }

  test('blocks services and devices once it is used up, until the next day of UTC', async () => {
    const time = createStillClock();
    await using emulator = await startTestEmulator({
      clock: time.clock,
      amqpPort: 0,
      size: { tier: 'F1', units: 1 },
    });
    const connectionString = emulator.registerDevice('d1');
    await using connected = await connectMqtt(emulator, emulator.registerDevice('d2'));
    await connected.next();
    const before = await send(emulator, 'GET /devices/d1');
    await useUp(emulator, connectionString);

    const blocked = await send(emulator, 'GET /devices/d1');
    await using refused = await connectMqtt(emulator, connectionString);
    const connack = await refused.next();
    connected.send(publish('devices/d2/messages/events/', 'one more'));
    await connected.closed;
    const amqp = createAmqpClient({
      hostName: 'localhost',
      port: emulator.amqpPort ?? 0,
      ca: emulator.ca,
      patienceMs: 5000,
    });
    await amqp.putToken(createServiceToken('service'));
    const unsent = await amqp.send({ to: '/devices/d1/messages/devicebound', body: 'x' });
    await amqp.close();
    const shown = await send(emulator, 'GET /$emulator/events', { authorization: null });
    time.pass(tomorrowMs);
    const after = await send(emulator, 'GET /devices/d1', {
      authorization: createServiceToken('iothubowner', {
        expirySeconds: Math.ceil(time.clock.now().getTime() / 1000) + 3600,
      }),
    });

    expect([before.status, blocked.status, shown.status, after.status]).toEqual([
      200, 403, 200, 200,
    ]);
    expect(blocked.headers['iothub-errorcode']).toBe('IotHubQuotaExceeded');
    expect(JSON.parse(blocked.json.Message)).toMatchObject({
      errorCode: 403002,
      message: expect.stringContaining("Max allowed message count : '8000'"),
    });
    expect(unsent).toBe('rejected com.microsoft:quota-exceeded');
    expect(connack).toMatchObject({ cmd: 'connack', returnCode: 3 });
    expect(shown.json.events).toHaveLength(16);
  });

  test('is used by reads of twins as large as they are, and not by the registry', async () => {
    const time = createStillClock();
    await using emulator = await startTestEmulator({
      clock: time.clock,
      size: { tier: 'F1', units: 1 },
    });
    const values = Array.from({ length: 7 }, (_, index) => [`p${index}`, 'x'.repeat(4000)]);
    emulator.registerDevice('d1');
    await send(emulator, 'PATCH /twins/d1', {
      body: { properties: { desired: Object.fromEntries(values) } },
    });
    const read = async (path: string, count: number) => {
      const statuses = new Set<number>();
      for (let index = 0; index < count; index += 1) {
        statuses.add((await send(emulator, `GET ${path}/d1`)).status);
        time.pass(1000);
      }
      return [...statuses];
    };
    const registry = await read('/devices', 200);
    const few = await read('/twins', 100); // of some 29 KB: 58 messages each
    const many = await read('/twins', 60);

    expect([registry, few, many]).toEqual([[200], [200], [200, 403]]);
  });

  test.each<[Tier, number, number]>([
    ['F1', 1, 8000],
    ['S1', 2, 800_000],
    ['S2', 1, 6_000_000],
    ['S3', 3, 900_000_000],
  ])('of %s with %i units is %i messages', (tier, units, messages) => {
    expect(dailyMessagesOf(tier, units)).toBe(messages);
  });
});
