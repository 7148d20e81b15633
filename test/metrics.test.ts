import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from './support/gateway.js';
import {
  DeviceDocument,
  RebootDeviceDocument,
  WatchOperationDocument,
} from './support/operations.js';
import { startPuppetDevice } from './support/puppet-device.js';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

function parseSamples(text: string): readonly Sample[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(
    ([, name = '', labels = '', value]) => ({
      name,
      labels: Object.fromEntries(
        [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, of]) => [label, of]),
      ) as Labels,
      value: Number(value),
    }),
  );
}

describe('the metrics', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  const scrape = async () =>
    parseSamples(await (await fetch(`${world.gateway.url}/metrics`)).text());

  async function read(name: string, labels: Labels): Promise<number> {
    const samples = (await scrape()).filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
    return samples.reduce((sum, { value }) => sum + value, 0);
  }

  test('tell of a reboot: its request, its fields, its calls of the hub and the journal, its moves', async () => {
    const { emulator, gateway } = world;
    await using device = await startPuppetDevice(emulator, 'counted');
    const { rebootDevice } = await gateway.data(RebootDeviceDocument, {
      input: { deviceId: 'counted' },
    });
    const id = rebootDevice?.operation.id ?? '';
    await (await device.called())(200);
    await device.report('now');
    await gateway.subscribe(WatchOperationDocument, { id }).completed;

    const counts = await Promise.all([
      read('twinql_graphql_requests_total', { type: 'mutation', outcome: 'OK' }),
      read('twinql_graphql_request_duration_seconds_count', { type: 'subscription' }),
      read('twinql_graphql_fields_total', { field: 'rebootDevice', outcome: 'OK' }),
      read('twinql_graphql_field_duration_seconds_count', {
        type: 'subscription',
        field: 'operation',
      }),
      read('twinql_hub_request_duration_seconds_count', { class: 'METHODS', outcome: 'OK' }),
      read('twinql_journal_call_duration_seconds_count', { call: 'create' }),
      ...['REQUESTED', 'SENDING', 'ACCEPTED', 'SUCCEEDED'].map((status) =>
        read('twinql_operation_moves_total', { action: 'reboot', status }),
      ),
    ]);
    expect(counts).toEqual(counts.map(() => 1));
    expect(await read('twinql_operations_under_way', {})).toBe(0);
    expect(
      await read('twinql_http_request_duration_seconds_count', {
        route: '/graphql',
        status: '200',
      }),
    ).toBe(1);
  });

  test.each([
    ['throttles', { kind: 'throttle' }, 'THROTTLED', 'HUB_THROTTLED'],
    [
      'does not let the gateway in',
      { kind: 'status', status: 401, code: 'IotHubUnauthorizedAccess' },
      'UNAUTHORIZED',
      'HUB_UNAUTHORIZED',
    ],
    [
      'refuses a request',
      { kind: 'status', status: 400, code: 'ArgumentInvalid' },
      'REFUSED',
      'BAD_USER_INPUT',
    ],
  ] as const)('tell of a hub that %s', async (_what, effect, outcome, code) => {
    const { emulator, gateway } = world;
    emulator.registerDevice('refused');
    const count = () =>
      Promise.all([
        read('twinql_hub_request_duration_seconds_count', { class: 'TWIN_READS', outcome }),
        read('twinql_graphql_fields_total', { field: 'device', outcome: code }),
        read('twinql_graphql_requests_total', { type: 'query', outcome: 'REFUSED' }),
      ]);
    const before = await count();
    emulator.faults.add({ operation: 'twin.get', times: 1, effect });
    await gateway.execute(DeviceDocument, { id: 'refused' });

    expect(await count()).toEqual(before.map((value) => value + 1));
  });

  test('name nothing that callers or devices choose', async () => {
    const { emulator, gateway } = world;
    const deviceId = 'chosen-by-a-caller';
    emulator.registerDevice(deviceId);
    await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `query ChosenName { alias: device(id: "${deviceId}") { id } }`,
        operationName: 'ChosenName',
      }),
    });
    await fetch(`${gateway.url}/chosen-path?${deviceId}`, { method: 'DELETE' });
    const text = await (await fetch(`${gateway.url}/metrics`)).text();

    expect(text).not.toMatch(/chosen|alias/i);
    expect(text).toContain(
      'twinql_http_request_duration_seconds_count{route="other",status="404"} 1',
    );
  });

  test('are named as Prometheus has it, with help and a unit', async () => {
    const text = await (await fetch(`${world.gateway.url}/metrics`)).text();
    const types = [...text.matchAll(/^# TYPE (twinql_\w+) (\w+)$/gm)].map(
      ([, name = '', type]) => ({
        name,
        type,
      }),
    );

    expect(types.length).toBeGreaterThan(15);
    for (const { name, type } of types) {
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S.*\\.$`, 'm'));
      if (type === 'counter') expect(name).toMatch(/_total$/);
      else expect(name).not.toMatch(/_total$/);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    }
  });

  test('are those that the dashboard asks for', async () => {
    const text = await (await fetch(`${world.gateway.url}/metrics`)).text();
    const known = new Set(
      [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
      ),
    );
    const dashboard = readFileSync('deploy/grafana/twinql.json', 'utf8');
    const queries = [...dashboard.matchAll(/"expr": "(.*)"/g)].map(([, query = '']) => query);
    const asked = queries.flatMap((query) => query.match(/\b(twinql|process|nodejs)_\w+/g) ?? []);

    expect(queries.length).toBeGreaterThan(15);
    for (const query of queries) expect(query).toMatch(/\b(twinql|process|nodejs)_\w+/);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
    const told = [...known].filter((name) => /^twinql_/.test(name) && !/_(sum|count)$/.test(name));
    expect(told.filter((name) => !asked.includes(name))).toEqual([]);
  });

  test('are all described in docs/observability.md', async () => {
    const text = await (await fetch(`${world.gateway.url}/metrics`)).text();
    const page = readFileSync('docs/observability.md', 'utf8');
    const described = [...page.matchAll(/^\| `(twinql_\w+)`/gm)].map(([, name]) => name);
    const told = [...text.matchAll(/^# TYPE (twinql_\w+) /gm)].map(([, name]) => name);

    expect(described.sort()).toEqual(told.sort());
  });
});
