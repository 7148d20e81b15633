import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import {
  ActionsDocument,
  type OperationStateFragment,
  RunActionDocument,
  type RunActionInput,
  WatchOperationDocument,
} from './support/operations.js';
import { type ScriptedDevice, startScriptedDevice } from './support/scripted-device.js';

/** The shipped examples as users run them: named in the configuration, asked for by name. */
describe('examples/profiles.yaml', () => {
  let emulator: TestEmulator;
  let gateway: TestGateway;

  beforeAll(async () => {
    emulator = await startTestEmulator();
    gateway = await startGateway(emulator, {
      environment: { CONFIG_FILE: 'examples/profiles.yaml' },
    });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
  });

  async function run(input: RunActionInput): Promise<OperationStateFragment> {
    const { runAction } = await gateway.data(RunActionDocument, { input });
    if (!runAction) throw new Error('no payload');
    expect(runAction.started).toBe(true);
    return runAction.operation;
  }

  async function ended({ id }: { id: string }): Promise<OperationStateFragment | undefined> {
    const updates = gateway.subscribe(WatchOperationDocument, { id });
    await updates.completed;
    return updates.messages.at(-1)?.operation;
  }

  async function reaches(
    { id }: { id: string },
    isLike: (operation: OperationStateFragment) => boolean,
  ): Promise<void> {
    await using updates = gateway.subscribe(WatchOperationDocument, { id });
    await updates.waitFor(({ operation }) => isLike(operation));
  }

  /** The operation's id as the device was told it. */
  async function accept(device: ScriptedDevice): Promise<string> {
    const call = await device.called();
    await call.answer(200);
    return (call.payload as { operationId: string }).operationId;
  }

  test('are offered beside what is built in', async () => {
    const { actions } = await gateway.data(ActionsDocument, {});

    expect(actions.map(({ name, permission }) => `${name} ${permission}`)).toEqual([
      'updateSoftware action:run',
      'setPowerMode action:run',
      'joinNetwork action:run',
      'encryptStorage action:run',
      'identify action:run',
      'reboot device:reboot',
      'factoryReset device:wipe',
      'updateFirmware device:update',
    ]);
  });

  describe('updateSoftware', () => {
    const action = 'updateSoftware';

    test('tells two at once apart, for the device repeats their ids', async () => {
      const deviceId = 'software';
      await using device = await startScriptedDevice(emulator, deviceId, ['installPackage']);
      const old = await run({ deviceId, action, payload: { package: 'vim', version: '9.0.0' } });
      const oldId = await accept(device);
      const young = await run({ deviceId, action, payload: { package: 'git', version: '2.4.0' } });
      const youngId = await accept(device);
      const installation = { operationId: youngId, version: '2.4.0', status: 'downloading' };
      await device.report({ software: { installation } });
      await reaches(young, ({ progress }) => progress?.step === 'downloading');
      await device.report({ software: { installation: { status: 'installed' } } });

      expect(await ended(young)).toMatchObject({ status: 'SUCCEEDED', attribution: 'EXACT' });
      await device.report({
        software: {
          installation: { operationId: oldId, version: '9.0.0', status: 'installFailed' },
        },
      });
      expect(await ended(old)).toMatchObject({
        status: 'FAILED',
        attribution: 'EXACT',
        failure: {
          code: 'DEVICE_REPORTED_FAILURE',
          data: { 'software.installation.status': 'installFailed' },
        },
      });
      expect([oldId, youngId]).toEqual([old.id, young.id]);
    });

    test.each([
      ['payload.version', { package: 'vim', version: 'new' }],
      ['payload.operationId', { package: 'vim', version: '9.0.0', operationId: 'mine' }],
      ['payload', { package: 'vim' }],
    ])('names %s where the payload is not as it must be', async (argument, payload) => {
      const { errors } = await gateway.execute(RunActionDocument, {
        input: { deviceId: 'software', action, payload },
      });

      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    });
  });

  test('setPowerMode writes the mode, and takes the same mode again for a success', async () => {
    const deviceId = 'power';
    await using device = await startScriptedDevice(emulator, deviceId, [], {
      twinql: { profile: 'node' },
    });
    await device.report({ power: { mode: 'saving' } });
    const told = device.desires(({ power }) => (power as { mode: string })?.mode === 'saving');
    const started = await run({ deviceId, action: 'setPowerMode', payload: { mode: 'saving' } });
    await told;
    await reaches(started, ({ status }) => status === 'ACCEPTED');
    await device.report({ power: { mode: 'saving' } });

    expect(started.profile).toBe('power');
    expect(await ended(started)).toMatchObject({ status: 'SUCCEEDED', proof: 'REPORTED_AFTER' });
  });

  test('joinNetwork succeeds though the device left before it answered', async () => {
    const deviceId = 'network';
    const started = await (async () => {
      await using device = await startScriptedDevice(emulator, deviceId, ['joinNetwork']);
      const operation = await run({ deviceId, action: 'joinNetwork', payload: { ssid: 'yard' } });
      await device.called();
      return operation;
    })();
    await reaches(started, ({ history }) => history.some(({ type }) => type === 'DISCONNECTED'));
    await using back = await startScriptedDevice(emulator, deviceId);
    await reaches(started, ({ history }) => history.some(({ type }) => type === 'RECONNECTED'));
    await back.report({ network: { ssid: 'yard', joinedAt: 'now' } });

    expect(await ended(started)).toMatchObject({ status: 'SUCCEEDED', proof: 'RECONNECTED' });
  });

  test('encryptStorage wants the id typed again, and tells how far it is', async () => {
    const deviceId = 'storage';
    await using device = await startScriptedDevice(emulator, deviceId, ['encrypt']);
    const input = { deviceId, action: 'encryptStorage' };
    const { errors } = await gateway.execute(RunActionDocument, { input });
    const started = await run({ ...input, confirmation: deviceId });
    const call = await device.called();
    await call.answer(202);
    await device.report({ storage: { encryption: { state: 'encrypting', percent: 40 } } });
    await reaches(started, ({ history }) =>
      history.some(
        ({ data }) =>
          (data as Record<string, unknown> | null)?.['storage.encryption.percent'] === 40,
      ),
    );
    await device.report({ storage: { encryption: { state: 'encrypted', percent: 100 } } });

    expect(errors).toMatchObject([{ extensions: { argument: 'confirmation' } }]);
    expect(call.payload).toEqual({ volume: 'data' });
    expect(await ended(started)).toMatchObject({
      status: 'SUCCEEDED',
      progress: { step: 'encrypted', data: { 'storage.encryption.percent': 100 } },
    });
  });

  test('identify succeeds by its answer alone', async () => {
    const deviceId = 'lamp';
    await using device = await startScriptedDevice(emulator, deviceId, ['blink']);
    const started = await run({ deviceId, action: 'identify' });
    await accept(device);

    expect(await ended(started)).toMatchObject({ status: 'SUCCEEDED', proof: 'ACKNOWLEDGED' });
  });
});
