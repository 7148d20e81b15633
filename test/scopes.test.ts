import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Caller, checkScope, type Permission, permissions } from '../src/services/access.js';
import type { DeviceFilter } from '../src/services/query/device-filter.js';
import { send } from './emulator/support/https.js';
import type { TestGateway } from './support/gateway.js';
import {
  CreateDeviceDocument,
  CreateDevicesDocument,
  DeleteDeviceDocument,
  DeviceCountsDocument,
  DeviceDocument,
  DeviceKeysDocument,
  EnableDevicesDocument,
  FindDevicesDocument,
  InvokeMethodDocument,
  OperationsDocument,
  PropertyPathsDocument,
  RebootDeviceDocument,
  RotateKeysDocument,
  UpdateTwinDocument,
  WatchDeviceDocument,
  WatchOperationDocument,
  WatchOperationEventsDocument,
  WatchRebootDocument,
} from './support/operations.js';
import { startPuppetDevice } from './support/puppet-device.js';
import { devicesOf, operatorOf, startTenants, type Tenants } from './support/tenants.js';

const acme = operatorOf('acme');
const umbrella = operatorOf('umbrella');
const both: Caller = { id: 'both', grants: [...acme.grants, ...umbrella.grants] };
const everybody: Caller = {
  id: 'everybody',
  grants: [...acme.grants, { permissions: new Set(permissions) }],
};

/** What each permission is limited to; those that are left out are not given. */
function callerWith(scopes: Partial<Record<Permission, DeviceFilter | 'ALL'>>): Caller {
  const grants = Object.entries(scopes).map(([permission, scope]) => ({
    permissions: new Set([permission as Permission]),
    ...(scope !== 'ALL' && { scope }),
  }));
  return { id: 'somebody', grants };
}

