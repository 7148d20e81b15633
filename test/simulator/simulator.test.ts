import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import type { ConventionName } from '../../src/simulator/convention.js';
import { formatJavaTime, formatPythonTime } from '../../src/simulator/local-time.js';
import { type DeviceOptions, startDevice } from '../../src/simulator/simulator.js';
import { createServiceSdk, type ServiceSdk } from '../emulator/support/service.js';
import { createEventLog, type EventLog } from '../support/event-log.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';

let folder: TemporaryFolder;
let emulator: Emulator;
let service: ServiceSdk;
let clock: ManualClock;
let log: EventLog;
let count = 0;

beforeAll(async () => {
  folder = await createTemporaryFolder();
  emulator = await startEmulator({ httpsPort: 0, mqttPort: 0, dataDir: folder.path });
  service = createServiceSdk(emulator);
});
beforeEach(() => {
  clock = createManualClock();
  log = createEventLog();
});
afterAll(async () => {
  await emulator.close();
  await folder[Symbol.asyncDispose]();
});

describe('a node device', () => {
  test('answers, then announces the reboot in its twin, then is gone for a while', async () => {
    await using device = await start('node');
    await expect(call(device.deviceId, 'reboot')).resolves.toEqual(answered('Reboot started'));

    await clock.scheduled(2_000);
    expect((await twin(device.deviceId)).reported).toMatchObject({
      iothubDM: { reboot: { lastReboot: clock.now().toISOString() } },
    });
    await expect(call(device.deviceId, 'reboot')).rejects.toThrow('Not found');
  });

  test('comes back from its restart and can be rebooted again', async () => {
    await using device = await start('node', { restartSeconds: 7 });
    await call(device.deviceId, 'reboot');
    await clock.scheduled(7_000);
    clock.advance(7_000);
    await log.waitFor('rebooted');

    await expect(call(device.deviceId, 'reboot')).resolves.toEqual(answered('Reboot started'));
    await clock.scheduled(7_000);
    expect((await twin(device.deviceId)).reported).toMatchObject({
      iothubDM: { reboot: { lastReboot: clock.now().toISOString() } },
    });
  });
});

describe('a python device', () => {
  test('is busy for its twenty seconds, reports, and answers only then', async () => {
    await using device = await start('python');
    const answer = call(device.deviceId, 'rebootDevice', { method_number: '42' });
    await clock.scheduled(20_000);
    expect((await twin(device.deviceId)).reported).not.toHaveProperty('rebootTime');

    clock.advance(20_000);
    await expect(answer).resolves.toEqual(answered({ Response: 'Rebooted' }));
    const { reported } = await twin(device.deviceId);
    expect(reported['rebootTime']).toBe(formatPythonTime(clock.now()));
  });

  test('reports even when the connection is lost while it is busy', async () => {
    await using device = await start('python');
    const cutOff = expect(call(device.deviceId, 'rebootDevice')).rejects.toThrow('Not found');
    await clock.scheduled(20_000);
    emulator.disconnectDevice(device.deviceId);
    await cutOff;
    await clock.scheduled(1_000);

    clock.advance(20_000);
    await log.waitFor('rebooted');
    const { reported } = await twin(device.deviceId);
    expect(reported['rebootTime']).toBe(formatPythonTime(clock.now()));
  });
});

describe('a java device', () => {
  test('answers at once and reports a local time five seconds later', async () => {
    await using device = await start('java');
    await expect(call(device.deviceId, 'reboot')).resolves.toEqual(answered('Reboot started'));
    await clock.scheduled(5_000);
    expect((await twin(device.deviceId)).reported).not.toHaveProperty('lastReboot');

    clock.advance(5_000);
    await log.waitFor('rebooted');
    const { reported } = await twin(device.deviceId);
    expect(reported['lastReboot']).toBe(formatJavaTime(clock.now()));
  });
});

describe.each(['node', 'python', 'java'] as const)('every device, also a %s one', (convention) => {
  test('reports what it is as soon as it is connected', async () => {
    await using device = await start(convention);
    expect((await twin(device.deviceId)).reported).toMatchObject({
      model: expect.any(String),
      firmwareVersion: expect.any(String),
      telemetryIntervalSeconds: 60,
    });
  });

  test('adopts the telemetry interval that its hub wishes for', async () => {
    await using device = await start(convention);
    const patch = { properties: { desired: { telemetryIntervalSeconds: 5 } } };
    await service.registry.updateTwin(device.deviceId, patch, '*');
    await log.waitFor('adopted settings');
    expect((await twin(device.deviceId)).reported).toMatchObject({ telemetryIntervalSeconds: 5 });
  });

  test('connects again after a loss', async () => {
    await using device = await start(convention);
    emulator.disconnectDevice(device.deviceId);
    await clock.scheduled(1_000);
    clock.advance(1_000);
    await log.waitFor('connected', 2);
    expect(await isOnline(device.deviceId)).toBe(true);
  });
});

describe('stopping a device', () => {
  test('leaves no timer and no socket, also right after the start', async () => {
    const before = openSockets();
    const device = await start('node');
    await device.stop();
    expect(clock.pending).toBe(0);
    await until(() => openSockets() === before && runningTimers() === 0);
  });

  test('leaves no timer and no socket while a reboot is under way', async () => {
    const device = await start('python');
    const cutOff = expect(call(device.deviceId, 'rebootDevice')).rejects.toThrow('Not found');
    await clock.scheduled(20_000);
    await device.stop();
    await cutOff;
    expect(clock.pending).toBe(0);
  });

  test('leaves no timer and no socket while the device is offline', async () => {
    const device = await start('node');
    await call(device.deviceId, 'reboot');
    await clock.scheduled(2_000);
    await device.stop();
    expect(clock.pending).toBe(0);
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
    const right = emulator.registerDevice('locked-out');
    const connectionString = right.replace(/SharedAccessKey=.*/, `SharedAccessKey=${wrongKey}`);
    const start = startDevice({ convention: 'node', connectionString, ca: emulator.ca, clock });
    await expect(start).rejects.toThrow();
    expect(clock.pending).toBe(0);
  });
});

const wrongKey = Buffer.alloc(32, 7).toString('base64');

type Json = Readonly<Record<string, unknown>>;

/** A device with an identity of its own, on the test's clock; it is stopped at the end of the test. */
async function start(convention: ConventionName, options: Partial<DeviceOptions> = {}) {
  count += 1;
  const connectionString = emulator.registerDevice(`${convention}-${count}`);
  const { ca } = emulator;
  const device = await startDevice({
    convention,
    connectionString,
    ca,
    clock,
    logger: log,
    ...options,
  });
  return { ...device, [Symbol.asyncDispose]: device.stop };
}

async function call(deviceId: string, methodName: string, payload: unknown = null): Promise<Json> {
  const params = { methodName, payload, responseTimeoutInSeconds: 30 };
  const { result } = await service.client.invokeDeviceMethod(deviceId, params);
  return result;
}

async function twin(deviceId: string): Promise<{ readonly reported: Json }> {
  const { responseBody } = await service.registry.getTwin(deviceId);
  return responseBody.properties;
}

async function isOnline(deviceId: string): Promise<boolean> {
  const { responseBody } = await service.registry.get(deviceId);
  return String(responseBody.connectionState) === 'Connected';
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
