import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { rejectionOf } from './emulator/support/rejection.js';
import { createServiceSdk } from './emulator/support/service.js';
import { createManualClock } from './services/support/manual-clock.js';
import { startGateway, startWorld, type World } from './support/gateway.js';
import {
  CreateDevicesDocument,
  DeleteDevicesDocument,
  DeviceDocument,
  DeviceKeysDocument,
  DisableDevicesDocument,
  EnableDevicesDocument,
  HubBudgetDocument,
} from './support/operations.js';

describe('many devices', () => {
  let world: World;
  let runs = 0;

  beforeAll(async () => {
    world = await startWorld();
  });

  beforeEach(() => {
    world.emulator.faults.clear();
    world.emulator.calls.clear();
  });

  afterAll(() => world[Symbol.asyncDispose]());

  function newIds(count: number): readonly string[] {
    runs += 1;
    return Array.from({ length: count }, (_, index) => `many-${runs}-${index}`);
  }

  async function create(ids: readonly string[]) {
    const input = { devices: ids.map((deviceId) => ({ deviceId, tags: { deviceId } })) };
    const { createDevices } = await world.gateway.data(CreateDevicesDocument, { input });
    if (!createDevices) throw new TypeError('no payload');
    return createDevices;
  }

  test('are created a hundred at a time, each with its twin and its own keys', async () => {
    const ids = newIds(250);
    const { results, succeeded, failed } = await create(ids);

    expect([succeeded, failed]).toEqual([250, 0]);
    expect(results.map(({ deviceId }) => deviceId)).toEqual(ids);
    expect(results[0]?.device).toMatchObject({ status: 'ENABLED', tags: { deviceId: ids[0] } });
    expect(new Set(results.map(({ accessKeys }) => accessKeys?.primary.key)).size).toBe(250);
    expect(world.emulator.calls.count({ operation: 'device.bulk' })).toBe(3);
    const { device } = await world.gateway.data(DeviceKeysDocument, { id: ids[249] ?? '' });
    expect(device?.accessKeys).toEqual(results[249]?.accessKeys);
  });

  test('fail one by one: the others are done, where the bare SDK throws', async () => {
    const [taken = '', ...fresh] = newIds(3);
    await create([taken]);
    const { results, succeeded, failed } = await create([fresh[0] ?? '', taken, fresh[1] ?? '']);

    expect([succeeded, failed]).toEqual([2, 1]);
    expect(results.map(({ failure }) => failure?.code)).toEqual([
      undefined,
      'ALREADY_EXISTS',
      undefined,
    ]);
    expect(results[1]).toMatchObject({
      deviceId: taken,
      device: null,
      accessKeys: null,
      failure: { message: expect.stringContaining('already'), retryable: false },
    });
    expect(results[2]?.device?.tags).toEqual({ deviceId: fresh[1] });
    const { registry } = createServiceSdk(world.emulator);
    const bare = await rejectionOf(
      registry.addDevices([{ deviceId: taken }, { deviceId: newIds(1)[0] ?? '' }]),
    );
    expect(bare.name).toBe('ArgumentError');
  });

  test.each([
    [400, 'ArgumentInvalid', 'BAD_USER_INPUT'],
    [403, 'Forbidden', 'HUB_UNAUTHORIZED'],
    [413, 'TooManyDevices', 'LIMIT_REACHED'],
  ] as const)('fail with a hub that answers %i %s: %s', async (status, name, code) => {
    const effect = { kind: 'status', status, code: name } as const;
    world.emulator.faults.add({ operation: 'device.bulk', effect });
    const { results, succeeded, failed } = await create(newIds(2));

    expect([succeeded, failed]).toEqual([0, 2]);
    expect(results.map(({ failure }) => failure?.code)).toEqual([code, code]);
  });

  test('fail with a hub that is not there', async () => {
    await using lonely = await startWorld();
    await lonely.emulator.close();
    const input = { devices: [{ deviceId: 'stranded' }] };
    const { createDevices } = await lonely.gateway.data(CreateDevicesDocument, { input });

    expect(createDevices?.results).toMatchObject([{ failure: { code: 'HUB_UNAVAILABLE' } }]);
  });

  test('are disabled with a reason and enabled again, and keep keys and all else', async () => {
    const { gateway, emulator } = world;
    const ids = newIds(3);
    const { results: created } = await create(ids);
    emulator.calls.clear();

    const deviceIds = [...ids, 'nobody'];
    const { disableDevices } = await gateway.data(DisableDevicesDocument, {
      input: { deviceIds, reason: 'recall' },
    });
    const requests = emulator.calls.count({ operation: 'device.bulk' });
    const { enableDevices } = await gateway.data(EnableDevicesDocument, {
      input: { deviceIds: ids },
    });

    expect(disableDevices).toMatchObject({ succeeded: 3, failed: 1 });
    expect(disableDevices?.results[0]?.device).toMatchObject({
      status: 'DISABLED',
      statusReason: 'recall',
      tags: { deviceId: ids[0] },
    });
    expect(disableDevices?.results[3]?.failure?.code).toBe('DEVICE_NOT_FOUND');
    expect(requests).toBe(1);
    expect(enableDevices?.results.map(({ device }) => device?.status)).toEqual([
      'ENABLED',
      'ENABLED',
      'ENABLED',
    ]);
    const { device } = await gateway.data(DeviceKeysDocument, { id: ids[0] ?? '' });
    expect(device?.accessKeys).toEqual(created[0]?.accessKeys);
  });

  test('that have the status already are not written', async () => {
    const ids = newIds(2);
    await create(ids);
    world.emulator.calls.clear();
    const { enableDevices } = await world.gateway.data(EnableDevicesDocument, {
      input: { deviceIds: [...ids] },
    });

    expect(enableDevices?.succeeded).toBe(2);
    expect(world.emulator.calls.count({ operation: 'device.bulk' })).toBe(0);
  });

  test('are shown as they are at once, also where a list lags', async () => {
    const { gateway } = world;
    const [deviceId = ''] = newIds(1);
    await create([deviceId]);
    await gateway.data(DeviceDocument, { id: deviceId });
    // Bulk writes that ask for no device: what is remembered is all there is to go by.
    const query = `mutation { disableDevices(input: {deviceIds: ["${deviceId}"], reason: "r"}) { failed } }`;
    await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });

    const { device } = await gateway.data(DeviceDocument, { id: deviceId, consistency: 'FAST' });

    expect(device?.status).toBe('DISABLED');
  });

  test('are deleted, those under another ETag stay', async () => {
    const { gateway } = world;
    const [gone = '', stays = ''] = newIds(2);
    await create([gone, stays]);

    const { deleteDevices } = await gateway.data(DeleteDevicesDocument, {
      input: {
        devices: [{ deviceId: gone }, { deviceId: stays, ifMatch: 'c3RhbGU=' }, { deviceId: 'no' }],
      },
    });

    expect(deleteDevices).toMatchObject({
      succeeded: 1,
      failed: 2,
      results: [
        { deviceId: gone, device: null, failure: null },
        { deviceId: stays, failure: { code: 'ETAG_MISMATCH', retryable: false } },
        { deviceId: 'no', failure: { code: 'DEVICE_NOT_FOUND' } },
      ],
    });
    const fast = { id: gone, consistency: 'FAST' } as const;
    expect(await gateway.data(DeviceDocument, fast)).toEqual({ device: null });
  });

  test('whose piece goes without an answer may have been done; the next pieces are', async () => {
    const ids = newIds(150);
    world.emulator.faults.add({
      operation: 'device.bulk',
      times: 1,
      effect: { kind: 'reset', when: 'after' },
    });
    const { results, succeeded, failed } = await create(ids);

    expect([succeeded, failed]).toEqual([50, 100]);
    expect(results[0]?.failure).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: false });
    // And here it was: nothing was sent twice.
    expect(world.emulator.calls.count({ operation: 'device.bulk' })).toBe(2);
  });

  test('take their turns in the budget, in pieces that fit; who has none in time is told', async () => {
    const { emulator } = world;
    const clock = createManualClock(Date.now());
    await using gateway = await startGateway(emulator, {
      clock,
      environment: { HUB_TIER: 'S1', HUB_SHARE: '0.1' },
    });
    const ids = newIds(25);
    const answer = gateway.data(CreateDevicesDocument, {
      input: { devices: ids.map((deviceId) => ({ deviceId })) },
    });
    // A tenth of the 100 a minute of S1.
    await vi.waitFor(async () => {
      const { hubBudget } = await gateway.data(HubBudgetDocument, {});
      const registry = hubBudget.find(({ requestClass }) => requestClass === 'REGISTRY');
      expect(registry).toMatchObject({ limit: 10, used: 10, waiting: 1 });
    });
    clock.advance(60_000);

    const { createDevices } = await answer;
    const codes = createDevices?.results.map(({ failure }) => failure?.code ?? 'done');
    expect(codes?.slice(0, 10)).toEqual(Array(10).fill('done'));
    expect(codes?.slice(10)).toEqual(Array(15).fill('HUB_THROTTLED'));
    expect(emulator.calls.count({ operation: 'device.bulk' })).toBe(1);
    expect(createDevices?.results[24]?.failure?.retryable).toBe(true);
  });

  test.each<[string, string, readonly { deviceId: string }[], RegExp]>([
    ['none', 'devices', [], /0; expected 1 to 1000/],
    [
      'too many',
      'devices',
      Array.from({ length: 1001 }, (_, index) => ({ deviceId: `d${index}` })),
      /1001; expected/,
    ],
    [
      'one twice',
      'devices[2].deviceId',
      [{ deviceId: 'a' }, { deviceId: 'b' }, { deviceId: 'a' }],
      /the same device as devices\[0\]\.deviceId/,
    ],
    ['a malformed id', 'devices[1].deviceId', [{ deviceId: 'a' }, { deviceId: 'b c' }], /expected/],
    [
      'a twin that no hub holds',
      'devices[1].tags.a',
      [{ deviceId: 'a' }, { deviceId: 'b', tags: { a: [null] } } as { deviceId: string }],
      /no null/,
    ],
  ])(
    'are refused as a whole with %s, and the hub is not asked',
    async (_name, argument, devices, words) => {
      const { errors } = await world.gateway.execute(CreateDevicesDocument, {
        input: { devices },
      });

      expect(errors).toHaveLength(1);
      expect(errors[0]?.message).toMatch(words);
      expect(errors[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
      expect(errors[0]?.message.startsWith(argument)).toBe(true);
      expect(world.emulator.calls.count({})).toBe(0);
    },
  );
});