describe('a grant that is limited to some devices', () => {
  let tenants: Tenants;
  let ids = 0;

  beforeAll(async () => {
    tenants = await startTenants();
    for (let index = 10; index < 40; index += 1) {
      const tenant = ['acme', 'umbrella', 'acme'][index % 3] as string;
      const tags = { tenant, site: index % 2 ? 'muc' : 'ber', [`${tenant}Only`]: 1 };
      tenants.emulator.registerDevice(`fleet-${index}`, { tags });
    }
  });

  beforeEach(() => tenants.pass(120_000));

  afterAll(() => tenants[Symbol.asyncDispose]());

  function newDevice(tenant: string): string {
    ids += 1;
    const deviceId = `device-${ids}`;
    tenants.emulator.registerDevice(deviceId, { tags: { tenant } });
    return deviceId;
  }

  /** At the hub, past the gateway. */
  async function move(deviceId: string, tenant: string): Promise<void> {
    await send(tenants.emulator, `PATCH /twins/${deviceId}`, { body: { tags: { tenant } } });
  }

  async function startReboot(gateway: TestGateway, deviceId: string): Promise<string> {
    const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input: { deviceId } });
    return `${rebootDevice?.operation.id}`;
  }

  describe('narrows lists', () => {
    const where = { deviceId: { startsWith: 'fleet-' } };

    async function pagesOf(gateway: TestGateway, first: number, orderBy?: object) {
      const pages: string[][] = [];
      let after: string | null = null;
      do {
        const { devices }: Awaited<ReturnType<typeof pageOf>> = await pageOf(after);
        pages.push(devices.nodes.map(({ deviceId }) => deviceId));
        after = devices.pageInfo.endCursor ?? null;
      } while (after !== null);
      return pages;

      function pageOf(cursor: string | null) {
        const order = orderBy && { orderBy: orderBy as never };
        return gateway.data(FindDevicesDocument, { where, first, after: cursor, ...order });
      }
    }

    test.each([
      ['of one tenant', acme, 20],
      ['of the other', umbrella, 10],
      ['of two, by two grants', both, 30],
      ['of all, as soon as one grant has no scope', everybody, 30],
    ])('%s: pages are full, counts are exact', async (_name, caller, total) => {
      const gateway = tenants.as(caller);

      for (const orderBy of [undefined, { by: 'DEVICE_ID', direction: 'DESC' }]) {
        const pages = await pagesOf(gateway, 7, orderBy);
        expect(pages.slice(0, -1).every((page) => page.length === 7)).toBe(true);
        expect(new Set(pages.flat()).size).toBe(total);
      }
      const { deviceCounts } = await gateway.data(DeviceCountsDocument, {
        where,
        groupBy: { by: 'TAG', path: 'site' },
      });
      expect(deviceCounts).toMatchObject({
        total,
        groups: [{ count: total / 2 }, { count: total / 2 }],
      });
    });

    test('also where conditions negate, and names only properties of their own', async () => {
      const gateway = tenants.as(acme);
      const not = { not: { tags: [{ path: 'site', eq: 'muc' }] } };
      const { deviceCounts } = await gateway.data(DeviceCountsDocument, {
        where: { and: [where, not] },
      });
      const { propertyPaths } = await gateway.data(PropertyPathsDocument, { where });

      expect(deviceCounts.total).toBe(10);
      expect(propertyPaths.sampled).toBe(20);
      expect(propertyPaths.paths.map(({ path }) => path).sort()).toEqual([
        'acmeOnly',
        'site',
        'tenant',
      ]);
    });

    test('even by rows that are no longer true', async () => {
      const deviceId = newDevice('acme');
      const list = () =>
        tenants.as(acme).data(FindDevicesDocument, { where: { deviceId: { eq: deviceId } } });
      const seen = await list();
      await tenants.as().data(UpdateTwinDocument, {
        input: { deviceId, tags: { tenant: 'umbrella' } },
      });

      expect(seen.devices.nodes).toHaveLength(1);
      expect((await list()).devices.nodes).toEqual([]);
    });

    test.each([
      ['sorted', { by: 'DEVICE_ID', direction: 'ASC' }],
      ['as the hub gives them', undefined],
    ] as const)('and a cursor leads nobody elsewhere: %s', async (_name, orderBy) => {
      const page = { where, first: 5, ...(orderBy && { orderBy }) };
      const { devices } = await tenants.as(umbrella).data(FindDevicesDocument, page);
      const after = devices.pageInfo.endCursor ?? null;

      expect(after).not.toBeNull();
      for (const caller of [acme, both, undefined]) {
        const { errors } = await tenants
          .as(caller)
          .execute(FindDevicesDocument, { ...page, after });
        expect(errors).toMatchObject([{ extensions: { code: 'CURSOR_FILTER_MISMATCH' } }]);
      }
    });

    test('without a word of the scope where the filter is wrong', async () => {
      const long = { deviceId: { in: Array.from({ length: 400 }, (_, i) => `${i}`.repeat(9)) } };
      const { errors } = await tenants.as(acme).execute(FindDevicesDocument, { where: long });

      expect(errors).toMatchObject([{ extensions: { argument: 'where.deviceId' } }]);
    });
  });

  describe('narrows operations', () => {
    async function operationsOn(deviceIds: readonly string[]): Promise<readonly string[]> {
      const started: string[] = [];
      for (const deviceId of deviceIds) {
        const input = { deviceId, method: 'm' };
        const { invokeMethod } = await tenants.as().data(InvokeMethodDocument, { input });
        started.push(`${invokeMethod?.operation.id}`);
      }
      return started;
    }

    test('to those on devices that one may see, on full pages', async () => {
      const [ours, theirs] = [newDevice('acme'), newDevice('umbrella')];
      const ids = await operationsOn([ours, theirs, theirs, ours, theirs, ours]);
      const mine = [ids[5], ids[3], ids[0]];
      const gateway = tenants.as(acme);
      const first = await gateway.data(OperationsDocument, { first: 2 });
      const after = first.operations.pageInfo.endCursor ?? null;
      const second = await gateway.data(OperationsDocument, { first: 1, after });

      const pages = [...first.operations.nodes, ...second.operations.nodes];
      expect(pages.map(({ id }) => id)).toEqual(mine);
      expect(after).toBe(ids[3]);
    });

    test('of devices that are no more, to those who see all', async () => {
      const deviceId = newDevice('acme');
      const [id] = await operationsOn([deviceId]);
      await tenants.as().data(DeleteDeviceDocument, { input: { deviceId } });
      const where = { deviceId };
      const forAcme = await tenants.as(acme).data(OperationsDocument, { where });
      const forAll = await tenants.as().data(OperationsDocument, { where });

      expect(forAcme.operations.nodes).toEqual([]);
      expect(forAll.operations.nodes).toMatchObject([{ id }]);
    });
  });

  describe('keeps devices where they are', () => {
    const patchesOf = (deviceId: string) =>
      tenants.emulator.calls.count({ operation: 'twin.patch', deviceId });

    test('who changes tags may not take the device out of the scope', async () => {
      const deviceId = newDevice('acme');
      const change = (caller: Caller | undefined, tags: object) =>
        tenants.as(caller).execute(UpdateTwinDocument, { input: { deviceId, tags } as never });

      for (const tags of [{ tenant: 'umbrella' }, { tenant: null }]) {
        expect((await change(acme, tags)).errors).toMatchObject([
          {
            message: 'with this the device would leave the scope of what you may change',
            extensions: { code: 'FORBIDDEN' },
          },
        ]);
      }
      expect(patchesOf(deviceId)).toBe(0);
      expect((await change(acme, { site: 'ber' })).errors).toEqual([]);
      expect((await change(both, { tenant: 'umbrella' })).errors).toEqual([]);
      expect((await change(acme, { tenant: 'acme' })).errors).toMatchObject([
        { extensions: { code: 'DEVICE_NOT_FOUND' } },
      ]);
      expect((await change(undefined, { tenant: 'acme' })).errors).toEqual([]);
    });

    test('who creates devices gives them what makes them theirs', async () => {
      const gateway = tenants.as(acme);
      const tags = { tenant: 'acme' };
      const created = await gateway.data(CreateDeviceDocument, {
        input: { deviceId: 'created-1', tags },
      });
      const without = await gateway.execute(CreateDeviceDocument, {
        input: { deviceId: 'created-2' },
      });
      const oneWrong = await gateway.execute(CreateDevicesDocument, {
        input: { devices: [{ deviceId: 'created-3', tags }, { deviceId: 'created-4' }] },
      });

      expect(created.createDevice).toMatchObject({
        device: { deviceId: 'created-1' },
        accessKeys: { primary: {} },
      });
      expect(without.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      expect(oneWrong.errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN', argument: 'devices[1].deviceId' } },
      ]);
      const { devices } = await tenants.as().data(FindDevicesDocument, {
        where: { deviceId: { startsWith: 'created-' } },
      });
      expect(devices.nodes).toEqual([{ deviceId: 'created-1' }]);
    });
  });

  describe('tells nothing of others', () => {
    test('through a device that is busy, nor through a key', async () => {
      const deviceId = newDevice('umbrella');
      await using device = await startPuppetDevice(tenants.emulator, deviceId);
      const called = device.called();
      const sameName = operatorOf('acme', umbrella.id);
      const input = { deviceId, idempotencyKey: 'nightly' };
      const { rebootDevice } = await tenants.as(umbrella).data(RebootDeviceDocument, { input });
      await called;

      for (const caller of [acme, sameName]) {
        for (const asked of [input, { deviceId }, { ...input, profile: 'node' }]) {
          const { errors, data } = await tenants
            .as(caller)
            .execute(RebootDeviceDocument, { input: asked });
          expect(errors).toMatchObject([{ message: 'the hub knows no such device' }]);
          expect(data).toEqual({ rebootDevice: null });
        }
      }
      expect(rebootDevice).toMatchObject({ started: true });
      expect(tenants.emulator.calls.count({ operation: 'method.invoke', deviceId })).toBe(1);
    });

    test('among many: each of theirs is as one that is not there', async () => {
      const [ours, theirs] = [newDevice('acme'), newDevice('umbrella')];
      const { enableDevices } = await tenants.as(acme).data(EnableDevicesDocument, {
        input: { deviceIds: [ours, theirs, 'nobody'] },
      });
      const failure = { code: 'DEVICE_NOT_FOUND', message: 'the hub knows no such device' };

      expect(enableDevices).toMatchObject({
        succeeded: 1,
        results: [{ failure: null }, { failure }, { failure }],
      });
    });
  });

  describe('is asked again for what else an object leads to', () => {
    const mine = devicesOf('acme');

    test('operations and keys of a device that may be read', async () => {
      const [ours, theirs] = [newDevice('acme'), newDevice('umbrella')];
      const caller = callerWith({ 'device:read': 'ALL', 'operation:read': mine, 'key:read': mine });
      const gateway = tenants.as(caller);
      const own = await gateway.data(DeviceKeysDocument, { id: ours });
      const other = await gateway.execute(DeviceKeysDocument, { id: theirs });

      expect(own.device?.accessKeys?.primary.key).toBeTypeOf('string');
      expect(other.errors).toMatchObject([
        { path: ['device', 'accessKeys'], extensions: { code: 'DEVICE_NOT_FOUND' } },
      ]);
      expect(other.data).toMatchObject({ device: { deviceId: theirs, accessKeys: null } });
    });

    test('keys that a change has made, of devices whose keys are not theirs to see', async () => {
      const scopes = { 'device:read': 'ALL', 'device:create': 'ALL', 'key:rotate': 'ALL' } as const;
      const gateway = tenants.as(callerWith({ ...scopes, 'key:read': mine }));
      const create = (deviceId: string, tenant: string) =>
        gateway.execute(CreateDeviceDocument, { input: { deviceId, tags: { tenant } } });
      const own = await create('keyed-1', 'acme');
      const other = await create('keyed-2', 'umbrella');
      const rotated = await gateway.execute(RotateKeysDocument, {
        input: { deviceId: 'keyed-2', keys: 'BOTH' },
      });

      expect(own.data?.createDevice?.accessKeys?.primary.key).toBeTypeOf('string');
      expect(other.data?.createDevice).toMatchObject({
        device: { deviceId: 'keyed-2' },
        accessKeys: null,
      });
      expect(other.errors).toMatchObject([{ path: ['createDevice', 'accessKeys'] }]);
      expect(rotated.data?.rotateKeys?.accessKeys).toBeNull();
      expect(rotated.errors).toMatchObject([{ path: ['rotateKeys', 'accessKeys'] }]);
    });

    test('what a reboot would show is asked for before it is done', async () => {
      const deviceId = newDevice('umbrella');
      const caller = callerWith({ 'device:reboot': 'ALL', 'operation:read': mine });
      const { errors } = await tenants
        .as(caller)
        .execute(RebootDeviceDocument, { input: { deviceId } });
      const { operations } = await tenants.as().data(OperationsDocument, { where: { deviceId } });

      expect(errors).toMatchObject([{ extensions: { code: 'DEVICE_NOT_FOUND' } }]);
      expect(operations.nodes).toEqual([]);
    });
  });

  describe('holds on as long as a subscription runs', () => {
    test('of a device and of its reboots, which end as if it were deleted', async () => {
      const deviceId = newDevice('acme');
      const gateway = tenants.as(acme);
      await using device = gateway.subscribe(WatchDeviceDocument, { id: deviceId });
      await using reboots = gateway.subscribe(WatchRebootDocument, { deviceId });
      await device.waitFor(() => true);
      await reboots.waitFor(() => true);
      await move(deviceId, 'umbrella');

      const gone = [
        {
          message: `device '${deviceId}' was deleted`,
          extensions: { code: 'DEVICE_NOT_FOUND' },
        },
      ];
      await expect(device.completed).rejects.toMatchObject(gone);
      await expect(reboots.completed).rejects.toMatchObject(gone);
      expect(device.messages).toHaveLength(1);
      expect(reboots.messages).toHaveLength(1);
    });

    test('of an operation and its events, quiet as they are', async () => {
      const deviceId = newDevice('acme');
      await using puppet = await startPuppetDevice(tenants.emulator, deviceId);
      const called = puppet.called();
      const gateway = tenants.as(acme);
      const id = await startReboot(gateway, deviceId);
      await called;
      await using operation = gateway.subscribe(WatchOperationDocument, { id });
      await using events = gateway.subscribe(WatchOperationEventsDocument, { id });
      await operation.waitFor((seen) => seen.operation.status === 'SENDING');
      await events.waitFor((seen) => seen.operationEvents.type === 'SENDING');
      await move(deviceId, 'umbrella');

      const gone = [
        {
          message: `id: there is no operation '${id}'`,
          extensions: { code: 'OPERATION_NOT_FOUND' },
        },
      ];
      await expect(operation.completed).rejects.toMatchObject(gone);
      await expect(events.completed).rejects.toMatchObject(gone);
    });

    test('and lets go of the device when the operation has ended', async () => {
      const deviceId = newDevice('acme');
      const watched = await metric('twinql_watched_devices');
      const gateway = tenants.as(acme);
      const id = await startReboot(gateway, deviceId);
      await using operation = gateway.subscribe(WatchOperationDocument, { id });
      await using events = gateway.subscribe(WatchOperationEventsDocument, { id });
      await operation.completed;
      await events.completed;

      await expect.poll(() => metric('twinql_watched_devices')).toBe(watched);
    });

    test('and is shared by those alone who may see the same', async () => {
      const deviceId = newDevice('acme');
      const twin = operatorOf('acme', acme.id);
      const sameName = operatorOf('umbrella', acme.id);
      await using first = tenants.as(acme).subscribe(WatchDeviceDocument, { id: deviceId });
      await first.waitFor(() => true);
      await using second = tenants.as(twin).subscribe(WatchDeviceDocument, { id: deviceId });
      await second.waitFor(() => true);

      expect(await metric('twinql_cohorts')).toBe(1);
      await using third = tenants.as(sameName).subscribe(WatchDeviceDocument, { id: deviceId });
      await expect(third.completed).rejects.toMatchObject([
        { message: `device '${deviceId}' does not exist` },
      ]);
      expect(third.messages).toEqual([]);
    });

    async function metric(name: string): Promise<number> {
      const response = await fetch(`${tenants.as().url}/metrics`);
      const line = (await response.text()).split('\n').find((one) => one.startsWith(`${name} `));
      return Number(line?.split(' ')[1]);
    }
  });

  test('shows a device again that came in: only the hub keeps somebody out', async () => {
    const deviceId = newDevice('umbrella');
    const look = () => tenants.as(acme).data(DeviceDocument, { id: deviceId, consistency: 'FAST' });
    const before = await look();
    await move(deviceId, 'acme');
    const after = await look();

    expect(before.device).toBeNull();
    expect(after.device).toMatchObject({ tags: { tenant: 'acme' } });
  });

  test('cannot rest on what the twin does not tell', () => {
    expect(() => checkScope({ not: { modules: { moduleId: { eq: 'm' } } } }, 'roles.a')).toThrow(
      "roles.a: a scope cannot rest on modules, which are not in a device's twin",
    );
    expect(() => checkScope({ tags: [{ path: ['a'] }] }, 'roles.a')).toThrow('roles.a.tags[0]');
    expect(() => checkScope(devicesOf('acme'), 'roles.a')).not.toThrow();
  });
});
