import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seams } from '../../src/services/actions/seams.js';
import { startTestEmulator, type TestEmulator } from '../emulator/support/emulator.js';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway.js';
import {
  type OperationStateFragment,
  OperationsDocument,
  RebootDeviceDocument,
  WatchOperationDocument,
} from '../support/operations.js';
import { type PuppetDevice, startPuppetDevice } from '../support/puppet-device.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';
import { type KillPoint, killPoints, type Outcome } from './kill-points.js';
import { dyingWhenArmedAt, later, type Preload, preloading } from './support/preloads.js';

/** Past every deadline of the tutorials' profiles (ms). */
const FIVE_MINUTES = 300_000;

// One journal and one hub for all: each gateway takes over what the one before left, and dies next.
describe('a gateway that is killed', () => {
  let emulator: TestEmulator;
  let folder: TemporaryFolder;
  let gateway: GatewayProcess | undefined;
  /** How much later it is by now for the gateways (ms). */
  let lateBy = 0;

  beforeAll(async () => {
    emulator = await startTestEmulator();
    folder = await createTemporaryFolder();
  });

  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  async function restart(...preloads: readonly Preload[]): Promise<GatewayProcess> {
    await gateway?.[Symbol.asyncDispose]();
    gateway = await startGatewayProcess({
      IOTHUB_CONNECTION_STRING: emulator.connectionString,
      IOTHUB_CA_FILE: emulator.caFile,
      DATA_DIR: folder.path,
      ...preloading(later(lateBy), ...preloads),
    });
    return gateway;
  }

  /** How the gateway is to die after this kill point. */
  function nextDeath(point: KillPoint): readonly Preload[] {
    const next = killPoints[killPoints.indexOf(point) + 1];
    return next ? [dyingWhenArmedAt(next.seam, next.passing)] : [];
  }

  const calls = (deviceId: string) =>
    emulator.calls.count({ operation: 'method.invoke', deviceId });

  test('is killed at every seam there is', () => {
    expect(new Set(killPoints.map(({ seam }) => seam))).toEqual(new Set(seams));
  });

  test.each(killPoints)('at $seam when $moment: $outcome', async (point) => {
    const { seam, passing, outcome } = point;
    const deviceId = `${seam}-${passing}`;
    await using puppet = await startPuppetDevice(emulator, deviceId);
    const first = gateway ?? (await restart(dyingWhenArmedAt(seam, passing)));
    first.program.kill('SIGUSR2');
    await first.program.waitFor(/armed/);

    const asked = reboot(first, deviceId).catch(() => 'cut off');
    const finish = await play(puppet, point.device, () => isAccepted(first, deviceId));
    const [death] = await first.program.waitFor(/died at \w+ of \S+/);
    expect(await first.program.exit()).toEqual({ code: null, signal: 'SIGKILL' });
    await asked;
    await finish();
    process.stdout.write(`${death}\n`);

    // Where nothing reached the device, only time tells.
    if (outcome === 'NO_ANSWER') lateBy += FIVE_MINUTES;
    const second = await restart(...nextDeath(point));
    const operation = await ended(second, deviceId);

    expect(operation).toEqual(expected[outcome]);
    expect(calls(deviceId)).toBe(outcome === 'SUCCEEDED' ? 1 : 0);
    expect(death).toMatch(`died at ${seam} of ${operation?.id ?? ''}`);
    if (outcome !== 'NEVER_RECORDED') return;
    expect((await reboot(second, deviceId)).rebootDevice?.started).toBe(true);
    await (await puppet.called())(200);
    await puppet.report('asked again');
    expect(await ended(second, deviceId)).toEqual(expected.SUCCEEDED);
    expect(calls(deviceId)).toBe(1);
  });

  test('sees what was reported while nobody watched', async () => {
    const deviceId = 'answered';
    await using device = await startPuppetDevice(emulator, deviceId);
    const first = gateway ?? (await restart());
    await reboot(first, deviceId);
    await (await device.called())(200);
    await isAccepted(first, deviceId);

    first.program.kill('SIGKILL');
    await first.program.exit();
    await device.report('while it was dead');
    const second = await restart();

    expect(await ended(second, deviceId)).toMatchObject({
      status: 'SUCCEEDED',
      response: { status: 200 },
    });
    expect(calls(deviceId)).toBe(1);
  });
});

/** The operation when it has ended; undefined where there is none. */
const expected: Readonly<Record<Outcome, unknown>> = {
  NEVER_RECORDED: undefined,
  NOT_SENT: expect.objectContaining({
    status: 'FAILED',
    failure: expect.objectContaining({ code: 'NOT_SENT', retryable: true }),
  }),
  NO_ANSWER: expect.objectContaining({
    status: 'TIMED_OUT',
    failure: expect.objectContaining({ code: 'NO_ANSWER' }),
  }),
  SUCCEEDED: expect.objectContaining({ status: 'SUCCEEDED', proof: 'ANNOUNCED' }),
};

function reboot(gateway: GatewayProcess, deviceId: string) {
  return gateway.data(RebootDeviceDocument, { input: { deviceId } });
}

/** Lets the device do its part before the death; what is returned does the rest. */
async function play(
  puppet: PuppetDevice,
  until: KillPoint['device'],
  accepted: () => Promise<void>,
): Promise<() => Promise<void>> {
  const report = () => puppet.report('by the call');
  if (until === 'NOTHING') return async () => {};
  const answer = await puppet.called();
  if (until === 'CALLED') return () => answer(200).then(report);
  await answer(200);
  if (until === 'ANSWERED') return report;
  await accepted();
  await report();
  return async () => {};
}

async function newest(
  gateway: GatewayProcess,
  deviceId: string,
): Promise<OperationStateFragment | undefined> {
  const { operations } = await gateway.data(OperationsDocument, { where: { deviceId } });
  expect(operations.nodes.length).toBeLessThanOrEqual(1);
  return operations.nodes[0];
}

async function isAccepted(gateway: GatewayProcess, deviceId: string): Promise<void> {
  const updates = gateway.subscribe(WatchOperationDocument, {
    id: (await newest(gateway, deviceId))?.id ?? '',
  });
  await updates.waitFor(({ operation }) => operation.status === 'ACCEPTED');
}

async function ended(
  gateway: GatewayProcess,
  deviceId: string,
): Promise<OperationStateFragment | undefined> {
  const operation = await newest(gateway, deviceId);
  if (!operation) return undefined;
  const updates = gateway.subscribe(WatchOperationDocument, { id: operation.id });
  await updates.completed;
  return updates.messages.at(-1)?.operation;
}
