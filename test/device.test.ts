import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectDevice, type TestDevice } from './emulator/support/device.js';
import { createServiceSdk } from './emulator/support/service.js';
import { startWorld, type World } from './support/gateway.js';
import {
  DeviceDocument,
  type DeviceFilter,
  DeviceHistoryDocument,
  type DeviceHistoryQueryVariables,
  DevicesDocument,
  OperationHistoryDocument,
  RebootDeviceDocument,
  ReportedPropertiesDocument,
  WatchDeviceDocument,
  WatchOperationDocument,
  WatchRebootDocument,
} from './support/operations.js';
import { report } from './support/puppet-device.js';

describe('devices', () => {
  let world: World;
  let pump: TestDevice;

  beforeAll(async () => {
    world = await startWorld();
    const { emulator } = world;
    pump = await connectDevice(
      emulator,
      emulator.registerDevice('pump-1', { tags: { site: 'münchen', ring: 1, group: "o'neil" } }),
    );
    emulator.registerDevice('pump-2', { tags: { site: 'münchen', ring: 2 } });
    emulator.registerDevice('fan-1', { tags: { site: 'oslo', ring: 3 }, status: 'disabled' });
    await report(pump, {
      firmware: { version: '1.2.0' },
      temperature: 21.5,
      active: true,
      'fan-speed': 3,
      iothubDM: { reboot: { lastReboot: '2026-01-01T00:00:00Z' } },
    });
  });

  beforeEach(() => world.emulator.faults.clear());

  afterAll(async () => {
    await pump[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  async function idsOf(where: DeviceFilter): Promise<readonly string[]> {
    const { devices } = await world.gateway.data(DevicesDocument, { where });
    return devices.nodes.map(({ deviceId }) => deviceId).sort();
  }

  test('shows a device with its source and age, and no $-keys', async () => {
    const before = Date.now();
    const { device } = await world.gateway.data(DeviceDocument, { id: 'pump-1' });

    expect(device).toMatchObject({
      deviceId: 'pump-1',
      hub: 'localhost',
      status: 'ENABLED',
      source: 'POINT_READ',
      connectivity: { verdict: 'ONLINE', connectionState: 'CONNECTED' },
      tags: { site: 'münchen', ring: 1 },
      desired: {},
      reported: { firmware: { version: '1.2.0' }, temperature: 21.5 },
      lastReboot: { reported: '2026-01-01T00:00:00Z', path: 'iothubDM.reboot.lastReboot' },
      operation: null,
    });
    expect(JSON.stringify(device)).not.toContain('"$');
    expect(Date.parse(device?.observedAt ?? '')).toBeGreaterThanOrEqual(before);
  });

  test('takes the opaque id of a device wherever its bare id is taken', async () => {
    const { device } = await world.gateway.data(DeviceDocument, { id: 'pump-2' });
    const { device: same } = await world.gateway.data(DeviceDocument, { id: device?.id ?? '' });

    expect(same).toMatchObject({ id: device?.id, deviceId: 'pump-2' });
  });

  test('gives null for a device that the hub does not know', async () => {
    expect(await world.gateway.data(DeviceDocument, { id: 'nobody' })).toEqual({ device: null });
  });

  test('reads the hub for FRESH and spares it for FAST', async () => {
    const { emulator, gateway } = world;
    const reads = () => emulator.calls.count({ operation: 'twin.get', deviceId: 'pump-2' });
    await gateway.data(DeviceDocument, { id: 'pump-2' });
    const before = reads();

    await gateway.data(DeviceDocument, { id: 'pump-2', consistency: 'FAST' });
    const fast = reads();
    await gateway.data(DeviceDocument, { id: 'pump-2', consistency: 'FRESH' });

    expect([fast - before, reads() - fast]).toEqual([0, 1]);
  });

  test('gives reported properties by path, with the hub’s time of their last change', async () => {
    const paths = ['firmware.version', 'firmware', 'nothing.here', 'fan-speed'];
    const { device } = await world.gateway.data(ReportedPropertiesDocument, {
      id: 'pump-1',
      paths,
    });

    const lastUpdatedAt = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(device?.reportedProperties).toEqual([
      { path: 'firmware.version', value: '1.2.0', lastUpdatedAt },
      { path: 'firmware', value: { version: '1.2.0' }, lastUpdatedAt },
      { path: 'nothing.here', value: null, lastUpdatedAt: null },
      { path: 'fan-speed', value: 3, lastUpdatedAt },
    ]);
  });

  test.each<[string, DeviceFilter, string[]]>([
    ['a tag', { tags: [{ path: 'site', eq: 'münchen' }] }, ['pump-1', 'pump-2']],
    ['a tag with a quote', { tags: [{ path: 'group', eq: "o'neil" }] }, ['pump-1']],
    [
      'a tag whose name is a word of the query language',
      { tags: [{ path: 'group', exists: false }] },
      ['fan-1', 'pump-2'],
    ],
    [
      'two conditions at once',
      {
        tags: [
          { path: 'site', eq: 'münchen' },
          { path: 'ring', gt: 1 },
        ],
      },
      ['pump-2'],
    ],
    ['a range', { tags: [{ path: 'ring', gte: 2, lte: 3 }] }, ['fan-1', 'pump-2']],
    ['one of several', { tags: [{ path: 'ring', in: [1, 3] }] }, ['fan-1', 'pump-1']],
    ['none of several', { tags: [{ path: 'ring', nin: [1, 3] }] }, ['pump-2']],
    [
      'another value or none',
      { reported: [{ path: 'temperature', ne: 20 }] },
      ['fan-1', 'pump-1', 'pump-2'],
    ],
    ['not this value', { reported: [{ path: 'temperature', ne: 21.5 }] }, ['fan-1', 'pump-2']],
    [
      'a nested reported property',
      { reported: [{ path: 'firmware.version', eq: '1.2.0' }] },
      ['pump-1'],
    ],
    ['a name with a dash', { reported: [{ path: 'fan-speed', lt: 4 }] }, ['pump-1']],
    ['a boolean', { reported: [{ path: 'active', eq: true }] }, ['pump-1']],
    ['status', { status: 'DISABLED' }, ['fan-1']],
    ['connection state', { connectionState: 'CONNECTED' }, ['pump-1']],
    ['an id', { deviceId: { eq: 'fan-1' } }, ['fan-1']],
    ['the start of an id', { deviceId: { startsWith: 'pump' } }, ['pump-1', 'pump-2']],
    ['one of several ids', { deviceId: { in: ['fan-1', 'pump-2'] } }, ['fan-1', 'pump-2']],
    ['a reboot since', { lastReboot: { gte: '2020-01-01T00:00:00Z' } }, ['pump-1']],
    ['a reboot before', { lastReboot: { lt: '2020-01-01T00:00:00Z' } }, []],
    ['no reboot at all', { lastReboot: { exists: false } }, ['fan-1', 'pump-2']],
    ['nothing in particular', {}, ['fan-1', 'pump-1', 'pump-2']],
    [
      'nulls, which are no conditions',
      { tags: null, status: null, deviceId: { eq: null } },
      ['fan-1', 'pump-1', 'pump-2'],
    ],
  ])('are found by %s', async (_name, where, expected) => {
    expect(await idsOf(where)).toEqual(expected);
  });

  test('come page by page, forwards, each once', async () => {
    const { gateway } = world;
    const first = await gateway.data(DevicesDocument, { first: 2 });
    const { endCursor, hasNextPage } = first.devices.pageInfo;
    const second = await gateway.data(DevicesDocument, { first: 2, after: endCursor ?? null });

    const ids = [...first.devices.nodes, ...second.devices.nodes].map(({ deviceId }) => deviceId);
    expect(hasNextPage).toBe(true);
    expect(ids.sort()).toEqual(['fan-1', 'pump-1', 'pump-2']);
    expect(second.devices.pageInfo).toEqual({ hasNextPage: false, endCursor: null });
    expect(first.devices.nodes[0]?.source).toMatch(/^(QUERY|POINT_READ)$/);
  });

  test('say when a cursor belongs to another filter, is too old, or is none', async () => {
    const { gateway, emulator } = world;
    const { devices } = await gateway.data(DevicesDocument, { first: 1 });
    const after = devices.pageInfo.endCursor ?? null;
    const code = async (variables: { where?: DeviceFilter; after: string | null }) => {
      const { errors } = await gateway.execute(DevicesDocument, { first: 1, ...variables });
      return errors[0]?.extensions?.['code'];
    };

    expect(await code({ after, where: { status: 'ENABLED' } })).toBe('CURSOR_FILTER_MISMATCH');
    expect(await code({ after: 'bogus' })).toBe('BAD_USER_INPUT');
    const position = JSON.parse(Buffer.from(after ?? '', 'base64url').toString());
    const forged = { ...position, c: 'split\r\nheader: x' };
    const cursor = Buffer.from(JSON.stringify(forged)).toString('base64url');
    expect(await code({ after: cursor })).toBe('BAD_USER_INPUT');
    emulator.faults.add({
      operation: 'query',
      times: 1,
      effect: { kind: 'status', status: 400, code: 'ArgumentInvalid' },
    });
    expect(await code({ after })).toBe('CURSOR_EXPIRED');
  });

  test.each<[string, DeviceFilter, RegExp]>([
    ['a null', { tags: [{ path: 'a', eq: null }] }, /where\.tags\[0\]\.eq: .*null.*exists: false/],
    [
      'an object',
      {
        reported: [
          { path: 'a', eq: 1 },
          { path: 'b', gt: {} },
        ],
      },
      /where\.reported\[1\]\.gt: .*object/,
    ],
    ['a list', { desired: [{ path: 'a', in: [[1]] }] }, /where\.desired\[0\]\.in\[0\]: .*list/],
    ['no values', { tags: [{ path: 'a', in: [] }] }, /where\.tags\[0\]\.in: .*at least one/],
    ['no condition', { tags: [{ path: 'a' }] }, /where\.tags\[0\]: .*condition/],
    ['an empty path', { tags: [{ path: '', eq: 1 }] }, /where\.tags\[0\]\.path.*property path/s],
    [
      'a path with a $',
      { tags: [{ path: '$version', eq: 1 }] },
      /where\.tags\[0\]\.path.*property path/s,
    ],
    ['a path out of its brackets', { tags: [{ path: "a]] = 1 OR 'x", eq: 1 }] }, /property path/],
    [
      'too many values',
      { tags: [{ path: 'a', in: Array.from({ length: 3000 }, (_, i) => i) }] },
      /where\.tags\[0\]\.in: 3000 values; expected at most 500/,
    ],
    [
      'too long a text',
      { status: 'ENABLED', or: [{ tags: [{ path: 'a', eq: 'x'.repeat(8192) }] }] },
      /where\.or\[0\]\.tags\[0\]: the filter is too long .*: 82\d\d characters, expected at most 8192/,
    ],
  ])('are refused a filter with %s, and the hub is not asked', async (_name, where, message) => {
    const { gateway, emulator } = world;
    const before = emulator.calls.count({});
    const { errors } = await gateway.execute(DevicesDocument, { where });

    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(message);
    expect(errors[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
    expect(emulator.calls.count({})).toBe(before);
  });

  test.each([
    ['id', { id: 'no spaces' }],
    ['id', { id: '' }],
    ['id', { id: '..' }],
    ['id', { id: '~bm9wZQ' }],
    ['id', { id: 'x'.repeat(129) }],
  ])('are refused by a malformed %s, and the hub is not asked', async (argument, variables) => {
    const { gateway, emulator } = world;
    const before = emulator.calls.count({});
    const { errors } = await gateway.execute(DeviceDocument, variables);

    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(errors[0]?.message).toMatch(/^id: expected a Device.id/);
    expect(emulator.calls.count({})).toBe(before);
  });

  test('are refused when too many of their properties are asked for', async () => {
    const paths = Array.from({ length: 101 }, (_, index) => `p${index}`);
    const { errors } = await world.gateway.execute(ReportedPropertiesDocument, {
      id: 'pump-1',
      paths,
    });
    expect(errors).toMatchObject([
      { message: 'paths: 101; expected at most 100', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  test('are refused in pages of no size', async () => {
    for (const first of [0, -1, 101]) {
      const { errors } = await world.gateway.execute(DevicesDocument, { first });
      expect(errors[0]?.message).toBe(`first: ${first}; expected 1 to 100`);
    }
  });

  test('have a history: the operations on them, newest first, for which no hub is asked', async () => {
    const { gateway, emulator } = world;
    const rebootOf = async (deviceId: string) => {
      const input = { deviceId };
      const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input });
      const id = rebootDevice?.operation.id ?? '';
      await using updates = gateway.subscribe(WatchOperationDocument, { id });
      await updates.completed;
      return id;
    };
    // Nobody is there, so each ends at once.
    const older = await rebootOf('pump-2');
    const newer = await rebootOf('pump-2');
    const other = await rebootOf('fan-1');
    const history = async (variables: Omit<DeviceHistoryQueryVariables, 'id'> = {}) => {
      const { device } = await gateway.data(DeviceHistoryDocument, { id: 'pump-2', ...variables });
      if (!device) throw new TypeError('no device');
      return device.operations;
    };
    const idsIn = ({ nodes }: Awaited<ReturnType<typeof history>>) => nodes.map(({ id }) => id);

    const whole = await history();
    expect(idsIn(whole)).toEqual([newer, older]);
    expect(whole).toMatchObject({
      nodes: [{ status: 'FAILED', failure: { code: 'DEVICE_OFFLINE' } }, { action: 'reboot' }],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
    const first = await history({ first: 1 });
    expect(idsIn(first)).toEqual([newer]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(idsIn(await history({ first: 1, after: first.pageInfo.endCursor ?? null }))).toEqual([
      older,
    ]);
    expect(idsIn(await history({ where: { status: ['SUCCEEDED'] } }))).toEqual([]);
    expect(idsIn(await history({ where: { action: 'reboot', status: ['FAILED'] } }))).toEqual([
      newer,
      older,
    ]);
    const calls = emulator.calls.count({});
    const { operation } = await gateway.data(OperationHistoryDocument, { id: other });
    expect(operation?.device).toEqual({
      deviceId: 'fan-1',
      operations: { nodes: [{ id: other }] },
    });
    expect(emulator.calls.count({})).toBe(calls);
  });

  test('refuse a page of no size, and another device, in their history', async () => {
    const refusal = async (variables: Omit<DeviceHistoryQueryVariables, 'id'>) => {
      const id = 'pump-2';
      const { errors } = await world.gateway.execute(DeviceHistoryDocument, { id, ...variables });
      return errors.map(({ message }) => message);
    };

    expect(await refusal({ first: 101 })).toEqual(['first: 101; expected 1 to 100']);
    expect(await refusal({ where: { deviceId: 'fan-1' } })).toEqual([
      'where.deviceId: these are the operations of one device; leave it out',
    ]);
    expect(await refusal({ after: 'bogus' })).toEqual([
      'after: expected a cursor from pageInfo.endCursor',
    ]);
  });

  test('are watched: the state now, then each change, in the order of versions', async () => {
    await using updates = world.gateway.subscribe(WatchDeviceDocument, { id: 'pump-1' });
    await updates.waitFor(({ device }) => device.deviceId === 'pump-1');
    await report(pump, { counter: 42 });
    await updates.waitFor(({ device }) => (device.reported as { counter?: number }).counter === 42);

    const versions = updates.messages.map(({ device }) => device.version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  });

  test('are no longer read when the last watcher has left', async () => {
    const { gateway, emulator } = world;
    const reads = (deviceId: string) => emulator.calls.count({ operation: 'twin.get', deviceId });
    const updates = gateway.subscribe(WatchDeviceDocument, { id: 'fan-1' });
    await updates.waitFor(({ device }) => device.deviceId === 'fan-1');
    await using other = gateway.subscribe(WatchDeviceDocument, { id: 'pump-2' });
    await other.waitFor(({ device }) => device.deviceId === 'pump-2');

    await updates[Symbol.asyncDispose]();
    // Of the two at the same pace, the one that is still watched tells the time.
    const tick = async () => {
      const seen = reads('pump-2');
      await vi.waitUntil(() => reads('pump-2') >= seen + 2, { timeout: 10_000 });
    };
    await tick();
    const left = reads('fan-1');
    await tick();

    expect(reads('fan-1')).toBe(left);
  });

  test('end their streams with the reason when they are deleted', async () => {
    const { gateway, emulator } = world;
    const id = 'short-lived';
    emulator.registerDevice(id);
    await using updates = gateway.subscribe(WatchDeviceDocument, { id });
    await using status = gateway.subscribe(WatchRebootDocument, { deviceId: id });
    await updates.waitFor(({ device }) => device.deviceId === id);
    await status.waitFor(({ rebootStatus }) => rebootStatus.phase === 'IDLE');

    await createServiceSdk(emulator).registry.delete(id);

    for (const stream of [updates, status]) {
      await expect(stream.completed).rejects.toMatchObject([
        { message: `device '${id}' was deleted`, extensions: { code: 'DEVICE_NOT_FOUND' } },
      ]);
    }
  });

  test('keep their streams while the hub is away', async () => {
    const { gateway, emulator } = world;
    emulator.faults.add({
      operation: 'twin.get',
      deviceId: 'fan-1',
      times: 2,
      effect: { kind: 'throttle' },
    });
    await using updates = gateway.subscribe(WatchDeviceDocument, { id: 'fan-1' });

    await updates.waitFor(({ device }) => device.deviceId === 'fan-1');
  });

  test('end their stream with the reason when they were never there', async () => {
    const { gateway } = world;
    await using none = gateway.subscribe(WatchDeviceDocument, { id: 'nobody' });

    await expect(none.completed).rejects.toMatchObject([
      { message: "device 'nobody' does not exist", extensions: { code: 'DEVICE_NOT_FOUND' } },
    ]);
  });

  test('tell what the hub does not give, by code', async () => {
    const { gateway, emulator } = world;
    emulator.faults.add({ operation: 'query', effect: { kind: 'throttle' } });
    const { errors, data } = await gateway.execute(DevicesDocument, {});

    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'HUB_THROTTLED' } }]);
  });
});
