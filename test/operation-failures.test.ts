import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FaultEffect } from '../src/emulator/faults.js';
import { tutorialProfiles } from '../src/services/actions/built-in.js';
import type { OperationFailureCode } from '../src/services/actions/operation.js';
import { openSqliteJournal } from '../src/services/store/sqlite-journal.js';
import { createElasticClock } from './faults/support/elastic-clock.js';
import { requestedOperation } from './services/support/operations.js';
import { startGateway, startWorld, type TestGateway, type World } from './support/gateway.js';
import {
  InvokeMethodDocument,
  OperationDocument,
  type OperationStateFragment,
  RebootDeviceDocument,
  UpdateFirmwareDocument,
  WatchOperationDocument,
} from './support/operations.js';
import { type PuppetDevice, startPuppetDevice } from './support/puppet-device.js';
import { type ScriptedDevice, startScriptedDevice } from './support/scripted-device.js';
import { createTemporaryFolder } from './support/temporary-folder.js';

let world: World;

beforeAll(async () => {
  const hasty = tutorialProfiles.map((profile) => ({ ...profile, deadlineSeconds: 2 }));
  world = await startWorld({ profiles: hasty });
});

afterAll(() => world[Symbol.asyncDispose]());

/** The last state of an operation. */
async function ended(id: string, gateway: TestGateway = world.gateway) {
  await using updates = gateway.subscribe(WatchOperationDocument, { id });
  await updates.completed;
  const last = updates.messages.at(-1)?.operation;
  if (!last) throw new Error('no state was sent');
  return last;
}

/** Calls a method, whose answer may take five seconds. */
async function invoke(deviceId: string): Promise<string> {
  const input = { deviceId, method: 'measure', responseTimeoutSeconds: 5 };
  const { invokeMethod } = await world.gateway.data(InvokeMethodDocument, { input });
  return invokeMethod?.operation.id ?? '';
}

async function reboot(deviceId: string, gateway: TestGateway = world.gateway): Promise<string> {
  const input = { deviceId, responseTimeoutSeconds: 5 };
  const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input });
  return rebootDevice?.operation.id ?? '';
}

async function update(deviceId: string): Promise<string> {
  const input = { deviceId, payload: { fwPackageUri: 'https://packages.example/1.bin' } };
  const { updateFirmware } = await world.gateway.data(UpdateFirmwareDocument, { input });
  return updateFirmware?.operation.id ?? '';
}

let count = 0;
const newId = () => `device-${++count}`;

/** A method that the hub refuses like this. */
async function refused(effect: FaultEffect): Promise<OperationStateFragment> {
  const deviceId = newId();
  world.emulator.registerDevice(deviceId);
  world.emulator.faults.add({ operation: 'method.invoke', deviceId, effect });
  return ended(await invoke(deviceId));
}

/** A reboot of a device that does this. */
async function rebooted(act: (device: PuppetDevice) => unknown): Promise<OperationStateFragment> {
  const deviceId = newId();
  await using device = await startPuppetDevice(world.emulator, deviceId);
  const id = await reboot(deviceId);
  await act(device);
  return await ended(id);
}

/** A firmware update of a device that does this. */
async function updated(act: (device: ScriptedDevice) => unknown): Promise<OperationStateFragment> {
  const deviceId = newId();
  await using device = await startScriptedDevice(world.emulator, deviceId, ['firmwareUpdate']);
  const id = await update(deviceId);
  await act(device);
  return await ended(id);
}

/**
 * Those of messages, which message.test.ts causes; but for MESSAGE_REJECTED, which no device can
 * cause over MQTT: fold-message.test.ts has it.
 */
type MessageFailureCode =
  | 'DEVICE_QUEUE_FULL'
  | 'MESSAGE_EXPIRED'
  | 'MESSAGE_UNDELIVERABLE'
  | 'MESSAGE_REJECTED'
  | 'MESSAGE_PURGED'
  | 'NO_FEEDBACK';

type CausedCode = Exclude<OperationFailureCode, MessageFailureCode>;

