import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { type GatewayProcess, startGatewayProcess } from './support/gateway.js';
import {
  OperationDocument,
  RebootDeviceDocument,
  WatchOperationDocument,
  WatchRebootDocument,
} from './support/operations.js';
import { startProgram } from './support/program.js';
import { startPuppetDevice } from './support/puppet-device.js';
import { createTemporaryFolder, type TemporaryFolder } from './support/temporary-folder.js';

const stoppedCleanly = { code: 0, signal: null };

describe('a gateway that is told to stop', () => {
  let emulator: TestEmulator;
  let folder: TemporaryFolder;

  beforeAll(async () => {
    emulator = await startTestEmulator();
    folder = await createTemporaryFolder();
  });

  afterAll(async () => {
    await emulator[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  function start(name: string): Promise<GatewayProcess> {
    return startGatewayProcess({
      IOTHUB_CONNECTION_STRING: emulator.connectionString,
      IOTHUB_CA_FILE: emulator.caFile,
      DATA_DIR: `${folder.path}/${name}`,
    });
  }

  async function reboot(gateway: GatewayProcess, deviceId: string): Promise<string> {
    const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input: { deviceId } });
    return rebootDevice?.operation.id ?? '';
  }

  /** Resolves when it starts nothing more. */
  async function refuses(gateway: GatewayProcess): Promise<void> {
    emulator.registerDevice('refused');
    await vi.waitFor(async () => {
      const { errors } = await gateway.execute(RebootDeviceDocument, {
        input: { deviceId: 'refused' },
      });
      expect(errors).toMatchObject([{ extensions: { code: 'SHUTTING_DOWN' } }]);
    });
  }

  test('while it starts lets go of what it has started, and ends', async () => {
    await using program = startProgram('dist/main.js', {
      env: {
        PORT: '0',
        IOTHUB_CONNECTION_STRING: emulator.connectionString,
        IOTHUB_CA_FILE: emulator.caFile,
        DATA_DIR: `${folder.path}/starting`,
      },
    });
    // It listens, and is not ready yet.
    await program.waitFor(/Server listening/);
    program.kill('SIGTERM');

    expect(await program.exit()).toEqual(stoppedCleanly);
  });

  test('lets the call under way end, starts nothing more, and tells its subscribers', async () => {
    const deviceId = 'under-way';
    await using device = await startPuppetDevice(emulator, deviceId);
    await using first = await start(deviceId);
    const status = first.subscribe(WatchRebootDocument, { deviceId });
    const id = await reboot(first, deviceId);
    const answer = await device.called();

    first.program.kill('SIGTERM');
    // One Ctrl-C may come twice.
    first.program.kill('SIGINT');
    await expect(status.completed).rejects.toMatchObject([
      { extensions: { code: 'SHUTTING_DOWN' } },
    ]);
    await refuses(first);
    const meanwhile = await first.data(OperationDocument, { id });
    await answer(200);
    const exit = await first.program.exit();
    await using second = await start(deviceId);
    const { operation } = await second.data(OperationDocument, { id });

    expect(meanwhile.operation?.status).toBe('SENDING');
    expect(exit).toEqual(stoppedCleanly);
    expect(operation).toMatchObject({ status: 'ACCEPTED', response: { status: 200 } });
    await device.report('later');
    const updates = second.subscribe(WatchOperationDocument, { id });
    await updates.completed;
    expect(updates.messages.at(-1)?.operation.status).toBe('SUCCEEDED');
    expect(emulator.calls.count({ operation: 'method.invoke', deviceId })).toBe(1);
    expect(emulator.calls.count({ deviceId: 'refused' })).toBe(0);
  });

  test('does not wait for ever: a call that does not end is watched on by the next', async () => {
    const deviceId = 'silent';
    await using device = await startPuppetDevice(emulator, deviceId);
    await using first = await start(deviceId);
    const id = await reboot(first, deviceId);
    await device.called();

    first.program.kill('SIGTERM');
    expect(await first.program.exit()).toEqual(stoppedCleanly);
    await device.report('at last');
    await using second = await start(deviceId);
    const updates = second.subscribe(WatchOperationDocument, { id });
    await updates.completed;

    expect(updates.messages.at(-1)?.operation).toMatchObject({
      status: 'SUCCEEDED',
      response: null,
    });
    expect(emulator.calls.count({ operation: 'method.invoke', deviceId })).toBe(1);
  });

  test('ends at once when it is told a second time', async () => {
    const deviceId = 'impatient';
    await using device = await startPuppetDevice(emulator, deviceId);
    await using gateway = await start(deviceId);
    await reboot(gateway, deviceId);
    await device.called();

    gateway.program.kill('SIGTERM');
    await refuses(gateway);
    let exit: unknown;
    void gateway.program.exit().then((value) => {
      exit = value;
    });
    // Told again and again, as the first repetitions may pass for echoes of the first.
    await vi.waitUntil(() => {
      gateway.program.kill('SIGTERM');
      return exit;
    });

    expect(exit).toEqual({ code: null, signal: 'SIGTERM' });
  });
});
