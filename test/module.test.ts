import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectDevice } from './emulator/support/device.js';
import { rejectionOf } from './emulator/support/rejection.js';
import { createServiceSdk } from './emulator/support/service.js';
import { startWorld, type World } from './support/gateway.js';
import {
  CreateDeviceDocument,
  CreateModuleDocument,
  DeleteModuleDocument,
  DeviceModulesDocument,
  DisableDeviceDocument,
  FleetModulesDocument,
  ModuleDocument,
  ModuleNamesDocument,
  RotateKeysDocument,
  UpdateModuleTwinDocument,
} from './support/operations.js';

describe('modules', () => {
  let world: World;
  let ids = 0;

  beforeAll(async () => {
    world = await startWorld();
  });

  beforeEach(() => {
    world.emulator.faults.clear();
    world.emulator.calls.clear();
  });

  afterAll(() => world[Symbol.asyncDispose]());

  /** A device with modules of these names. */
  async function createDevice(...moduleIds: string[]): Promise<string> {
    ids += 1;
    const deviceId = `carrier-${ids}`;
    world.emulator.registerDevice(deviceId);
    for (const moduleId of moduleIds) await create(deviceId, moduleId);
    world.emulator.calls.clear();
    return deviceId;
  }

  async function create(deviceId: string, moduleId: string) {
    const input = { deviceId, moduleId };
    const { createModule } = await world.gateway.data(CreateModuleDocument, { input });
    if (!createModule) throw new TypeError('no payload');
    return createModule;
  }

  const operations = () => world.emulator.calls.list({}).map(({ operation }) => operation);

  test('are shown that do not prove who they are, as those of the Edge runtime', async () => {
    const before = Date.now();
    const deviceId = 'edge';
    await world.gateway.data(CreateDeviceDocument, { input: { deviceId, iotEdge: true } });
    const { module } = await world.gateway.data(ModuleDocument, {
      deviceId,
      moduleId: '$edgeAgent',
    });

    expect(module).toMatchObject({ authenticationType: 'NONE', accessKeys: null });
    expect(Date.parse(module?.observedAt ?? '')).toBeGreaterThanOrEqual(before);
  });

  test('are created with keys that let them connect', async () => {
    const deviceId = await createDevice();
    const { module, accessKeys } = await create(deviceId, 'camera');

    expect(module).toMatchObject({
      deviceId,
      moduleId: 'camera',
      hub: 'localhost',
      authenticationType: 'SAS',
      connectionState: 'DISCONNECTED',
      lastActivityAt: null,
      tags: {},
      desired: {},
      reported: {},
      version: 2,
      source: 'POINT_READ',
    });
    const text = accessKeys?.primary.connectionString ?? '';
    expect(text).toBe(
      `HostName=localhost;DeviceId=${deviceId};ModuleId=camera;SharedAccessKey=${accessKeys?.primary.key}`,
    );
    const port = world.emulator.mqttPort;
    await using connected = await connectDevice(
      world.emulator,
      text.replace('localhost', `localhost:${port}`),
    );
    expect(connected.client).toBeDefined();
    const shown = await world.gateway.data(ModuleDocument, { deviceId, moduleId: 'camera' });
    expect(shown.module).toMatchObject({ connectionState: 'CONNECTED', accessKeys });
    expect(shown.module?.lastActivityAt).toMatch(/^20/);
  });

  test('of one device are listed as they are now; their names alone cost one request more', async () => {
    const deviceId = await createDevice('camera', 'sensor');

    const names = await world.gateway.data(ModuleNamesDocument, { id: deviceId });
    const listed = operations();
    const { device } = await world.gateway.data(DeviceModulesDocument, { id: deviceId });

    expect(names.device?.modules.map(({ moduleId }) => moduleId).sort()).toEqual([
      'camera',
      'sensor',
    ]);
    // The device itself is read to know that it is there.
    expect(listed).toEqual(['twin.get', 'module.list']);
    expect(device?.modules.map(({ source }) => source)).toEqual(['POINT_READ', 'POINT_READ']);
    expect(new Set(device?.modules.map(({ id }) => id)).size).toBe(2);
  });

  test('of many devices cost one query together', async () => {
    const first = await createDevice('a', 'b');
    const second = await createDevice('c');
    const none = await createDevice();
    await world.gateway.data(UpdateModuleTwinDocument, {
      input: { deviceId: second, moduleId: 'c', desired: { speed: 3 } },
    });
    world.emulator.calls.clear();

    const { devices } = await world.gateway.data(FleetModulesDocument, {
      where: { deviceId: { in: [first, second, none] } },
    });

    const modulesOf = (id: string) =>
      devices.nodes
        .find(({ deviceId }) => deviceId === id)
        ?.modules.map(({ moduleId }) => moduleId)
        .sort();
    expect([first, second, none].map(modulesOf)).toEqual([['a', 'b'], ['c'], []]);
    const [module] = devices.nodes.find(({ deviceId }) => deviceId === second)?.modules ?? [];
    expect(module?.desired).toEqual({ speed: 3 });
    // One for the devices, one for the modules of them all.
    expect(operations()).toEqual(['query', 'query']);
  });

  test('of a disabled device are still listed, but not changed, and that is said', async () => {
    const { gateway } = world;
    const deviceId = await createDevice('camera');
    await gateway.data(DisableDeviceDocument, { input: { deviceId, reason: 'r' } });

    const { device } = await gateway.data(ModuleNamesDocument, { id: deviceId });
    const created = await gateway.execute(CreateModuleDocument, {
      input: { deviceId, moduleId: 'new' },
    });
    const rotated = await gateway.execute(RotateKeysDocument, {
      input: { deviceId, moduleId: 'camera', keys: 'BOTH' },
    });
    const deleted = await gateway.execute(DeleteModuleDocument, {
      input: { deviceId, moduleId: 'camera' },
    });
    const bare = await rejectionOf(
      createServiceSdk(world.emulator).registry.addModule({ deviceId, moduleId: 'new' }),
    );

    expect(device?.modules).toEqual([{ moduleId: 'camera' }]);
    for (const { errors } of [created, rotated, deleted]) {
      expect(errors).toMatchObject([{ extensions: { code: 'DEVICE_DISABLED' } }]);
    }
    expect(bare.name).toBe('UnauthorizedError');
  });

  test('get other keys, their device keeps its own', async () => {
    const deviceId = await createDevice('camera');
    const before = await world.gateway.data(ModuleDocument, { deviceId, moduleId: 'camera' });

    const { rotateKeys } = await world.gateway.data(RotateKeysDocument, {
      input: { deviceId, moduleId: 'camera', keys: 'SWAP' },
    });

    expect(rotateKeys).toMatchObject({
      device: { deviceId },
      module: { moduleId: 'camera' },
      accessKeys: { primary: { key: before.module?.accessKeys?.secondary.key } },
    });
    expect(rotateKeys?.module?.identityEtag).not.toBe(before.module?.identityEtag);
    expect(world.emulator.calls.count({ operation: 'device.update' })).toBe(0);
  });

  test('are deleted, under their ETag if one is given', async () => {
    const { gateway } = world;
    const deviceId = await createDevice('camera');
    const { module } = await gateway.data(ModuleDocument, { deviceId, moduleId: 'camera' });
    const input = { deviceId, moduleId: 'camera' };
    const stale = await gateway.execute(DeleteModuleDocument, {
      input: { ...input, ifMatch: 'c3RhbGU=' },
    });
    const ifMatch = module?.identityEtag ?? '';
    const { deleteModule } = await gateway.data(DeleteModuleDocument, {
      input: { ...input, ifMatch },
    });

    expect(stale.errors).toMatchObject([
      { extensions: { code: 'ETAG_MISMATCH', currentEtag: ifMatch } },
    ]);
    expect(deleteModule).toEqual({ hub: 'localhost', deviceId, moduleId: 'camera' });
    expect(await gateway.data(ModuleDocument, input)).toEqual({ module: null });
    const again = await gateway.execute(DeleteModuleDocument, { input });
    expect(again.errors).toMatchObject([{ extensions: { code: 'MODULE_NOT_FOUND' } }]);
  });

  test.each<[string, { deviceId: string; moduleId: string }, string, string?]>([
    ['of a device that is not there', { deviceId: 'nobody', moduleId: 'a' }, 'DEVICE_NOT_FOUND'],
    ['with a path for a name', { deviceId: 'a', moduleId: '../b' }, 'BAD_USER_INPUT', 'moduleId'],
    ['with two dots for a name', { deviceId: 'a', moduleId: '..' }, 'BAD_USER_INPUT', 'moduleId'],
    ['of the edge runtime', { deviceId: 'a', moduleId: '$edge' }, 'BAD_USER_INPUT', 'moduleId'],
  ])('%s are not created', async (_name, input, code, argument) => {
    const { errors } = await world.gateway.execute(CreateModuleDocument, { input });

    expect(errors).toMatchObject([{ extensions: { code, ...(argument && { argument }) } }]);
    expect(world.emulator.calls.count({ operation: 'module.create', deviceId: 'a' })).toBe(0);
  });

  test('of a name that is taken, or beyond what a device holds, are refused by their own codes', async () => {
    const { gateway, emulator } = world;
    const deviceId = await createDevice('camera');
    const codeOf = async (moduleId: string) => {
      const { errors } = await gateway.execute(CreateModuleDocument, {
        input: { deviceId, moduleId },
      });
      return errors[0]?.extensions?.['code'];
    };

    expect(await codeOf('camera')).toBe('ALREADY_EXISTS');
    emulator.faults.add({
      operation: 'module.create',
      effect: { kind: 'status', status: 413, code: 'TooManyModulesOnDevice' },
    });
    expect(await codeOf('one-more')).toBe('LIMIT_REACHED');
  });
});
