import azureIotDevice from 'azure-iot-device';
import azureIotDeviceMqtt from 'azure-iot-device-mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tutorialProfiles } from '../src/services/actions/built-in.js';
import { parseProfiles } from '../src/services/actions/profile-form.js';
import { createServiceSdk } from './emulator/support/service.js';
import { startGateway, startWorld, type TestGateway, type World } from './support/gateway.js';
import { startHoldingProxy } from './support/holding-proxy.js';
import {
  ActionsDocument,
  CancelOperationDocument,
  FactoryResetDeviceDocument,
  InvokeMethodDocument,
  type InvokeMethodInput,
  OperationDocument,
  type OperationStateFragment,
  OperationsDocument,
  RebootDeviceDocument,
  RepeatOperationDocument,
  RunActionDocument,
  type RunActionInput,
  UpdateFirmwareDocument,
  type UpdateFirmwareInput,
  WatchOperationDocument,
} from './support/operations.js';
import { startScriptedDevice } from './support/scripted-device.js';

/** A convention with a deadline that a test can wait for. */
const hasty = tutorialProfiles
  .filter(({ name }) => name === 'desired')
  .map((profile) => ({ ...profile, name: 'hasty', deadlineSeconds: 2 }));

let world: World;

beforeAll(async () => {
  world = await startWorld({ profiles: [...tutorialProfiles, ...hasty] });
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** The last state of an operation, by its subscription. */
async function ended(
  { id }: { id: string },
  gateway: TestGateway = world.gateway,
): Promise<OperationStateFragment> {
  const updates = gateway.subscribe(WatchOperationDocument, { id });
  await updates.completed;
  const last = updates.messages.at(-1)?.operation;
  if (!last) throw new Error('no state was sent');
  return last;
}

/** Resolves when an operation shows this. */
async function reaches(
  { id }: { id: string },
  isLike: (operation: OperationStateFragment) => boolean,
): Promise<OperationStateFragment> {
  await using updates = world.gateway.subscribe(WatchOperationDocument, { id });
  return (await updates.waitFor(({ operation }) => isLike(operation))).operation;
}

async function invoke(input: InvokeMethodInput): Promise<OperationStateFragment> {
  const { invokeMethod } = await world.gateway.data(InvokeMethodDocument, { input });
  if (!invokeMethod) throw new Error('no payload');
  expect(invokeMethod.started).toBe(true);
  return invokeMethod.operation;
}

async function update(input: UpdateFirmwareInput): Promise<OperationStateFragment> {
  const { updateFirmware } = await world.gateway.data(UpdateFirmwareDocument, { input });
  if (!updateFirmware) throw new Error('no payload');
  expect(updateFirmware.started).toBe(true);
  return updateFirmware.operation;
}

describe('actions', () => {
  test('tells what can be done, by which conventions, with what, and who may', async () => {
    const { actions } = await world.gateway.data(ActionsDocument, {});

    expect(
      actions.map(({ name, permission, needsConfirmation, profiles }) => [
        name,
        permission,
        needsConfirmation,
        profiles.map((profile) => `${profile.name} ${profile.kind}`),
      ]),
    ).toEqual([
      ['reboot', 'device:reboot', false, ['node METHOD', 'python METHOD', 'java METHOD']],
      ['factoryReset', 'device:wipe', true, ['node METHOD']],
      [
        'updateFirmware',
        'device:update',
        false,
        ['node METHOD', 'desired DESIRED', 'hasty DESIRED'],
      ],
    ]);
    expect(actions[2]?.profiles[0]).toMatchObject({
      payloadSchema: { required: ['fwPackageUri'] },
      disturbing: true,
      hasEvidence: true,
      deadlineSeconds: 3600,
    });
    expect(actions.flatMap(({ profiles }) => profiles).every((one) => one.description)).toBe(true);
  });
});

describe('invokeMethod', () => {
  test('brings a yes to SUCCEEDED, acknowledged, with the answer in view', async () => {
    const deviceId = 'invoked';
    await using device = await startScriptedDevice(world.emulator, deviceId, ['measure']);
    const before = world.emulator.calls.count({ operation: 'twin.get', deviceId });
    const { id } = await invoke({ deviceId, method: 'measure', payload: { unit: 'kelvin' } });
    const call = await device.called();
    expect(call.payload).toEqual({ unit: 'kelvin' });
    await call.answer(207, { kelvin: 293.15 });

    expect(await ended({ id })).toMatchObject({
      action: 'invokeMethod',
      status: 'SUCCEEDED',
      proof: 'ACKNOWLEDGED',
      response: { status: 207, payload: { kelvin: 293.15 } },
      command: { kind: 'METHOD', name: 'measure', moduleId: null, payload: { unit: 'kelvin' } },
      progress: null,
    });
    // A method is one request: its twin has nothing to say.
    expect(world.emulator.calls.count({ operation: 'twin.get', deviceId })).toBe(before);
    expect(world.emulator.calls.count({ operation: 'method.invoke', deviceId })).toBe(1);
  });

  test('reaches a module', async () => {
    const { registry } = createServiceSdk(world.emulator);
    world.emulator.registerDevice('modular');
    const { responseBody } = await registry.addModule({ deviceId: 'modular', moduleId: 'camera' });
    const key = responseBody.authentication?.symmetricKey?.primaryKey;
    const client = azureIotDevice.ModuleClient.fromConnectionString(
      `HostName=localhost:${world.emulator.mqttPort};DeviceId=modular;ModuleId=camera;SharedAccessKey=${key}`,
      azureIotDeviceMqtt.Mqtt,
    );
    await client.setOptions({ ca: world.emulator.ca });
    await client.open();
    client.onMethod('snap', (request, response) => void response?.send(200, request?.payload));
    await client.getTwin();
    try {
      const { id } = await invoke({
        deviceId: 'modular',
        moduleId: 'camera',
        method: 'snap',
        payload: 'smile',
      });
      expect(await ended({ id })).toMatchObject({
        status: 'SUCCEEDED',
        response: { payload: 'smile' },
        command: { moduleId: 'camera' },
      });
    } finally {
      await client.close();
    }
  });

  test.each([
    { what: 'an unknown device', device: undefined, code: 'DEVICE_NOT_FOUND' },
    { what: 'an absent device', device: 'absent', code: 'DEVICE_OFFLINE' },
  ] as const)('ends $what with $code', async ({ device, code }) => {
    const deviceId = `invoke-${code.toLowerCase()}`;
    if (device) world.emulator.registerDevice(deviceId);

    expect(await ended(await invoke({ deviceId, method: 'measure' }))).toMatchObject({
      status: 'FAILED',
      proof: null,
      failure: { code },
    });
  });

  test('waits for an absent device to connect when asked to', async () => {
    const deviceId = 'late-comer';
    world.emulator.registerDevice(deviceId);
    const { id } = await invoke({ deviceId, method: 'measure', connectTimeoutSeconds: 20 });
    await reaches({ id }, ({ status }) => status === 'SENDING');
    await using device = await startScriptedDevice(world.emulator, deviceId, ['measure']);
    await (await device.called()).answer(200);

    expect((await ended({ id })).status).toBe('SUCCEEDED');
  });

  test('ends a no with what the device said', async () => {
    const deviceId = 'refusing';
    await using device = await startScriptedDevice(world.emulator, deviceId, ['measure']);
    const { id } = await invoke({ deviceId, method: 'measure' });
    await (await device.called()).answer(503, 'warming up');

    expect(await ended({ id })).toMatchObject({
      status: 'FAILED',
      failure: { code: 'METHOD_REJECTED', message: expect.stringContaining('measure') },
      response: { status: 503, payload: 'warming up' },
    });
  });

  test('says of silence that it does not know, once the time is over, and leaves no doubt behind', async () => {
    const deviceId = 'silent';
    await using _device = await startScriptedDevice(world.emulator, deviceId, [
      'measure',
      'reboot',
    ]);
    const { id } = await invoke({ deviceId, method: 'measure', responseTimeoutSeconds: 5 });

    const operation = await ended({ id });
    expect(operation).toMatchObject({
      status: 'TIMED_OUT',
      failure: { code: 'NO_ANSWER', retryable: true },
    });
    expect(Date.parse(operation.finishedAt ?? '')).toBeGreaterThanOrEqual(
      Date.parse(operation.deadlineAt ?? ''),
    );
    // It never had evidence to come: a reboot after it knows what is its own.
    const { rebootDevice } = await world.gateway.data(RebootDeviceDocument, {
      input: { deviceId },
    });
    expect(rebootDevice?.operation.attribution).toBe('PRESUMED');
  });

  test('runs beside what keeps the device busy', async () => {
    const deviceId = 'busy-rebooting';
    await using device = await startScriptedDevice(world.emulator, deviceId, ['reboot', 'measure']);
    await world.gateway.data(RebootDeviceDocument, { input: { deviceId } });
    await device.called();
    const { id } = await invoke({ deviceId, method: 'measure' });
    await (await device.called()).answer(200);

    expect((await ended({ id })).status).toBe('SUCCEEDED');
  });

  test('takes a key for the same call only', async () => {
    const deviceId = 'invoke-keyed';
    world.emulator.registerDevice(deviceId);
    const input = { deviceId, method: 'measure', idempotencyKey: 'once' };
    const { id } = await invoke(input);
    const again = await world.gateway.data(InvokeMethodDocument, { input });
    const other = await world.gateway.execute(InvokeMethodDocument, {
      input: { ...input, method: 'weigh' },
    });

    expect(again.invokeMethod).toMatchObject({ started: false, operation: { id } });
    expect(other.errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED' } }]);
  });

  test.each<[string, Partial<InvokeMethodInput>]>([
    ['method', { method: '' }],
    ['method', { method: 'm'.repeat(101) }],
    ['moduleId', { moduleId: 'a/b' }],
    ['connectTimeoutSeconds', { connectTimeoutSeconds: -1 }],
    ['connectTimeoutSeconds', { connectTimeoutSeconds: 301 }],
    ['responseTimeoutSeconds', { responseTimeoutSeconds: 4 }],
  ])('refuses a %s that cannot be: %j', async (argument, input) => {
    const { errors } = await world.gateway.execute(InvokeMethodDocument, {
      input: { deviceId: 'never-invoked', method: 'measure', ...input },
    });

    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });
});

describe('factoryResetDevice', () => {
  test('resets a device whose id is typed again', async () => {
    const deviceId = 'reset';
    await using device = await startScriptedDevice(world.emulator, deviceId, ['factoryReset']);
    const { factoryResetDevice } = await world.gateway.data(FactoryResetDeviceDocument, {
      input: { deviceId, confirmation: deviceId },
    });
    await (await device.called()).answer(200);
    await device.report({ iothubDM: { factoryReset: { lastFactoryReset: 'just now' } } });

    expect(factoryResetDevice?.started).toBe(true);
    expect(await ended({ id: factoryResetDevice?.operation.id ?? '' })).toMatchObject({
      action: 'factoryReset',
      status: 'SUCCEEDED',
      proof: 'ANNOUNCED',
    });
  });

  test.each(['', 'Kept', 'kept '])('does nothing where it is typed as %j', async (confirmation) => {
    const deviceId = 'kept';
    world.emulator.registerDevice(deviceId);
    const before = world.emulator.calls.count({ deviceId });
    const refused = await world.gateway.execute(FactoryResetDeviceDocument, {
      input: { deviceId, confirmation },
    });

    expect(refused.data).toEqual({ factoryResetDevice: null });
    expect(refused.errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: 'confirmation' } },
    ]);
    expect(world.emulator.calls.count({ deviceId })).toBe(before);
  });

  test('cannot be got around by runAction or repeatOperation', async () => {
    const deviceId = 'guarded';
    world.emulator.registerDevice(deviceId);
    const { factoryResetDevice } = await world.gateway.data(FactoryResetDeviceDocument, {
      input: { deviceId, confirmation: deviceId },
    });
    const { id } = await ended({ id: factoryResetDevice?.operation.id ?? '' });
    const run = await world.gateway.execute(RunActionDocument, {
      input: { deviceId, action: 'factoryReset' },
    });
    const repeat = await world.gateway.execute(RepeatOperationDocument, { input: { id } });

    for (const { errors } of [run, repeat]) {
      expect(errors).toMatchObject([{ extensions: { argument: 'confirmation' } }]);
    }
  });
});

