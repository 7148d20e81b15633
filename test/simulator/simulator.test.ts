import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConventionName } from '../../src/simulator/convention.js';
import { formatJavaTime, formatPythonTime } from '../../src/simulator/local-time.js';
import { type DeviceOptions, startDevice } from '../../src/simulator/simulator.js';
import { type Json, Stage } from './support/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
beforeEach(() => stage.clear());
afterAll(() => stage[Symbol.asyncDispose]());

describe('a node device', () => {
  test('answers, then announces the reboot in its twin, then is gone for a while', async () => {
    await using device = await start('node');
    await expect(stage.call(device.deviceId, 'reboot')).resolves.toEqual(
      answered('Reboot started'),
    );

    await stage.clock.scheduled(2_000);
    expect(await stage.reported(device.deviceId)).toMatchObject({
      iothubDM: { reboot: { lastReboot: stage.clock.now().toISOString() } },
    });
    await expect(stage.call(device.deviceId, 'reboot')).rejects.toThrow('Not found');
  });

  test('comes back from its restart and can be rebooted again', async () => {
    await using device = await start('node', { restartSeconds: 7 });
    await stage.call(device.deviceId, 'reboot');
    await stage.clock.scheduled(7_000);
    stage.clock.advance(7_000);
    await stage.log.waitFor('carried out');

    await expect(stage.call(device.deviceId, 'reboot')).resolves.toEqual(
      answered('Reboot started'),
    );
    await stage.clock.scheduled(7_000);
    expect(await stage.reported(device.deviceId)).toMatchObject({
      iothubDM: { reboot: { lastReboot: stage.clock.now().toISOString() } },
    });
  });
});

describe('a python device', () => {
  test('is busy for its twenty seconds, reports, and answers only then', async () => {
    await using device = await start('python');
    const answer = stage.call(device.deviceId, 'rebootDevice', { method_number: '42' });
    await stage.clock.scheduled(20_000);
    expect(await stage.reported(device.deviceId)).not.toHaveProperty('rebootTime');

    stage.clock.advance(20_000);
    await expect(answer).resolves.toEqual(answered({ Response: 'Rebooted' }));
    const reported = await stage.reported(device.deviceId);
    expect(reported['rebootTime']).toBe(formatPythonTime(stage.clock.now()));
  });

  test('reports even when the connection is lost while it is busy', async () => {
    await using device = await start('python');
    const cutOff = expect(stage.call(device.deviceId, 'rebootDevice')).rejects.toThrow('Not found');
    await stage.clock.scheduled(20_000);
    stage.emulator.disconnectDevice(device.deviceId);
    await cutOff;
    await stage.clock.scheduled(1_000);

    stage.clock.advance(20_000);
    await stage.log.waitFor('carried out');
    const reported = await stage.reported(device.deviceId);
    expect(reported['rebootTime']).toBe(formatPythonTime(stage.clock.now()));
  });
});

describe('a java device', () => {
  test('answers at once and reports a local time five seconds later', async () => {
    await using device = await start('java');
    await expect(stage.call(device.deviceId, 'reboot')).resolves.toEqual(
      answered('Reboot started'),
    );
    await stage.clock.scheduled(5_000);
    expect(await stage.reported(device.deviceId)).not.toHaveProperty('lastReboot');

    stage.clock.advance(5_000);
    await stage.log.waitFor('carried out');
    const reported = await stage.reported(device.deviceId);
    expect(reported['lastReboot']).toBe(formatJavaTime(stage.clock.now()));
  });
});

test('a device takes itself back to its factory settings, says so first, and is set up anew', async () => {
  await using device = await start('java');
  const { deviceId } = device;
  await stage.wish(deviceId, { telemetryIntervalSeconds: 5 });
  await stage.log.waitFor('adopted desired properties');
  const answer = await stage.call(deviceId, 'factoryReset');
  expect(answer).toEqual(answered('Factory reset started'));
  await stage.clock.scheduled(2_000);
  const lastFactoryReset = stage.clock.now().toISOString();
  expect(await stage.reported(deviceId)).toMatchObject({
    iothubDM: { factoryReset: { lastFactoryReset } },
  });
  expect(await stage.isOnline(deviceId)).toBe(false);
  stage.clock.advance(2_000);
  await stage.log.waitFor('carried out');
  await stage.log.waitFor('adopted desired properties', 2);

  expect(await stage.reported(deviceId)).toMatchObject({ telemetryIntervalSeconds: 5 });
});