/** How an operation comes by each code. A new code needs a row. */
const causes: Readonly<Record<CausedCode, () => Promise<OperationStateFragment>>> = {
  async NOT_SENT() {
    await using folder = await createTemporaryFolder();
    const deviceId = newId();
    world.emulator.registerDevice(deviceId);
    // As a gateway leaves it that was killed between recording and sending.
    const interrupted = { hub: 'localhost', deviceId, requestedBy: 'local-developer' };
    const operation = requestedOperation(interrupted);
    const journal = await openSqliteJournal(folder.path);
    await journal.create(operation);
    await journal.close();
    await using gateway = await startGateway(world.emulator, { dataDir: folder.path });
    return await ended(operation.id, gateway);
  },
  DEVICE_NOT_FOUND: async () => ended(await invoke('nobody')),
  async DEVICE_OFFLINE() {
    const deviceId = newId();
    world.emulator.registerDevice(deviceId);
    return ended(await invoke(deviceId));
  },
  INVALID: () => refused({ kind: 'status', status: 400, code: 'ArgumentInvalid' }),
  THROTTLED: () => refused({ kind: 'throttle' }),
  HUB_UNAUTHORIZED: () => refused({ kind: 'status', status: 403, code: 'Forbidden' }),
  HUB_QUOTA_EXCEEDED: () => refused({ kind: 'status', status: 403, code: 'IotHubQuotaExceeded' }),
  async HUB_UNAVAILABLE() {
    await using lonely = await startWorld();
    const deviceId = newId();
    lonely.emulator.registerDevice(deviceId);
    await lonely.emulator.close();
    const input = { deviceId, method: 'measure' };
    const { invokeMethod } = await lonely.gateway.data(InvokeMethodDocument, { input });
    return await ended(invokeMethod?.operation.id ?? '', lonely.gateway);
  },
  METHOD_REJECTED: () => rebooted(async (device) => (await device.called())(503)),
  DEVICE_REPORTED_FAILURE: () =>
    updated(async (device) => {
      await (await device.called()).answer(200);
      await device.report({ iothubDM: { firmwareUpdate: { status: 'downloadFailed' } } });
    }),
  NO_ANSWER: () => rebooted((device) => device.called()),
  NO_EVIDENCE: () => rebooted(async (device) => (await device.called())(200)),
  async HUB_UNREADABLE() {
    const clock = createElasticClock();
    await using gateway = await startGateway(world.emulator, { clock });
    const deviceId = newId();
    await using device = await startPuppetDevice(world.emulator, deviceId);
    const id = await reboot(deviceId, gateway);
    await (await device.called())(200);
    const effect = { kind: 'status', status: 503, code: 'ServiceUnavailable' } as const;
    world.emulator.faults.add({ operation: 'twin.get', deviceId, effect });
    // Five minutes until its deadline, and ten more.
    clock.setRate(300);
    return await ended(id, gateway);
  },
  async DEVICE_REPLACED() {
    const deviceId = newId();
    const device = await startPuppetDevice(world.emulator, deviceId);
    const id = await reboot(deviceId);
    await device.called();
    await device[Symbol.asyncDispose]();
    world.emulator.reset();
    world.emulator.registerDevice(deviceId);
    return ended(id);
  },
};

/** Whether it is known that nothing came of it. */
const unproved: ReadonlySet<string> = new Set<OperationFailureCode>([
  'NO_ANSWER',
  'NO_EVIDENCE',
  'HUB_UNREADABLE',
]);

describe('an operation that does not succeed', () => {
  test.each(Object.keys(causes))('can end with %s', async (code) => {
    const operation = await causes[code as CausedCode]();

    expect(operation).toMatchObject({
      status: unproved.has(code) ? 'TIMED_OUT' : 'FAILED',
      proof: null,
      requestedBy: 'local-developer',
      failure: { code, message: expect.stringMatching(/\w/), retryable: expect.any(Boolean) },
    });
    const { requestedAt, updatedAt, finishedAt, history } = operation;
    expect(updatedAt).toBe(finishedAt);
    expect(history[0]?.at).toBe(requestedAt);
    expect(history.at(-1)).toMatchObject({ at: finishedAt, type: 'FINISHED' });
  });

  test('is told of the answer that comes when it has ended already', async () => {
    const deviceId = newId();
    await using device = await startScriptedDevice(world.emulator, deviceId, ['firmwareUpdate']);
    const id = await update(deviceId);
    const call = await device.called();
    await device.report({ iothubDM: { firmwareUpdate: { status: 'applyFailed' } } });
    expect(await ended(id)).toMatchObject({ failure: { code: 'DEVICE_REPORTED_FAILURE' } });
    await call.answer(200, 'as you wish');

    await vi.waitFor(async () => {
      const { operation } = await world.gateway.data(OperationDocument, { id });
      expect(operation?.status).toBe('FAILED');
      expect(operation?.history.at(-1)).toMatchObject({
        type: 'LATE_ANSWER',
        data: 'as you wish',
      });
    });
  });
});