describe('updateFirmware by method', () => {
  const payload = { fwPackageUri: 'https://firmware.example/1.5.0.bin' };

  test('shows each step, and succeeds when it is applied', async () => {
    const deviceId = 'fw-method';
    await using device = await startScriptedDevice(world.emulator, deviceId, ['firmwareUpdate']);
    const { id } = await update({ deviceId, payload });
    const call = await device.called();
    expect(call.payload).toEqual(payload);
    await call.answer(200, 'FirmwareUpdate started');
    const step = (firmwareUpdate: object) => device.report({ iothubDM: { firmwareUpdate } });
    for (const status of ['waiting', 'downloading', 'downloadComplete', 'applying']) {
      await step({ status });
      const shown = await reaches({ id }, ({ progress }) => progress?.step === status);
      expect(shown).toMatchObject({
        status: 'IN_PROGRESS',
        progress: { data: { 'iothubDM.firmwareUpdate.status': status } },
      });
    }
    await step({ status: 'applyComplete', lastFirmwareUpdate: '2026-03-09T07:00:00.000Z' });

    const operation = await ended({ id });
    expect(operation).toMatchObject({
      status: 'SUCCEEDED',
      proof: 'REPORTED_AFTER',
      progress: { step: 'applyComplete' },
    });
    const progress = operation.history.filter(({ type }) => type === 'PROGRESS');
    expect(progress.map(({ message }) => message)).toEqual([
      'the device reported: waiting',
      'the device reported: downloading',
      'the device reported: downloadComplete',
      'the device reported: applying',
      'the device reported: applyComplete',
    ]);
  });

  test.each(['downloadFailed', 'downloadfailed', 'applyFailed'])(
    'fails with what the device reported when it says %s, and not by what it said before',
    async (status) => {
      const deviceId = `fw-${status}`;
      await using device = await startScriptedDevice(world.emulator, deviceId, ['firmwareUpdate']);
      await device.report({ iothubDM: { firmwareUpdate: { status, error: 'an old one' } } });
      const { id } = await update({ deviceId, payload });
      await (await device.called()).answer(200);
      await device.report({ iothubDM: { firmwareUpdate: { startedWaitingTime: 'now' } } });
      await reaches({ id }, ({ progress }) => progress !== null);
      const error = { code: 28, message: 'no space left' };
      await device.report({ iothubDM: { firmwareUpdate: { status, error } } });

      expect(await ended({ id })).toMatchObject({
        status: 'FAILED',
        proof: null,
        failure: {
          code: 'DEVICE_REPORTED_FAILURE',
          retryable: false,
          data: {
            'iothubDM.firmwareUpdate.status': status,
            'iothubDM.firmwareUpdate.error': error,
          },
        },
      });
    },
  );

  test.each([
    ['payload', undefined],
    ['payload', null],
    ['payload', {}],
    ['payload.fwPackageUri', { fwPackageUri: 'not a uri' }],
    ['payload.fwPackageUri', { fwPackageUri: 1 }],
  ])(
    'names %s of a payload that its schema refuses: %j, and sends nothing',
    async (argument, bad) => {
      const deviceId = 'fw-refused';
      await using _device = await startScriptedDevice(world.emulator, deviceId, ['firmwareUpdate']);
      const { errors } = await world.gateway.execute(UpdateFirmwareDocument, {
        input: { deviceId, ...(bad !== undefined && { payload: bad }) },
      });

      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
      const { operations } = await world.gateway.data(OperationsDocument, { where: { deviceId } });
      expect(operations.nodes).toEqual([]);
      expect(world.emulator.calls.count({ operation: 'method.invoke', deviceId })).toBe(0);
    },
  );
});

