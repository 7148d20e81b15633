import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tutorialProfiles } from '../src/services/actions/built-in.js';
import { connectDevice } from './emulator/support/device.js';
import { createServiceSdk } from './emulator/support/service.js';
import { startGateway, startWorld, type World } from './support/gateway.js';
import {
  DeviceDocument,
  OperationDocument,
  type OperationStateFragment,
  OperationsDocument,
  RebootDeviceDocument,
  type RebootDeviceInput,
  WatchOperationDocument,
  WatchOperationEventsDocument,
  WatchRebootDocument,
  type WatchRebootSubscription,
} from './support/operations.js';
import { report, startPuppetDevice } from './support/puppet-device.js';
import { startTutorialDevice, type TutorialDevice } from './support/tutorials.js';

/** The tutorials' conventions with a deadline that a test can wait for. */
const impatient = tutorialProfiles.map((profile) => ({ ...profile, deadlineSeconds: 5 }));

async function reboot(
  { gateway }: Pick<World, 'gateway'>,
  input: RebootDeviceInput,
): Promise<OperationStateFragment> {
  const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input });
  if (!rebootDevice) throw new Error('no payload');
  expect(rebootDevice.started).toBe(true);
  return rebootDevice.operation;
}

/** The last state of an operation, by its subscription. */
async function ended(
  { gateway }: Pick<World, 'gateway'>,
  id: string,
): Promise<OperationStateFragment> {
  const updates = gateway.subscribe(WatchOperationDocument, { id });
  await updates.completed;
  const last = updates.messages.at(-1)?.operation;
  if (!last) throw new Error('no state was sent');
  return last;
}

