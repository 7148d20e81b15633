import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDevice, type TestDevice } from './emulator/support/device.js';
import { startWorld, type World } from './support/gateway.js';
import {
  AllPropertiesDocument,
  CreateModuleDocument,
  DeviceDriftDocument,
  ModuleDriftDocument,
  UpdateModuleTwinDocument,
  UpdateTwinDocument,
} from './support/operations.js';
import { report } from './support/puppet-device.js';

const time = expect.stringMatching(/^\d{4}-.*Z$/);

describe('drift', () => {
  let world: World;
  let pump: TestDevice;
  let camera: TestDevice;

  beforeAll(async () => {
    world = await startWorld();
    const { emulator, gateway } = world;
    const desired = {
      interval: 60,
      firmware: { version: '2.0.0', channel: 'beta' },
      zones: [1, 2],
    };
    pump = await connectDevice(emulator, emulator.registerDevice('pump-1'));
    await gateway.data(UpdateTwinDocument, { input: { deviceId: 'pump-1', desired } });
    await report(pump, {
      interval: { value: 60, ac: 200, av: 1 },
      firmware: { version: '1.2.0' },
      zones: [1, 2],
      temperature: 21.5,
    });
    const input = { deviceId: 'pump-1', moduleId: 'camera' };
    const { createModule } = await gateway.data(CreateModuleDocument, { input });
    const connection = createModule?.accessKeys?.primary.connectionString ?? '';
    camera = await connectDevice(
      emulator,
      connection.replace('localhost', `localhost:${emulator.mqttPort}`),
    );
    await gateway.data(UpdateModuleTwinDocument, {
      input: { ...input, desired: { zoom: 3, lens: 'wide' } },
    });
    await report(camera, { lens: 'narrow' });
  });

  afterAll(async () => {
    await camera[Symbol.asyncDispose]();
    await pump[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  test('of a device says what is not as desired, and since when', async () => {
    const { device } = await world.gateway.data(DeviceDriftDocument, { id: 'pump-1' });

    expect(device?.drift).toEqual([
      {
        path: 'firmware.version',
        kind: 'DIFFERENT',
        desired: '2.0.0',
        reported: '1.2.0',
        desiredUpdatedAt: time,
        reportedUpdatedAt: time,
      },
      {
        path: 'firmware.channel',
        kind: 'MISSING',
        desired: 'beta',
        reported: null,
        desiredUpdatedAt: time,
        reportedUpdatedAt: null,
      },
    ]);
    const [{ desiredUpdatedAt = '', reportedUpdatedAt } = {}] = device?.drift ?? [];
    expect(Date.parse(reportedUpdatedAt ?? '')).toBeGreaterThanOrEqual(
      Date.parse(desiredUpdatedAt ?? ''),
    );
  });

  test('is limited to what is at or below some paths', async () => {
    const { gateway } = world;
    const paths = ['firmware.channel', 'interval'];
    const { device } = await gateway.data(DeviceDriftDocument, { id: 'pump-1', paths });

    expect(device?.drift.map(({ path }) => path)).toEqual(['firmware.channel']);
    expect(device?.desiredProperties).toEqual([
      { path: 'firmware.channel', value: 'beta', lastUpdatedAt: time },
      { path: 'interval', value: 60, lastUpdatedAt: time },
    ]);
  });

  test('is refused for too many paths', async () => {
    const paths = Array.from({ length: 101 }, (_, index) => `p${index}`);
    const { errors } = await world.gateway.execute(DeviceDriftDocument, { id: 'pump-1', paths });

    expect(errors).toMatchObject([
      { message: 'paths: 101; expected at most 100', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  test('ends when the device reports what is desired', async () => {
    await report(pump, { firmware: { version: '2.0.0', channel: 'beta' } });
    const { device } = await world.gateway.data(DeviceDriftDocument, { id: 'pump-1' });

    expect(device?.drift).toEqual([]);
  });

  test('of a module is told of its own twin', async () => {
    const name = { deviceId: 'pump-1', moduleId: 'camera' };
    const { module } = await world.gateway.data(ModuleDriftDocument, { ...name, paths: null });

    expect(module).toEqual({
      desiredProperties: [
        { path: 'zoom', value: 3, lastUpdatedAt: time },
        { path: 'lens', value: 'wide', lastUpdatedAt: time },
      ],
      reportedProperties: [{ path: 'lens', value: 'narrow', lastUpdatedAt: time }],
      drift: [
        expect.objectContaining({ path: 'zoom', kind: 'MISSING', desired: 3, reported: null }),
        expect.objectContaining({ path: 'lens', kind: 'DIFFERENT', reported: 'narrow' }),
      ],
    });
  });

  test('is seen beside each property, with the time of its last update', async () => {
    await report(pump, { empty: {} });
    const { device } = await world.gateway.data(AllPropertiesDocument, { id: 'pump-1' });

    const paths = (properties: readonly { path: string }[] = []) =>
      properties.map(({ path }) => path).sort();
    expect(paths(device?.desiredProperties)).toEqual([
      'firmware.channel',
      'firmware.version',
      'interval',
      'zones',
    ]);
    expect(paths(device?.reportedProperties)).toEqual([
      'empty',
      'firmware.channel',
      'firmware.version',
      'interval.ac',
      'interval.av',
      'interval.value',
      'temperature',
      'zones',
    ]);
    const properties = [
      ...(device?.desiredProperties ?? []),
      ...(device?.reportedProperties ?? []),
    ];
    expect(properties.every(({ lastUpdatedAt }) => lastUpdatedAt !== null)).toBe(true);
    expect(properties).toContainEqual({ path: 'zones', value: [1, 2], lastUpdatedAt: time });
  });
});