describe('updateFirmware by desired properties', () => {
  const payload = {
    fwVersion: '1.5.0',
    fwPackageURI: 'https://firmware.example/1.5.0.bin',
    fwPackageCheckValue: 'c0ffee',
  };
  const profile = 'desired';

  test('writes them, and succeeds when the device runs that version', async () => {
    const deviceId = 'fw-desired';
    await using device = await startScriptedDevice(world.emulator, deviceId);
    await device.report({ firmware: { currentFwVersion: '1.4.0', fwUpdateStatus: 'current' } });
    const told = device.desires(
      ({ firmware }) => (firmware as typeof payload)?.fwVersion === '1.5.0',
    );
    const { id } = await update({ deviceId, profile, payload });
    await told;
    const accepted = await reaches({ id }, ({ status }) => status === 'ACCEPTED');
    expect(accepted).toMatchObject({
      command: { kind: 'DESIRED', name: 'firmware', payload },
      response: null,
      acceptedAt: expect.any(String),
    });
    // Its boot report of the old version is no success, though the status is the one that is waited for.
    await device.report({ firmware: { pendingFwVersion: '1.5.0', fwUpdateStatus: 'current' } });
    await reaches({ id }, ({ progress }) => progress?.step === 'current');
    await device.report({ firmware: { fwUpdateStatus: 'downloading', fwUpdateSubstatus: '50' } });
    const shown = await reaches({ id }, ({ progress }) => progress?.step === 'downloading');
    expect(Date.parse(shown.progress?.at ?? '')).toBeGreaterThan(Date.parse(shown.requestedAt));
    expect(shown.progress?.data).toEqual({
      'firmware.fwUpdateStatus': 'downloading',
      'firmware.fwUpdateSubstatus': '50',
      'firmware.pendingFwVersion': '1.5.0',
    });
    await device.report({
      firmware: { fwUpdateStatus: 'current', currentFwVersion: '1.5.0', pendingFwVersion: '' },
    });

    expect(await ended({ id })).toMatchObject({ status: 'SUCCEEDED', proof: 'REPORTED_AFTER' });
    expect(world.emulator.calls.count({ operation: 'twin.patch', deviceId })).toBe(1);
  });

  test.each(['error', 'rolledback'])('fails when the device says %s', async (status) => {
    const deviceId = `fw-desired-${status}`;
    await using device = await startScriptedDevice(world.emulator, deviceId);
    const told = device.desires(({ firmware }) => firmware !== undefined);
    const { id } = await update({ deviceId, profile, payload });
    await told;
    await reaches({ id }, (operation) => operation.status === 'ACCEPTED');
    await device.report({
      firmware: { fwUpdateStatus: status, fwUpdateSubstatus: 'bad checksum' },
    });

    expect(await ended({ id })).toMatchObject({
      status: 'FAILED',
      failure: {
        code: 'DEVICE_REPORTED_FAILURE',
        data: { 'firmware.fwUpdateStatus': status, 'firmware.fwUpdateSubstatus': 'bad checksum' },
      },
    });
  });

  test('says of an absent device that the hub has them and nothing was reported', async () => {
    const deviceId = 'fw-absent';
    world.emulator.registerDevice(deviceId);

    expect(await ended(await update({ deviceId, profile: 'hasty', payload }))).toMatchObject({
      status: 'TIMED_OUT',
      failure: {
        code: 'NO_EVIDENCE',
        message: expect.stringContaining('desired property firmware'),
      },
    });
  });

  test('says of an unknown device that there is none', async () => {
    const deviceId = 'fw-nobody';

    expect(await ended(await update({ deviceId, profile, payload }))).toMatchObject({
      status: 'FAILED',
      failure: { code: 'DEVICE_NOT_FOUND' },
    });
    expect(world.emulator.calls.count({ operation: 'twin.patch', deviceId })).toBe(0);
  });

  test.each([
    { what: 'was written', when: 'after', status: 'ACCEPTED' },
    { what: 'was not written', when: 'before', status: 'SENDING' },
  ] as const)(
    'finds out from the twin whether what got no answer $what, and never writes it again',
    async ({ when, status }) => {
      const deviceId = `fw-reset-${when}`;
      world.emulator.registerDevice(deviceId);
      world.emulator.faults.add({
        operation: 'twin.patch',
        deviceId,
        effect: { kind: 'reset', when },
      });
      const { id } = await update({ deviceId, profile: 'hasty', payload });
      const operation = await ended({ id });

      expect(operation.failure?.code).toBe(status === 'ACCEPTED' ? 'NO_EVIDENCE' : 'NO_ANSWER');
      expect(operation.history.map(({ type }) => type)).toEqual(
        status === 'ACCEPTED'
          ? ['REQUESTED', 'SENDING', 'ANSWER_UNKNOWN', 'WRITTEN', 'FINISHED']
          : ['REQUESTED', 'SENDING', 'ANSWER_UNKNOWN', 'FINISHED'],
      );
      expect(world.emulator.calls.count({ operation: 'twin.patch', deviceId })).toBe(1);
    },
  );

  test('takes no time to answer, for nobody answers', async () => {
    const { errors } = await world.gateway.execute(UpdateFirmwareDocument, {
      input: { deviceId: 'fw-nobody', profile, payload, responseTimeoutSeconds: 30 },
    });

    expect(errors).toMatchObject([{ extensions: { argument: 'responseTimeoutSeconds' } }]);
  });
});