describe('a fault on request', () => {
  const methods = [
    ['node', 'reboot', 'Reboot failed'],
    ['python', 'rebootDevice', { Response: 'Reboot failed' }],
    ['java', 'reboot', 'Reboot failed'],
    ['node', 'factoryReset', 'Factory reset failed'],
  ] as const;

  test.each(methods)('has a %s device answer no to %s', async (convention, method, payload) => {
    await using device = await start(convention, { fault: 'fail', busySeconds: 0 });
    const answer = stage.call(device.deviceId, method);
    if (convention === 'python') await stage.pass(0);
    expect(await answer).toEqual({ status: 500, payload });
    expect(await stage.reported(device.deviceId)).toMatchObject({ simulator: { fault: 'fail' } });
  });

  test.each(methods)(
    'has a %s device stall in %s until it is taken away',
    async (convention, method) => {
      await using device = await start(convention, { busySeconds: 0, reportDelaySeconds: 0 });
      const { deviceId } = device;
      await stage.wish(deviceId, { simulator: { fault: 'stall' } });
      await stage.log.waitFor('adopted desired properties');
      const before = await stage.reported(deviceId);
      const answer = stage.call(deviceId, method);
      if (convention !== 'node') await stage.pass(0);
      if (convention !== 'python') expect(await answer).toMatchObject({ status: 200 });
      expect(await stage.reported(deviceId)).toEqual(before);
      await stage.wish(deviceId, { simulator: { fault: null } });
      if (convention === 'node') await stage.pass(2);
      await stage.log.waitFor('carried out');

      expect(await answer).toMatchObject({ status: 200 });
      expect(await stage.reported(deviceId)).not.toHaveProperty('simulator.fault');
    },
  );

  test('has a device leave in the middle of what it does, and carry on when it is back', async () => {
    await using device = await start('java', { fault: 'goOffline', offlineSeconds: 90 });
    const { deviceId } = device;
    await stage.call(deviceId, 'reboot');
    await stage.pass(5);
    await stage.clock.scheduled(90_000);
    expect(await stage.isOnline(deviceId)).toBe(false);
    stage.clock.advance(90_000);
    await stage.log.waitFor('carried out');

    const { lastReboot } = await stage.reported(deviceId);
    expect(lastReboot).toBe(formatJavaTime(stage.clock.now()));
  });
});

describe.each(['node', 'python', 'java'] as const)('every device, also a %s one', (convention) => {
  test('reports what it is as soon as it is connected', async () => {
    await using device = await start(convention);
    expect(await stage.reported(device.deviceId)).toMatchObject({
      model: expect.any(String),
      firmwareVersion: expect.any(String),
      telemetryIntervalSeconds: 60,
    });
  });

  test('adopts the telemetry interval that its hub wishes for', async () => {
    await using device = await start(convention);
    await stage.wish(device.deviceId, { telemetryIntervalSeconds: 5 });
    await stage.log.waitFor('adopted desired properties');
    expect(await stage.reported(device.deviceId)).toMatchObject({ telemetryIntervalSeconds: 5 });
  });

  test('connects again after a loss', async () => {
    await using device = await start(convention);
    stage.emulator.disconnectDevice(device.deviceId);
    await stage.clock.scheduled(1_000);
    stage.clock.advance(1_000);
    await stage.log.waitFor('connected', 2);
    expect(await stage.isOnline(device.deviceId)).toBe(true);
  });
});

describe('stopping a device', () => {
  test('leaves no timer and no socket, also right after the start', async () => {
    const before = openSockets();
    const device = await start('node');
    await device.stop();
    expect(stage.clock.pending).toBe(0);
    await until(() => openSockets() === before && runningTimers() === 0);
  });

  test('leaves no timer and no socket while a reboot is under way', async () => {
    const device = await start('python');
    const cutOff = expect(stage.call(device.deviceId, 'rebootDevice')).rejects.toThrow('Not found');
    await stage.clock.scheduled(20_000);
    await device.stop();
    await cutOff;
    expect(stage.clock.pending).toBe(0);
  });

  test('leaves no timer and no socket while the device is offline', async () => {
    const device = await start('node');
    await stage.call(device.deviceId, 'reboot');
    await stage.clock.scheduled(2_000);
    await device.stop();
    expect(stage.clock.pending).toBe(0);
  });

  test('can be done twice', async () => {
    const device = await start('java');
    await device.stop();
    await device.stop();
  });
});

describe('a device that cannot start', () => {
  test('says what a connection string looks like, and repeats nothing of the given one', async () => {
    const options = { convention: 'node', connectionString: 'HostName=h;SharedAccessKey=c2VjcmV0' };
    const start = startDevice(options as DeviceOptions);
    await expect(start).rejects.toThrow(TypeError);
    await expect(start).rejects.toThrow(/^Expected a device connection string, HostName=…;/);
  });

  test('fails when its key is wrong, and leaves nothing behind', async () => {
    const right = stage.emulator.registerDevice('locked-out');
    const connectionString = right.replace(/SharedAccessKey=.*/, `SharedAccessKey=${wrongKey}`);
    const start = startDevice({
      convention: 'node',
      connectionString,
      ca: stage.emulator.ca,
      clock: stage.clock,
    });
    await expect(start).rejects.toThrow();
    expect(stage.clock.pending).toBe(0);
  });
});

const wrongKey = Buffer.alloc(32, 7).toString('base64');

function start(convention: ConventionName, options: Partial<DeviceOptions> = {}) {
  return stage.start({ convention, ...options });
}

function answered(payload: unknown): Json {
  return { status: 200, payload };
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}

function runningTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

/** Looks again at every turn of the event loop, with no timer of its own that would be counted. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}
