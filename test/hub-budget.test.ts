import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { DeviceDocument, HubBudgetDocument, WatchDeviceDocument } from './support/operations.js';

describe('the budget of the hub', () => {
  let emulator: TestEmulator;
  let gateway: TestGateway;

  beforeAll(async () => {
    emulator = await startTestEmulator({ size: { tier: 'S1', units: 1 } });
    gateway = await startGateway(emulator, { environment: { HUB_TIER: 'S1', HUB_SHARE: '0.8' } });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
  });

  test('is shown, class by class', async () => {
    const { hubBudget } = await gateway.data(HubBudgetDocument, {});

    expect(hubBudget).toHaveLength(7);
    expect(hubBudget.find(({ requestClass }) => requestClass === 'QUERIES')).toEqual({
      hub: 'localhost',
      requestClass: 'QUERIES',
      intervalSeconds: 60,
      limit: 16,
      allowed: 16,
      used: 1,
      waiting: 0,
      throttled: 0,
    });
  });

  test('is told to Prometheus, with what else the gateway does', async () => {
    emulator.registerDevice('measured');
    await using watch = gateway.subscribe(WatchDeviceDocument, { id: 'measured' });
    await watch.waitFor(() => true);
    const { headers, text } = await fetch(`${gateway.url}/metrics`).then(async (response) => ({
      headers: response.headers,
      text: await response.text(),
    }));

    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const lines = text.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'twinql_hub_budget_limit{hub="localhost",class="TWIN_READS"} 80',
        'twinql_hub_budget_limit{hub="localhost",class="QUERIES"} 16',
        'twinql_hub_budget_interval_seconds{hub="localhost",class="QUERIES"} 60',
        'twinql_hub_throttled_total{hub="localhost",class="TWIN_READS"} 0',
        'twinql_watched_devices 1',
        'twinql_cohorts 1',
        'twinql_subscribers 1',
        'twinql_web_sockets 1',
        'twinql_event_streams 0',
      ]),
    );
    expect(text).toContain('process_cpu_seconds_total');
  });

  test('is told of in the answer that used it', async () => {
    emulator.registerDevice('costly');
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query:
          '{ a: device(id: "costly") { id } devices(first: 1) { nodes { id } } operations { nodes { id } } }',
      }),
    });

    expect(await response.json()).toMatchObject({
      extensions: { hubCost: { TWIN_READS: 1, QUERIES: 1 } },
    });
  });

  test('is spared by those who ask for the same device at once', async () => {
    const deviceId = 'wanted';
    emulator.registerDevice(deviceId);
    // Long enough for all of them to have asked before the first is answered.
    const effect = { kind: 'delay', ms: 500 } as const;
    emulator.faults.add({ operation: 'twin.get', deviceId, effect });
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => gateway.data(DeviceDocument, { id: deviceId })),
    );

    expect(answers.every(({ device }) => device?.deviceId === deviceId)).toBe(true);
    expect(emulator.calls.count({ operation: 'twin.get', deviceId })).toBeLessThanOrEqual(2);
  });

  test('is never overdrawn by polling, and every watched device is read as often as another', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `watched-${index}`);
    for (const id of ids) emulator.registerDevice(id);
    const watches = ids.map((id) => gateway.subscribe(WatchDeviceDocument, { id }));
    // Each wants five reads a second; together they may have 80.
    await Promise.all(watches.map((watch) => watch.waitFor(() => true)));
    const reads = (deviceId: string) => emulator.calls.count({ operation: 'twin.get', deviceId });
    const before = new Map(ids.map((id) => [id, reads(id)]));
    const since = (id: string) => reads(id) - (before.get(id) ?? 0);
    await vi.waitUntil(() => ids.every((id) => since(id) >= 2), { timeout: 20_000, interval: 50 });

    const counts = ids.map(since);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    const refused = emulator.calls
      .list({ operation: 'twin.get' })
      .filter(({ status }) => status === 429);
    expect(refused).toEqual([]);
    // All that is permitted is used while more is wanted.
    await vi.waitFor(
      async () => {
        const { hubBudget } = await gateway.data(HubBudgetDocument, {});
        const line = hubBudget.find(({ requestClass }) => requestClass === 'TWIN_READS');
        expect(line).toMatchObject({ limit: 80, throttled: 0 });
        expect(line?.used).toBeGreaterThanOrEqual(72);
      },
      { timeout: 20_000, interval: 100 },
    );
    await Promise.all(watches.map((watch) => watch[Symbol.asyncDispose]()));
  });
});