describe('runAction', () => {
  test('knows no action that nobody described, and says which there are', async () => {
    const { errors } = await world.gateway.execute(RunActionDocument, {
      input: { deviceId: 'any', action: 'fly' },
    });

    expect(errors).toMatchObject([
      {
        message:
          'action: there is none of that name; expected reboot, factoryReset, updateFirmware',
        extensions: { code: 'BAD_USER_INPUT', argument: 'action' },
      },
    ]);
  });
});

describe('a desired property of a module', () => {
  const profiles = parseProfiles([
    {
      name: 'plug',
      action: 'setPower',
      disturbing: false,
      command: { kind: 'DESIRED', path: 'power', moduleId: 'plug' },
    },
  ]);
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startGateway(world.emulator, { profiles });
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
  });

  async function run(input: RunActionInput): Promise<OperationStateFragment> {
    const { runAction } = await gateway.data(RunActionDocument, { input });
    if (!runAction) throw new Error('no payload');
    return ended(runAction.operation, gateway);
  }

  test('is written into its twin, by the convention or as the caller says, and again', async () => {
    const { registry } = createServiceSdk(world.emulator);
    const deviceId = 'strip';
    world.emulator.registerDevice(deviceId);
    for (const moduleId of ['plug', 'socket']) await registry.addModule({ deviceId, moduleId });
    const desired = async (moduleId: string) =>
      (await registry.getModuleTwin(deviceId, moduleId)).responseBody.properties.desired;
    const first = await run({ deviceId, action: 'setPower', payload: { on: true } });
    const second = await run({
      ...{ deviceId, action: 'setPower', moduleId: 'socket' },
      payload: { on: false },
    });
    const input = { id: second.id };
    const { repeatOperation } = await gateway.data(RepeatOperationDocument, { input });
    const third = await ended({ id: repeatOperation?.operation.id ?? '' }, gateway);

    for (const [operation, moduleId] of [
      [first, 'plug'],
      [second, 'socket'],
      [third, 'socket'],
    ] as const) {
      expect(operation).toMatchObject({
        status: 'SUCCEEDED',
        proof: 'ACKNOWLEDGED',
        command: { kind: 'DESIRED', name: 'power', moduleId },
      });
    }
    expect(await desired('plug')).toMatchObject({ power: { on: true } });
    expect(await desired('socket')).toMatchObject({ power: { on: false } });
    const { responseBody } = await registry.getTwin(deviceId);
    expect(responseBody.properties.desired).not.toHaveProperty('power');
  });

  test('that the device does not have is refused, naming it', async () => {
    world.emulator.registerDevice('bare');

    expect(await run({ deviceId: 'bare', action: 'setPower', payload: 1 })).toMatchObject({
      status: 'FAILED',
      failure: { code: 'DEVICE_NOT_FOUND', message: expect.stringContaining('bare/plug') },
    });
  });

  test('is of unknown outcome where the answer is lost, since nobody reads that twin', async () => {
    const deviceId = 'strip-of-silence';
    const { registry } = createServiceSdk(world.emulator);
    world.emulator.registerDevice(deviceId);
    await registry.addModule({ deviceId, moduleId: 'plug' });
    await using hasty = await startGateway(world.emulator, {
      profiles: profiles.map((profile) => ({ ...profile, deadlineSeconds: 1 })),
    });
    const effect = { kind: 'reset', when: 'after' } as const;
    world.emulator.faults.add({ operation: 'twin.patch', deviceId, times: 1, effect });
    const { runAction } = await hasty.data(RunActionDocument, {
      input: { deviceId, action: 'setPower', payload: 1 },
    });

    expect(await ended({ id: runAction?.operation.id ?? '' }, hasty)).toMatchObject({
      status: 'TIMED_OUT',
      failure: { code: 'NO_ANSWER' },
    });
    expect(world.emulator.calls.count({ operation: 'twin.patch', deviceId })).toBe(1);
  });

  test('is asked for with the id of a module', async () => {
    const { errors } = await gateway.execute(RunActionDocument, {
      input: { deviceId: 'bare', action: 'setPower', moduleId: 'no/module' },
    });

    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: 'moduleId' } },
    ]);
  });
});

