import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StartError } from '../src/app.js';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { createIssuer } from './support/entra.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import {
  CountsOfHubsDocument,
  CreateDevicesDocument,
  DeviceDocument,
  DevicesOfHubsDocument,
  type DevicesOfHubsQuery,
  type DevicesOfHubsQueryVariables,
  HubBudgetDocument,
  HubsDocument,
  OperationsDocument,
  PathsOfHubsDocument,
  QueryOfHubsDocument,
  RebootDeviceDocument,
  UpdateTwinDocument,
  WatchDeviceDocument,
  WatchOperationDocument,
  WatchRebootDocument,
} from './support/operations.js';
import { startPuppetDevice } from './support/puppet-device.js';
import { createTemporaryFolder } from './support/temporary-folder.js';
import { startGatewayOfTwo, startTwoHubs, type TwoHubs } from './support/two-hubs.js';

type Node = DevicesOfHubsQuery['devices']['nodes'][number];

/** Every page of a list, one after the other. */
async function pagesOf(
  gateway: TestGateway,
  variables: DevicesOfHubsQueryVariables,
): Promise<readonly DevicesOfHubsQuery['devices'][]> {
  const pages: DevicesOfHubsQuery['devices'][] = [];
  let after: string | null = null;
  do {
    const { devices }: DevicesOfHubsQuery = await gateway.data(DevicesOfHubsDocument, {
      ...variables,
      after,
    });
    pages.push(devices);
    after = devices.pageInfo.endCursor;
  } while (after !== null);
  return pages;
}

function namesOf(nodes: readonly Node[]): readonly string[] {
  return nodes.map(({ hub, deviceId }) => `${hub}/${deviceId}`);
}

async function idOf(gateway: TestGateway, hub: string, deviceId: string): Promise<string> {
  const where = { hub: { eq: hub }, deviceId: { eq: deviceId } };
  const { devices } = await gateway.data(DevicesOfHubsDocument, { where });
  return devices.nodes[0]?.id ?? '';
}

