/** The tutorials' own programs, device and back end, as a newcomer would run them: only the hub is another. */
import { describe, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import { createCleanup } from '../support/cleanup.js';
import { createTemporaryFolder } from '../support/temporary-folder.js';
import {
  startTutorialDevice,
  startTutorialService,
  type TutorialDevice,
  type TutorialService,
} from '../support/tutorials.js';

// The python device is busy for its twenty seconds, and the hub waits thirty for a silent one: side by side.
describe.concurrent('the programs of the tutorials', { timeout: 90_000 }, () => {
  test('node: the back end sees the reboot that the device announces', async ({ expect }) => {
    await using tutorial = await run('node-device', 'node-service');
    const { device, service } = tutorial;
    await service.waitFor(/^The device answered: {"status":200,"payload":"Reboot started"}$/m);
    const [, lastReboot] = await service.waitFor(/^Last reboot time: (.+)$/m);
    expect(lastReboot).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await service.exit()).toEqual({ code: 0, signal: null });
    expect(device.output).toContain('Reported the reboot.');
  });

  test('python: the back end waits for the busy device and then finds its time', async ({
    expect,
  }) => {
    await using tutorial = await run('python-device', 'python-service');
    const { service } = tutorial;
    await service.waitFor(/^The device answered: {"status":200,"payload":{"Response":.+}}$/m);
    const [, rebootTime] = await service.waitFor(/^Last reboot time: (.+)$/m);
    expect(rebootTime).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?$/);
    expect(await service.exit()).toEqual({ code: 0, signal: null });
  });

  test('java: the back end finds the date and time that the device reports later', async ({
    expect,
  }) => {
    await using tutorial = await run('java-device', 'java-service');
    const { service } = tutorial;
    await service.waitFor(/^The device answered: {"status":200,"payload":"Started reboot"}$/m);
    await service.waitFor(/^Waiting for the device to report its reboot\.$/m);
    const [, lastReboot] = await service.waitFor(/^Last reboot time: (.+)$/m);
    expect(JSON.parse(lastReboot ?? '')).toEqual({
      date: { year: expect.any(Number), month: expect.any(Number), day: expect.any(Number) },
      time: expect.objectContaining({ hour: expect.any(Number), nano: expect.any(Number) }),
    });
    expect(await service.exit()).toEqual({ code: 0, signal: null });
  });

  test('node as printed: the device dies of its bug, and the call ends as one cut off', async ({
    expect,
  }) => {
    await using tutorial = await run('node-device-as-printed', 'node-service');
    const { device, service } = tutorial;
    expect(await device.exit()).toEqual({ code: 1, signal: null });
    expect(device.output).toContain('Error: This response has already ended.');
    expect(device.output).not.toContain('Reported the reboot.');

    // 404104, which the SDK flattens to its status.
    await service.waitFor(/^Direct method error: Not found$/m);
    expect(await service.exit()).toEqual({ code: 1, signal: null });
    expect(service.output).not.toContain('Last reboot time');
  });

  test('a device that refuses: the back end sees its status and its reason', async () => {
    await using tutorial = await run('refusing-device', 'node-service');
    await tutorial.service.waitFor(
      /^The device answered: {"status":500,"payload":{"reason":"a patient is connected"}}$/m,
    );
    await tutorial.service.waitFor(/^Waiting for the device to report its reboot\.$/m);
  });

  test('a device that never answers: the back end is told after its thirty seconds', async ({
    expect,
  }) => {
    await using tutorial = await run('silent-device', 'node-service');
    await tutorial.device.waitFor(/^Heard reboot, and will not answer\.$/m);
    await tutorial.service.waitFor(
      /^Direct method error: .*504101.*Timed out waiting for the response/m,
    );
    expect(await tutorial.service.exit()).toEqual({ code: 1, signal: null });
  });

  test('a device that answers and never reports: the back end goes on waiting', async ({
    expect,
  }) => {
    await using tutorial = await run('unreporting-device', 'node-service');
    await tutorial.service.waitFor(/^The device answered: {"status":200,/m);
    await tutorial.service.waitFor(/(^Waiting for the device to report its reboot\.\n){2}/m);
    expect(tutorial.service.output).not.toContain('Last reboot time');
  });
});

/** A hub, the device on it, and the back end that calls it; all ended in reverse. */
async function run(deviceName: TutorialDevice, serviceName: TutorialService) {
  const cleanup = createCleanup();
  try {
    const { path } = cleanup.use(await createTemporaryFolder());
    const emulator = await startEmulator({ httpsPort: 0, mqttPort: 0, dataDir: path });
    cleanup.defer(() => emulator.close());
    const connectionString = emulator.registerDevice('myDeviceId');
    const limit = { limitSeconds: 60 };
    const device = cleanup.use(
      await startTutorialDevice(deviceName, connectionString, emulator.caFile, limit),
    );
    const service = cleanup.use(startTutorialService(serviceName, emulator, limit));
    return { device, service, [Symbol.asyncDispose]: cleanup[Symbol.asyncDispose] };
  } catch (error) {
    await cleanup[Symbol.asyncDispose]();
    throw error;
  }
}