describe('repeatOperation', () => {
  test('asks for the same again, as an operation of its own', async () => {
    const deviceId = 'again';
    await using device = await startScriptedDevice(world.emulator, deviceId, ['measure']);
    const first = await invoke({
      deviceId,
      method: 'measure',
      payload: { unit: 'kelvin' },
      responseTimeoutSeconds: 7,
    });
    await (await device.called()).answer(500);
    await ended(first);
    const input = { id: first.id, idempotencyKey: 'again' };
    const { repeatOperation } = await world.gateway.data(RepeatOperationDocument, { input });
    const call = await device.called();
    await call.answer(200);
    const again = await world.gateway.data(RepeatOperationDocument, { input });

    expect(call.payload).toEqual({ unit: 'kelvin' });
    expect(repeatOperation).toMatchObject({
      started: true,
      operation: { action: 'invokeMethod', command: first.command },
    });
    expect(repeatOperation?.operation.id).not.toBe(first.id);
    expect(again.repeatOperation).toMatchObject({
      started: false,
      operation: { id: repeatOperation?.operation.id },
    });
    expect((await ended({ id: repeatOperation?.operation.id ?? '' })).status).toBe('SUCCEEDED');
  });

  test('repeats a desired property by the same convention', async () => {
    const deviceId = 'again-desired';
    world.emulator.registerDevice(deviceId);
    const payload = { fwVersion: '2.0.0', fwPackageURI: 'https://firmware.example/2.bin' };
    const first = await ended(await update({ deviceId, profile: 'hasty', payload }));
    const { repeatOperation } = await world.gateway.data(RepeatOperationDocument, {
      input: { id: first.id },
    });

    expect(repeatOperation?.operation).toMatchObject({
      profile: 'hasty',
      command: first.command,
    });
  });

  test('knows only operations that were', async () => {
    const { errors } = await world.gateway.execute(RepeatOperationDocument, {
      input: { id: '00000000-0000-7000-8000-000000000000' },
    });

    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_NOT_FOUND', argument: 'id' } }]);
  });
});

