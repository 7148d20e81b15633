import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../src/services/clock.js';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { type GatewayOptions, startGateway, type TestGateway } from './support/gateway.js';
import { createManualClock } from './support/manual-clock.js';
import {
  DeviceDocument,
  RebootDeviceDocument,
  UpdateTwinDocument,
  WatchOperationDocument,
} from './support/operations.js';

interface Answer {
  readonly data: Record<string, { deviceId: string; version: number; source: string } | null>;
  readonly errors?: readonly { extensions: { code: string } }[];
  readonly extensions: { readonly hubCost: Record<string, number> };
}

describe('many devices at once, to whom seconds do not matter', () => {
  let emulator: TestEmulator;
  let gateway: TestGateway;
  /** How far the gateway's clock is ahead (ms). */
  let ahead = 0;

  async function start(hub: Parameters<typeof startTestEmulator>[0], options: GatewayOptions = {}) {
    emulator = await startTestEmulator(hub);
    const clock = { ...systemClock, now: () => systemClock.now() + ahead };
    const limits = { aliases: 1_000, rootFields: 1_000 };
    gateway = await startGateway(emulator, { clock, limits, ...options });
    emulator.calls.clear();
  }

  beforeEach(() => {
    ahead = 0;
  });

  afterEach(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
  });

  function register(name: string, count: number): readonly string[] {
    const ids = Array.from({ length: count }, (_, index) => `${name}-${index}`);
    for (const id of ids) emulator.registerDevice(id);
    return ids;
  }

  async function post<Data>(query: string): Promise<Data> {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as Data;
  }

  const askFor = (ids: readonly string[], consistency = 'FAST') =>
    post<Answer>(
      `{ ${ids.map((id, index) => `d${index}: device(id: "${id}", consistency: ${consistency}) { deviceId version source }`).join(' ')} }`,
    );

  /** How many requests the hub has had, by what they were. */
  function requests(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { operation } of emulator.calls.list({})) {
      counts[operation] = (counts[operation] ?? 0) + 1;
    }
    return counts;
  }

  test('cost one query together, and that is told', async () => {
    await start({});
    const ids = register('pump', 100);
    const { data, extensions } = await askFor(ids);

    expect(Object.values(data).map((device) => device?.deviceId)).toEqual(ids);
    expect(new Set(Object.values(data).map((device) => device?.source))).toEqual(
      new Set(['QUERY']),
    );
    expect(requests()).toEqual({ query: 1 });
    expect(extensions.hubCost).toEqual({ QUERIES: 1 });
  });

  test('cost nothing when they were seen seconds ago, and one query again after that', async () => {
    await start({});
    const ids = register('pump', 20);
    await askFor(ids);
    const { data, extensions } = await askFor(ids);
    ahead = 11_000;
    await askFor(ids);

    expect(data['d0']?.source).toBe('QUERY');
    expect(extensions.hubCost).toEqual({});
    expect(requests()).toEqual({ query: 2 });
  });

  test('are asked for by page, and by what a query has room for', async () => {
    await start({});
    const ids = [...register('pump', 110), ...register('x'.repeat(125), 100)];
    const { data } = await askFor(ids);

    expect(Object.values(data).every((device) => device?.source === 'QUERY')).toBe(true);
    // A hundred of the short ids; ten with as many long ones as fit; what is left.
    expect(requests()).toEqual({ query: 3 });
  });

  test('are read one by one where they are few', async () => {
    await start({});
    const { data, extensions } = await askFor(register('pump', 9));

    expect(data['d8']?.source).toBe('POINT_READ');
    expect(requests()).toEqual({ 'twin.get': 9 });
    expect(extensions.hubCost).toEqual({ TWIN_READS: 9 });
  });

  test('are read one by one for FRESH, however many', async () => {
    await start({});
    const { data, extensions } = await askFor(register('pump', 30), 'FRESH');

    expect(data['d29']?.source).toBe('POINT_READ');
    expect(requests()).toEqual({ 'twin.get': 30 });
    expect(extensions.hubCost).toEqual({ TWIN_READS: 30 });
  });

  test('cost one query as the devices of operations, each asked for once', async () => {
    await start({});
    const ids = register('pump', 12);
    const operationIds = await Promise.all(
      [...ids, ...ids].map(async (deviceId) => {
        const input = { deviceId };
        const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input });
        return rebootDevice?.operation.id ?? '';
      }),
    );
    for (const id of operationIds) {
      await using updates = gateway.subscribe(WatchOperationDocument, { id });
      await updates.completed;
    }
    // The index lags by less; a point read that is younger than that is not given up for it.
    ahead = 130_000;
    emulator.calls.clear();
    const { data, extensions } = await post<{
      data: { operations: { nodes: { device: { tags: object; source: string } }[] } };
      extensions: { hubCost: Record<string, number> };
    }>('{ operations(first: 100) { nodes { device { tags source } } } }');

    expect(data.operations.nodes.length).toBeGreaterThanOrEqual(12);
    expect(new Set(data.operations.nodes.map(({ device }) => device.source))).toEqual(
      new Set(['QUERY']),
    );
    expect(requests()).toEqual({ query: 1 });
    expect(extensions.hubCost).toEqual({ QUERIES: 1 });
  });

  test('share a query with those who ask while it is under way', async () => {
    await start({});
    const ids = register('pump', 20);
    emulator.faults.add({ operation: 'query', effect: { kind: 'delay', ms: 500 } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => askFor(ids)));

    expect(answers.every(({ data }) => data['d19']?.deviceId === ids[19])).toBe(true);
    expect(requests()).toEqual({ query: 1 });
    const costs = answers.map(({ extensions }) => extensions.hubCost['QUERIES'] ?? 0);
    expect(costs.reduce((sum, cost) => sum + cost)).toBe(1);
  });

  test('are read by point where the index does not know them yet, and null where the hub does not', async () => {
    const clock = createManualClock(new Date());
    await start({ clock, queryStalenessSeconds: 60 });
    const old = register('old', 10);
    clock.advance(120_000);
    const young = register('young', 2);
    const { data, extensions } = await askFor([...old, ...young, 'nobody']);

    expect(Object.values(data).map((device) => device?.source)).toEqual([
      ...old.map(() => 'QUERY'),
      ...young.map(() => 'POINT_READ'),
      undefined,
    ]);
    expect(requests()).toEqual({ query: 1, 'twin.get': 3 });
    expect(extensions.hubCost).toEqual({ QUERIES: 1, TWIN_READS: 3 });
  });

  test('are never shown older than before, though the index lags', async () => {
    const clock = createManualClock(new Date());
    await start({ clock, queryStalenessSeconds: 60 });
    const ids = register('pump', 10);
    clock.advance(120_000);
    const [id = ''] = ids;
    await gateway.data(UpdateTwinDocument, { input: { deviceId: id, tags: { site: 'oslo' } } });
    const { device } = await gateway.data(DeviceDocument, { id });
    ahead = 11_000;
    emulator.calls.clear();
    const { data } = await askFor(ids);

    expect(requests()).toEqual({ query: 1 });
    expect(data['d0']).toEqual({ deviceId: id, version: device?.version, source: 'POINT_READ' });
    expect(data['d1']).toMatchObject({ version: 2, source: 'QUERY' });
  });

  test('leave lists half of the queries, and are read by point beyond that', async () => {
    await start({}, { environment: { HUB_TIER: 'S1', HUB_SHARE: '0.8' } });
    // One of sixteen in a minute was used to see whether the hub is there.
    for (let batch = 0; batch < 9; batch += 1) {
      const { data } = await askFor(register(`batch-${batch}`, 10));
      expect(data['d9']?.source).toBe(batch < 7 ? 'QUERY' : 'POINT_READ');
    }

    expect(requests()).toEqual({ query: 7, 'twin.get': 20 });
  });

  test('are read by point where the hub refuses the query, for it is too busy', async () => {
    await start({});
    emulator.faults.add({ operation: 'query', times: 1, effect: { kind: 'throttle' } });
    const { data, errors } = await askFor(register('pump', 10));

    expect(errors).toBeUndefined();
    expect(data['d9']?.source).toBe('POINT_READ');
    expect(requests()).toEqual({ query: 1, 'twin.get': 10 });
  });

  test('are not read one by one where the hub lets nobody in', async () => {
    await start({});
    const effect = { kind: 'status', status: 401, code: 'IotHubUnauthorizedAccess' } as const;
    emulator.faults.add({ operation: 'query', effect });
    const { errors } = await askFor(register('pump', 10));

    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(
      Array.from({ length: 10 }, () => 'HUB_UNAUTHORIZED'),
    );
    expect(requests()['twin.get']).toBeUndefined();
  });
});