describe('rebootDevice', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ profiles: impatient });
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  async function startDevice(name: TutorialDevice, deviceId: string, profile?: string) {
    const { emulator } = world;
    const tags = profile === undefined ? {} : { tags: { twinql: { profile } } };
    const connectionString = emulator.registerDevice(deviceId, tags);
    return startTutorialDevice(name, connectionString, emulator.caFile, { busySeconds: 1 });
  }

  test.each([
    { convention: 'node', path: 'iothubDM.reboot.lastReboot', proof: 'ANNOUNCED' },
    { convention: 'python', path: 'rebootTime', proof: 'REPORTED_AFTER' },
    { convention: 'java', path: 'lastReboot', proof: 'REPORTED_AFTER' },
  ] as const)(
    'brings a $convention device to SUCCEEDED, with its last reboot set',
    async ({ convention, path, proof }) => {
      const deviceId = `good-${convention}`;
      await using _device = await startDevice(`${convention}-device`, deviceId, convention);
      const status = world.gateway.subscribe(WatchRebootDocument, { deviceId });
      await status.waitFor(({ rebootStatus }) => rebootStatus.phase === 'IDLE');

      const requested = await reboot(world, { deviceId });
      const operation = await ended(world, requested.id);

      expect(requested).toMatchObject({ status: 'REQUESTED', profile: convention, sequence: 1 });
      expect(operation).toMatchObject({
        status: 'SUCCEEDED',
        proof,
        attribution: 'PRESUMED',
        failure: null,
        response: { status: 200 },
      });
      const done = await status.waitFor(({ rebootStatus }) => rebootStatus.phase === 'REBOOTED');
      expect(done.rebootStatus).toMatchObject({
        operation: { id: requested.id, status: 'SUCCEEDED' },
        lastReboot: { path },
      });
      const { device } = await world.gateway.data(DeviceDocument, { id: deviceId });
      expect(device?.lastReboot).toEqual(done.rebootStatus.lastReboot);
      expect(world.emulator.calls.count({ operation: 'method.invoke', deviceId })).toBe(1);
    },
  );

  test('tells every event of it, gapless and in order', async () => {
    const deviceId = 'events';
    await using _device = await startDevice('python-device', deviceId, 'python');
    const { id } = await reboot(world, { deviceId });
    const events = world.gateway.subscribe(WatchOperationEventsDocument, { id });
    await events.completed;

    const rest = world.gateway.subscribe(WatchOperationEventsDocument, { id, after: 3 });
    await rest.completed;

    const told = events.messages.map(({ operationEvents }) => operationEvents);
    expect(told.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    const types = told.map(({ type }) => type);
    expect([...types.slice(0, 2), types.at(-1)]).toEqual(['REQUESTED', 'SENDING', 'FINISHED']);
    // This device reports and answers in one breath: either may be seen first.
    expect(types.slice(2, 4).sort()).toEqual(['ANSWERED', 'REPORTED']);
    expect(rest.messages.map(({ operationEvents }) => operationEvents.sequence)).toEqual([4, 5]);
  });

  test.each([
    {
      what: 'an unknown device',
      device: undefined,
      status: 'FAILED',
      code: 'DEVICE_NOT_FOUND',
      retryable: false,
    },
    {
      what: 'an offline device',
      device: 'offline',
      status: 'FAILED',
      code: 'DEVICE_OFFLINE',
      retryable: true,
    },
    {
      what: 'a device that refuses',
      device: 'refusing-device',
      status: 'FAILED',
      code: 'METHOD_REJECTED',
      retryable: false,
    },
    {
      what: 'a device that never answers',
      device: 'silent-device',
      status: 'TIMED_OUT',
      code: 'NO_ANSWER',
      retryable: true,
    },
    {
      what: 'a device that answers and never reports',
      device: 'unreporting-device',
      status: 'TIMED_OUT',
      code: 'NO_EVIDENCE',
      retryable: false,
    },
  ] as const)('ends $what with $status and $code', async ({ device, status, code, retryable }) => {
    const deviceId = `bad-${code.toLowerCase()}`;
    if (device === 'offline') world.emulator.registerDevice(deviceId);
    await using _device =
      device === undefined || device === 'offline'
        ? undefined
        : await startDevice(device, deviceId);

    const { id } = await reboot(world, { deviceId, responseTimeoutSeconds: 5 });
    const operation = await ended(world, id);

    expect(operation).toMatchObject({ status, proof: null, failure: { code, retryable } });
    expect(world.emulator.calls.count({ operation: 'method.invoke', deviceId })).toBe(
      device === undefined ? 0 : 1,
    );
    const late = Date.parse(operation.finishedAt ?? '') - Date.parse(operation.deadlineAt ?? '');
    // Timed out at the first reading after its deadline, not before and not much later.
    if (status === 'TIMED_OUT') expect(Math.floor(late / 5_000)).toBe(0);
    else expect(late).toSatisfy((value) => Number.isNaN(value) || Number(value) < 0);
  });

  test('ends the device as the tutorial prints it, bug and all, in a status that is true', async () => {
    const deviceId = 'as-printed';
    await using device = await startDevice('node-device-as-printed', deviceId);

    const { id } = await reboot(world, { deviceId, responseTimeoutSeconds: 5 });
    const operation = await ended(world, id);

    expect((await device.exit()).code).not.toBe(0);
    expect(['FAILED', 'TIMED_OUT']).toContain(operation.status);
    expect(operation.failure?.code).toMatch(/^(NO_ANSWER|NO_EVIDENCE)$/);
  });

  test('hands a second request the operation that is under way, and keeps its key for it', async () => {
    const deviceId = 'busy';
    await using device = await startPuppetDevice(world.emulator, deviceId);
    const first = await reboot(world, { deviceId });
    const answer = await device.called();
    const again = { deviceId, idempotencyKey: 'while busy' };

    const { rebootDevice: second } = await world.gateway.data(RebootDeviceDocument, {
      input: again,
    });
    const shown = await world.gateway.data(DeviceDocument, { id: deviceId });
    await answer(200);
    await device.report('now');
    await ended(world, first.id);
    const { rebootDevice: third } = await world.gateway.data(RebootDeviceDocument, {
      input: again,
    });

    expect(second).toMatchObject({ started: false, operation: { id: first.id } });
    expect(shown.device?.operation).toMatchObject({ id: first.id });
    expect(third).toMatchObject({ started: false, operation: { id: first.id } });
    expect(world.emulator.calls.count({ operation: 'method.invoke', deviceId })).toBe(1);
  });

  test('says that evidence may be an earlier one’s, whatever ended in between, and gives that one what comes late', async () => {
    const deviceId = 'ambiguous';
    const device = await startPuppetDevice(world.emulator, deviceId);
    const lost = await reboot(world, { deviceId, responseTimeoutSeconds: 5 });
    await (await device.called())(200);
    expect((await ended(world, lost.id)).status).toBe('TIMED_OUT');
    await device[Symbol.asyncDispose]();
    const offline = await reboot(world, { deviceId });
    expect((await ended(world, offline.id)).failure?.code).toBe('DEVICE_OFFLINE');

    await using back = await startPuppetDevice(world.emulator, deviceId);
    const doubtful = await reboot(world, { deviceId });
    await (await back.called())(200);
    await back.report('one of the two');
    expect(await ended(world, doubtful.id)).toMatchObject({
      status: 'SUCCEEDED',
      attribution: 'AMBIGUOUS',
    });
  });

  test('adds what comes late to the history of the one that timed out, and leaves its status', async () => {
    const deviceId = 'late';
    await using device = await startPuppetDevice(world.emulator, deviceId);
    await using status = world.gateway.subscribe(WatchRebootDocument, { deviceId });
    const { id } = await reboot(world, { deviceId, responseTimeoutSeconds: 5 });
    await (await device.called())(200);
    await ended(world, id);
    await device.report('at last');
    await status.waitFor(({ rebootStatus }) => rebootStatus.phase === 'REBOOTED');

    const { operation } = await world.gateway.data(OperationDocument, { id });
    expect(operation).toMatchObject({ status: 'TIMED_OUT', failure: { code: 'NO_EVIDENCE' } });
    expect(operation?.history.at(-1)?.type).toBe('LATE_REPORT');
    const next = await reboot(world, { deviceId });
    expect(next.attribution).toBe('PRESUMED');
  });

  test('fails when the device was deleted and created again meanwhile', async () => {
    const deviceId = 'replaced';
    const { registry } = createServiceSdk(world.emulator);
    const device = await startPuppetDevice(world.emulator, deviceId);
    const { id } = await reboot(world, { deviceId });
    await (await device.called())(200);
    // Not once is the gateway to see it gone.
    const removeFault = world.emulator.faults.add({
      operation: 'twin.get',
      deviceId,
      effect: { kind: 'throttle' },
    });
    await device[Symbol.asyncDispose]();
    await registry.delete(deviceId);
    await using successor = await startPuppetDevice(world.emulator, deviceId);
    await successor.report('the first of another device');
    await successor.report('the second of another device');
    removeFault();

    expect(await ended(world, id)).toMatchObject({
      status: 'FAILED',
      failure: { code: 'DEVICE_REPLACED' },
    });
  });

  test('returns the same operation for the same idempotency key, and an error for other input', async () => {
    const deviceId = 'keyed';
    await using _device = await startDevice('python-device', deviceId, 'python');
    const input = { deviceId, idempotencyKey: 'nightly-1' };
    const first = await reboot(world, input);
    await ended(world, first.id);

    const again = await world.gateway.data(RebootDeviceDocument, { input });
    const other = await world.gateway.execute(RebootDeviceDocument, {
      input: { ...input, payload: { other: true } },
    });

    expect(again.rebootDevice).toMatchObject({ started: false, operation: { id: first.id } });
    expect(other.data).toEqual({ rebootDevice: null });
    expect(other.errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED' } }]);
  });

  test('takes the convention that the caller names before that of the tag', async () => {
    const deviceId = 'mislabelled';
    await using _device = await startDevice('python-device', deviceId, 'node');

    const { id, profile } = await reboot(world, { deviceId, profile: 'python' });

    expect(profile).toBe('python');
    expect((await ended(world, id)).status).toBe('SUCCEEDED');
  });

  test('shows a reboot that was not asked for through the gateway', async () => {
    const deviceId = 'foreign';
    await using _device = await startDevice('node-device', deviceId);
    const status = world.gateway.subscribe(WatchRebootDocument, { deviceId });
    const idle = await status.waitFor(({ rebootStatus }) => rebootStatus.phase === 'IDLE');
    await using other = await startGateway(world.emulator);

    const { rebootDevice } = await other.data(RebootDeviceDocument, { input: { deviceId } });
    const { rebootStatus } = await status.waitFor(
      (message) => message.rebootStatus.phase === 'REBOOTED',
    );

    expect(rebootDevice?.started).toBe(true);
    expect(rebootStatus).toMatchObject({
      operation: null,
      lastReboot: { path: 'iothubDM.reboot.lastReboot' },
      device: { deviceId, source: 'POINT_READ' },
      connectivity: { verdict: expect.stringMatching(/^(ONLINE|STALE)$/) },
    });
    const { device, observedAt } = idle.rebootStatus;
    expect(rebootStatus.device.version).toBeGreaterThan(device.version);
    expect(Date.parse(rebootStatus.observedAt)).toBeGreaterThan(Date.parse(observedAt));
  });

  test('wants a new report of a device whose hub has gone back in time', async () => {
    const deviceId = 'rewound';
    await using own = await startWorld();
    const { emulator } = own;
    const connectionString = emulator.registerDevice(deviceId);
    await using device = await connectDevice(emulator, connectionString);
    const call = new Promise<void>((resolve) => {
      device.client.onDeviceMethod('reboot', (_request, response) => {
        void response.send(200, null, () => resolve());
      });
    });
    const lastReboot = (text: string) => ({ iothubDM: { reboot: { lastReboot: text } } });
    await report(device, lastReboot('the first'));
    const earlier = emulator.exportState();
    await report(device, lastReboot('the second'));
    const { id } = await reboot(own, { deviceId });
    await call;
    emulator.importState(earlier);
    await using updates = own.gateway.subscribe(WatchOperationDocument, { id });
    await updates.waitFor(({ operation }) =>
      operation.history.some(({ type }) => type === 'REWOUND'),
    );
    await using back = await connectDevice(emulator, connectionString);
    await report(back, lastReboot('the second'));
    await report(back, lastReboot('the third'));
    await updates.completed;

    expect(updates.messages.at(-1)?.operation).toMatchObject({ status: 'SUCCEEDED' });
    const reported = updates.messages
      .at(-1)
      ?.operation.history.filter(({ type }) => type === 'REPORTED');
    expect(reported).toMatchObject([{ data: 'the third' }]);
  });

  test('shows a reboot that did not happen', async () => {
    const deviceId = 'in-vain';
    await using _device = await startDevice('refusing-device', deviceId);
    await using status = world.gateway.subscribe(WatchRebootDocument, { deviceId });
    await status.waitFor(({ rebootStatus }) => rebootStatus.phase === 'IDLE');
    const { id } = await reboot(world, { deviceId });
    const isOver = ({ rebootStatus }: WatchRebootSubscription) => rebootStatus.phase === 'FAILED';
    const { rebootStatus } = await status.waitFor(isOver);

    expect(rebootStatus.operation).toMatchObject({ id, status: 'FAILED' });
  });

  test('lists operations by device and status, newest first, page by page', async () => {
    const deviceId = 'history';
    world.emulator.registerDevice(deviceId);
    const ids: string[] = [];
    for (let run = 0; run < 3; run += 1) {
      const { id } = await reboot(world, { deviceId });
      await ended(world, id);
      ids.unshift(id);
    }
    const where = { deviceId, status: ['FAILED' as const], action: 'reboot' };

    const { operations: page } = await world.gateway.data(OperationsDocument, { where, first: 2 });
    const { operations: rest } = await world.gateway.data(OperationsDocument, {
      where,
      first: 2,
      after: page.pageInfo.endCursor ?? null,
    });

    expect([...page.nodes, ...rest.nodes].map(({ id }) => id)).toEqual(ids);
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(rest.pageInfo).toEqual({ hasNextPage: false, endCursor: null });
    const { errors } = await world.gateway.execute(OperationsDocument, { after: 'bogus' });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
  });

  test('names the device of an operation without asking the hub for it', async () => {
    const deviceId = 'unknown-to-the-hub';
    const { id } = await reboot(world, { deviceId });
    const before = world.emulator.calls.count({ deviceId });
    const { operation } = await world.gateway.data(OperationDocument, { id });

    expect(operation).toMatchObject({
      failure: { code: 'DEVICE_NOT_FOUND' },
      device: { deviceId },
    });
    expect(world.emulator.calls.count({ deviceId })).toBe(before);
  });

  test.each<[string, Partial<RebootDeviceInput>]>([
    ['deviceId', { deviceId: 'no such id' }],
    ['profile', { profile: 'toaster' }],
    ['responseTimeoutSeconds', { responseTimeoutSeconds: 4 }],
    ['responseTimeoutSeconds', { responseTimeoutSeconds: 301 }],
    ['payload', { payload: 'x'.repeat(128 * 1024) }],
    ['idempotencyKey', { idempotencyKey: '' }],
    ['idempotencyKey', { idempotencyKey: 'x'.repeat(129) }],
  ])(
    'refuses a %s that cannot be, and records nothing and asks the hub nothing',
    async (argument, input) => {
      const { gateway, emulator } = world;
      const deviceId = 'never-called';
      emulator.registerDevice(deviceId);
      const before = emulator.calls.count({ deviceId });
      const { data, errors } = await gateway.execute(RebootDeviceDocument, {
        input: { deviceId, ...input },
      });

      expect(data).toEqual({ rebootDevice: null });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
      const { operations } = await gateway.data(OperationsDocument, { where: { deviceId } });
      expect(operations.nodes).toEqual([]);
      expect(emulator.calls.count({ deviceId })).toBe(before);
    },
  );
});