describe('cancelOperation', () => {
  test('stops what was not sent yet, so that it never is', async () => {
    const { emulator } = world;
    await using proxy = await startHoldingProxy(emulator.httpsPort);
    const connectionString = emulator.connectionString.replace(
      `:${emulator.httpsPort};`,
      `:${proxy.port};`,
    );
    await using gateway = await startGateway({ ...emulator, connectionString });
    const deviceId = 'spared';
    await using device = await startScriptedDevice(emulator, deviceId, ['reboot']);
    // A twin is read on a connection that is kept; a call has one of its own.
    await gateway.data(RebootDeviceDocument, { input: { deviceId: 'warm-up' } });
    proxy.hold();
    const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input: { deviceId } });
    const id = rebootDevice?.operation.id ?? '';
    await proxy.held();
    const input = { id, reason: 'wrong device' };
    const { cancelOperation } = await gateway.data(CancelOperationDocument, { input });
    const { cancelOperation: again } = await gateway.data(CancelOperationDocument, { input });
    proxy.release();
    // The device is free: what comes next is sent, and is the first that reaches it.
    const { invokeMethod: next } = await gateway.data(InvokeMethodDocument, {
      input: { deviceId, method: 'reboot', payload: 'the next' },
    });
    const call = await device.called();
    await call.answer(200);
    await ended({ id: next?.operation.id ?? '' }, gateway);

    expect(cancelOperation).toMatchObject({
      canceled: true,
      refusal: null,
      operation: { status: 'CANCELED', failure: null },
    });
    expect(again).toMatchObject({ canceled: true, operation: { status: 'CANCELED' } });
    expect(call.payload).toBe('the next');
    const { operation } = await gateway.data(OperationDocument, { id });
    expect(operation?.history.map(({ type, message }) => `${type} ${message}`)).toEqual([
      'REQUESTED requested by local-developer',
      'CANCELED canceled by local-developer: wrong device',
    ]);
    expect(emulator.calls.count({ operation: 'method.invoke', deviceId })).toBe(1);
  });

  test('cannot take back what was sent, nor what has ended, and says so', async () => {
    const deviceId = 'too-late';
    await using device = await startScriptedDevice(world.emulator, deviceId, ['measure']);
    const { id } = await invoke({ deviceId, method: 'measure' });
    const call = await device.called();
    const input = { id, reason: 'second thoughts' };
    const { cancelOperation: sent } = await world.gateway.data(CancelOperationDocument, { input });
    await call.answer(200);
    await ended({ id });
    const { cancelOperation: over } = await world.gateway.data(CancelOperationDocument, { input });

    expect(sent).toMatchObject({
      canceled: false,
      refusal: expect.stringContaining('sent already'),
      operation: { status: 'SENDING' },
    });
    expect(over).toMatchObject({
      canceled: false,
      refusal: expect.stringContaining('ended already'),
      operation: { status: 'SUCCEEDED' },
    });
  });

  test.each(['', 'x'.repeat(1025)])('wants a reason', async (reason) => {
    const { errors } = await world.gateway.execute(CancelOperationDocument, {
      input: { id: '00000000-0000-7000-8000-000000000000', reason },
    });

    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'reason' } }]);
  });
});