describe('one gateway before two hubs', () => {
  let world: TwoHubs;

  beforeAll(async () => {
    world = await startTwoHubs();
    for (const deviceId of ['a', 'b', 'c']) {
      world.north.registerDevice(deviceId, { tags: { site: 'oslo' } });
    }
    // The same name on both is two devices.
    for (const deviceId of ['b', 'd']) {
      world.south.registerDevice(deviceId, { tags: { site: 'rome', floor: 2 } });
    }
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  const everything = ['127.0.0.1/b', '127.0.0.1/d', 'localhost/a', 'localhost/b', 'localhost/c'];
  const where = { deviceId: { in: ['a', 'b', 'c', 'd'] } };

  test.each([1, 2, 3, 4, 100])(
    'lists every device once, in pages of %i, hub after hub',
    async (first) => {
      const pages = await pagesOf(world.gateway, { first, where });

      expect(pages.flatMap(({ nodes }) => namesOf(nodes))).toEqual(everything);
      expect(pages.every(({ nodes }) => nodes.length <= first)).toBe(true);
      expect(pages.flatMap(({ unavailable }) => unavailable)).toEqual([]);
    },
  );

  test.each([1, 2, 100])('sorts over both, in pages of %i', async (first) => {
    const orderBy = { by: 'DEVICE_ID', direction: 'DESC' } as const;
    const pages = await pagesOf(world.gateway, { first, where, orderBy });

    expect(pages.flatMap(({ nodes }) => namesOf(nodes))).toEqual([
      '127.0.0.1/d',
      'localhost/c',
      '127.0.0.1/b',
      'localhost/b',
      'localhost/a',
    ]);
  });

  test.each([
    [{ hub: { eq: 'localhost' } }, ['localhost/a', 'localhost/b', 'localhost/c']],
    [{ not: { hub: { eq: 'localhost' } } }, ['127.0.0.1/b', '127.0.0.1/d']],
    [
      { hub: { in: ['localhost', '127.0.0.1'] }, deviceId: { eq: 'b' } },
      ['127.0.0.1/b', 'localhost/b'],
    ],
    [
      { or: [{ hub: { eq: '127.0.0.1' } }, { deviceId: { eq: 'a' } }] },
      ['127.0.0.1/b', '127.0.0.1/d', 'localhost/a'],
    ],
    [
      { not: { hub: { eq: '127.0.0.1' }, deviceId: { eq: 'b' } } },
      ['127.0.0.1/d', 'localhost/a', 'localhost/b', 'localhost/c'],
    ],
    [{ hub: { eq: 'elsewhere' } }, []],
  ])('chooses by hub as by anything else: %j', async (filter, names) => {
    const pages = await pagesOf(world.gateway, { where: { and: [where, filter] } });

    expect(pages.flatMap(({ nodes }) => namesOf(nodes))).toEqual(names);
  });

  test('asks no hub that a filter leaves out', async () => {
    const queries = () => world.south.calls.count({ operation: 'query' });
    const before = queries();
    await world.gateway.data(DevicesOfHubsDocument, { where: { hub: { eq: 'localhost' } } });

    expect(queries()).toBe(before);
  });

  test('counts over both', async () => {
    const { deviceCounts } = await world.gateway.data(CountsOfHubsDocument, { where });
    const byId = await world.gateway.data(CountsOfHubsDocument, {
      where,
      groupBy: { by: 'TAG', path: 'floor' },
    });

    expect(deviceCounts).toEqual({ total: 5, groups: [], unavailable: [] });
    expect(byId.deviceCounts.groups).toEqual([
      { value: null, count: 3 },
      { value: 2, count: 2 },
    ]);
  });

  test('names the properties of both', async () => {
    const { propertyPaths } = await world.gateway.data(PathsOfHubsDocument, { where });

    expect(propertyPaths).toEqual({
      sampled: 5,
      paths: [
        { path: 'site', types: ['STRING'], devices: 5 },
        { path: 'floor', types: ['NUMBER'], devices: 2 },
      ],
      unavailable: [],
    });
  });

  test('asks one hub after the other in their own language, or the one that is named', async () => {
    const sql = "SELECT deviceId FROM devices WHERE deviceId = 'b'";
    const first = await world.gateway.data(QueryOfHubsDocument, { sql });
    const after = first.query.pageInfo.endCursor;
    const second = await world.gateway.data(QueryOfHubsDocument, { sql, after });
    const named = await world.gateway.data(QueryOfHubsDocument, { sql, hub: 'localhost' });

    expect(first.query).toMatchObject({ hub: '127.0.0.1', rows: [{ deviceId: 'b' }] });
    expect(second.query).toMatchObject({ hub: 'localhost', rows: [{ deviceId: 'b' }] });
    expect(second.query.pageInfo.hasNextPage).toBe(false);
    expect(named.query.pageInfo.hasNextPage).toBe(false);
    const { errors } = await world.gateway.execute(QueryOfHubsDocument, { sql, hub: 'west' });
    expect(errors[0]).toMatchObject({
      message: 'hub: there is no such hub here; expected one of 127.0.0.1, localhost',
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test('takes no bare device id, which does not tell the hub', async () => {
    const { errors } = await world.gateway.execute(DeviceDocument, { id: 'a' });

    expect(errors[0]).toMatchObject({
      message: expect.stringMatching(/^id: expected a Device\.id: this gateway serves 2 hubs/),
      extensions: { code: 'BAD_USER_INPUT', argument: 'id' },
    });
  });

  test('creates devices in the hub that is named, and edits each where it is', async () => {
    const created = await world.gateway.data(CreateDevicesDocument, {
      input: {
        devices: [
          { hub: 'localhost', deviceId: 'new' },
          { hub: '127.0.0.1', deviceId: 'new' },
          { hub: '127.0.0.1', deviceId: 'd' },
        ],
      },
    });
    expect(created.createDevices).toMatchObject({
      succeeded: 2,
      results: [
        { hub: 'localhost', failure: null },
        { hub: '127.0.0.1', failure: null },
        { hub: '127.0.0.1', deviceId: 'd', failure: { code: 'ALREADY_EXISTS' } },
      ],
    });

    const deviceId = await idOf(world.gateway, '127.0.0.1', 'new');
    const input = { deviceId, tags: { site: 'bari' } };
    await world.gateway.data(UpdateTwinDocument, { input });
    const writes = { operation: 'twin.patch', deviceId: 'new' } as const;
    expect(world.south.calls.count(writes)).toBe(1);
    expect(world.north.calls.count(writes)).toBe(0);
  });

  test.each(['north', 'south'] as const)(
    'reboots a device of the %s, and streams how it goes',
    async (side) => {
      const { gateway } = world;
      const deviceId = `rebooter-${side}`;
      await using device = await startPuppetDevice(world[side], deviceId);
      const hub = side === 'north' ? 'localhost' : '127.0.0.1';
      const id = await idOf(gateway, hub, deviceId);
      await using states = gateway.subscribe(WatchRebootDocument, { deviceId: id });
      await using twins = gateway.subscribe(WatchDeviceDocument, { id });
      await states.waitFor(({ rebootStatus }) => rebootStatus.phase === 'IDLE');
      const called = device.called();
      const { rebootDevice } = await gateway.data(RebootDeviceDocument, {
        input: { deviceId: id },
      });
      const answer = await called;
      await device.report('2026-03-09T07:00:00Z');
      await answer(200);
      const updates = gateway.subscribe(WatchOperationDocument, {
        id: rebootDevice?.operation.id ?? '',
      });
      await updates.completed;

      expect(updates.messages.at(-1)?.operation.status).toBe('SUCCEEDED');
      await states.waitFor(({ rebootStatus }) => rebootStatus.phase === 'REBOOTED');
      await twins.waitFor(({ device: { lastReboot } }) => lastReboot !== null);
      const { operations } = await gateway.data(OperationsDocument, { where: { deviceId: id } });
      expect(operations.nodes).toHaveLength(1);
    },
  );

  test('shows both, each with a budget of its own', async () => {
    const { hubs } = await world.gateway.data(HubsDocument, {});
    const { hubBudget } = await world.gateway.data(HubBudgetDocument, {});

    const status = { authentication: 'SHARED_ACCESS_KEY', reachable: true, failure: null };
    expect(hubs).toMatchObject([
      { name: '127.0.0.1', tier: 'S3', units: 2, ...status },
      { name: 'localhost', tier: 'S3', units: 1, ...status },
    ]);
    const limits = hubBudget.filter(({ requestClass }) => requestClass === 'QUERIES');
    expect(limits.map(({ hub }) => hub)).toEqual(['127.0.0.1', 'localhost']);
    expect(limits[0]?.limit).not.toBe(limits[1]?.limit);
  });
});

test('a device keeps its id when a hub is added', async () => {
  await using folder = await createTemporaryFolder();
  await using north = await startTestEmulator();
  await using south = await startTestEmulator();
  north.registerDevice('pump');
  const alone = await startGateway(north);
  const before = await idOf(alone, 'localhost', 'pump');
  expect((await alone.data(DeviceDocument, { id: 'pump' })).device?.id).toBe(before);
  await alone[Symbol.asyncDispose]();

  await using gateway = await startGatewayOfTwo(folder.path, [north, south]);
  const { device } = await gateway.data(DeviceDocument, { id: before });
  expect(device).toMatchObject({ id: before, deviceId: 'pump' });
});

test.each([
  [{ kind: 'throttle' }, 'HUB_THROTTLED'],
  [{ kind: 'status', status: 401, code: 'IotHubUnauthorizedAccess' }, 'HUB_UNAUTHORIZED'],
] as const)('a hub that answers with %j is left out as %s', async (effect, code) => {
  const before = Date.now();
  await using world = await startTwoHubs();
  world.north.registerDevice('a');
  world.south.faults.add({ effect });
  const { devices } = await world.gateway.data(DevicesOfHubsDocument, {});
  const { hubs } = await world.gateway.data(HubsDocument, {});

  expect(namesOf(devices.nodes)).toEqual(['localhost/a']);
  expect(devices.unavailable).toMatchObject([{ hub: '127.0.0.1', code }]);
  expect(hubs).toMatchObject([
    { name: '127.0.0.1', failure: { code } },
    { name: 'localhost', failure: null },
  ]);
  const checkedAt = hubs.map((hub) => Date.parse(hub.checkedAt));
  expect(Math.min(...checkedAt)).toBeGreaterThanOrEqual(before);
});

describe('a hub that is down', () => {
  let world: TwoHubs;

  beforeAll(async () => {
    world = await startTwoHubs();
    for (const deviceId of ['a', 'b']) world.north.registerDevice(deviceId);
    for (const deviceId of ['c', 'd']) world.south.registerDevice(deviceId);
    await world.south.close();
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  const missing = [
    { hub: '127.0.0.1', code: 'HUB_UNAVAILABLE', message: expect.stringContaining('ECONNREFUSED') },
  ];

  test('is left out of lists, counts and samples, and named; the other goes on', async () => {
    const { gateway } = world;
    const orderBy = { by: 'DEVICE_ID' } as const;
    const [plain, sorted, counts, paths, query, hubs, device] = await Promise.all([
      pagesOf(gateway, { first: 1 }),
      gateway.data(DevicesOfHubsDocument, { orderBy }),
      gateway.data(CountsOfHubsDocument, {}),
      gateway.data(PathsOfHubsDocument, {}),
      gateway.data(QueryOfHubsDocument, { sql: 'SELECT * FROM devices' }),
      gateway.data(HubsDocument, {}),
      gateway.execute(DevicesOfHubsDocument, { where: { hub: { eq: '127.0.0.1' } } }),
    ]);

    expect(plain.flatMap(({ nodes }) => namesOf(nodes))).toEqual(['localhost/a', 'localhost/b']);
    expect(plain[0]?.unavailable).toEqual(missing);
    expect(namesOf(sorted.devices.nodes)).toEqual(['localhost/a', 'localhost/b']);
    expect(sorted.devices.unavailable).toEqual(missing);
    expect(counts.deviceCounts).toMatchObject({ total: 2, unavailable: missing });
    expect(paths.propertyPaths).toMatchObject({ sampled: 2, unavailable: missing });
    expect(query.query).toMatchObject({ hub: '127.0.0.1', rows: [], unavailable: missing });
    expect(query.query.pageInfo.hasNextPage).toBe(true);
    expect(hubs.hubs).toMatchObject([
      { name: '127.0.0.1', reachable: false, failure: missing[0] },
      { name: 'localhost', reachable: true, failure: null },
    ]);
    // Whoever asks for nothing else is told so.
    expect(device.errors[0]).toMatchObject({ extensions: { code: 'HUB_UNAVAILABLE' } });
  });

  test('keeps no gateway from starting as long as another is there', async () => {
    await using folder = await createTemporaryFolder();
    await using gateway = await startGatewayOfTwo(folder.path, [world.north, world.south]);
    const { devices } = await gateway.data(DevicesOfHubsDocument, {});

    expect(namesOf(devices.nodes)).toEqual(['localhost/a', 'localhost/b']);
    const alone = startGateway(world.south);
    await expect(alone).rejects.toThrow(StartError);
  });
});

describe('a hub by Microsoft Entra ID', () => {
  async function startBy(emulator: TestEmulator, issuer = createIssuer()): Promise<TestGateway> {
    const environment = {
      IOTHUB_HOSTNAME: `localhost:${emulator.httpsPort}`,
      IOTHUB_CA_FILE: emulator.caFile,
    };
    return startGateway(undefined, { environment, credential: issuer.credential });
  }

  test('is served without a key, by a token that is asked for once', async () => {
    const issuer = createIssuer();
    await using emulator = await startTestEmulator({ jwks: issuer.jwks });
    await using device = await startPuppetDevice(emulator, 'pump');
    await using gateway = await startBy(emulator, issuer);
    const called = device.called();
    const { rebootDevice } = await gateway.data(RebootDeviceDocument, {
      input: { deviceId: 'pump' },
    });
    const answer = await called;
    await device.report('2026-03-09T07:00:00Z');
    await answer(200);
    const updates = gateway.subscribe(WatchOperationDocument, {
      id: rebootDevice?.operation.id ?? '',
    });
    await updates.completed;

    expect(updates.messages.at(-1)?.operation.status).toBe('SUCCEEDED');
    expect(issuer.asked).toEqual(['https://iothubs.azure.net/.default']);
    const { hubs } = await gateway.data(HubsDocument, {});
    expect(hubs).toMatchObject([{ name: 'localhost', authentication: 'ENTRA_ID' }]);
  });

  test('is asked with a new token when the last is about to end', async () => {
    const issuer = createIssuer(60);
    await using emulator = await startTestEmulator({ jwks: issuer.jwks });
    emulator.registerDevice('pump');
    await using gateway = await startBy(emulator, issuer);
    await gateway.data(DeviceDocument, { id: 'pump' });

    expect(issuer.asked.length).toBeGreaterThan(1);
  });

  test('that believes another issuer keeps the gateway from starting, with what to do', async () => {
    await using emulator = await startTestEmulator({ jwks: createIssuer().jwks });

    await expect(startBy(emulator)).rejects.toThrow(
      /^IOTHUB_HOSTNAME: IoT Hub answered 401.*give it the role IoT Hub Data Contributor/,
    );
  });

  test('that no token is to be had for is said in the words of the credential', async () => {
    const issuer = createIssuer(60, new Error('no identity here\nand here is why'));
    await using emulator = await startTestEmulator({ jwks: issuer.jwks });

    await expect(startBy(emulator, issuer)).rejects.toThrow(
      /^IOTHUB_HOSTNAME: Microsoft Entra ID gave no token: no identity here; and here is why; sign in/,
    );
  });
});
