import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Operation as HubCall } from '../../src/emulator/calls.js';
import { tutorialProfiles } from '../../src/services/actions/built-in.js';
import { startTestEmulator, type TestEmulator } from '../emulator/support/emulator.js';
import { startGateway, type TestGateway } from '../support/gateway.js';
import {
  type OperationStateFragment,
  RebootDeviceDocument,
  WatchDeviceDocument,
  WatchOperationDocument,
} from '../support/operations.js';
import { startPuppetDevice } from '../support/puppet-device.js';
import { type CallFault, callFaults, readFaults } from './hub-faults.js';
import { createElasticClock } from './support/elastic-clock.js';

const MINUTE = 60_000;
/** A minute takes two seconds; the ten of a read's deadline still are time enough for a slow machine. */
const FAST = 30;

const profiles = tutorialProfiles.map((profile) => ({ ...profile, deadlineSeconds: 90 }));

describe('a hub', () => {
  const clock = createElasticClock();
  let emulator: TestEmulator;
  let gateway: TestGateway;

  beforeAll(async () => {
    emulator = await startTestEmulator({ clock: clock.forHub });
    gateway = await startGateway(emulator, { clock, profiles });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
  });

  async function reboot(deviceId: string): Promise<string> {
    const { rebootDevice } = await gateway.data(RebootDeviceDocument, {
      input: { deviceId, responseTimeoutSeconds: 30 },
    });
    return rebootDevice?.operation.id ?? '';
  }

  async function ended(id: string): Promise<OperationStateFragment> {
    const updates = gateway.subscribe(WatchOperationDocument, { id });
    await updates.completed;
    const last = updates.messages.at(-1);
    if (!last) throw new Error('no state was sent');
    return last.operation;
  }

  const count = (deviceId: string, operation: HubCall) =>
    emulator.calls.count({ operation, deviceId });

  describe('that goes wrong when a method is called', () => {
    const ends = new Map<string, CallFault['ends']>();
    const asked = new Map<string, number>();
    const answered = new Map<string, number>();

    // All at once: most of them end by a deadline.
    beforeAll(async () => {
      const arrivals = callFaults.map(async ({ what, effect, calls }, index) => {
        const deviceId = `call-${index}`;
        const device = await startPuppetDevice(emulator, deviceId);
        emulator.faults.add({ operation: 'method.invoke', deviceId, effect });
        const id = await reboot(deviceId);
        if (calls === 1) {
          await (await device.called())(200);
          await device.report(what);
        }
        await vi.waitUntil(() => count(deviceId, 'method.invoke') > 0, { timeout: 20_000 });
        return { what, id, device, deviceId };
      });
      const operations = await Promise.all(arrivals);
      clock.setRate(FAST);
      for (const { what, id, device, deviceId } of operations) {
        const { status, failure } = await ended(id);
        ends.set(what, { status, code: failure?.code ?? null });
        asked.set(what, count(deviceId, 'method.invoke'));
        answered.set(what, count(deviceId, 'mqtt.method.response'));
        await device[Symbol.asyncDispose]();
      }
      clock.setRate(1);
    });

    test.each(callFaults)('and $what: the operation ends truthfully', ({ what, ...expected }) => {
      expect(ends.get(what)).toEqual(expected.ends);
      expect(asked.get(what)).toBe(1);
      expect(answered.get(what)).toBe(expected.calls);
    });
  });

  test.each(readFaults)(
    'that $what for a minute is asked less, and then the operation and the watch go on',
    async ({ what, effect, mostReads }) => {
      const deviceId = what.replaceAll(' ', '-');
      await using device = await startPuppetDevice(emulator, deviceId);
      const updates = gateway.subscribe(WatchDeviceDocument, { id: deviceId });
      await updates.waitFor(({ device: shown }) => shown.deviceId === deviceId);
      const id = await reboot(deviceId);
      const answer = await device.called();
      const reads = () => count(deviceId, 'twin.get');

      const removeFault = emulator.faults.add({ operation: 'twin.get', deviceId, effect });
      const before = reads();
      await vi.waitUntil(() => reads() > before, { timeout: 20_000 });
      await answer(200);
      await device.report(`während: ${what}`);
      const atStart = reads();
      clock.setRate(FAST);
      await clock.pass(MINUTE);
      const inMinute = reads() - atStart;
      removeFault();
      const operation = await ended(id);
      clock.setRate(1);

      expect(operation).toMatchObject({ status: 'SUCCEEDED', response: { status: 200 } });
      expect(operation.history.find(({ type }) => type === 'REPORTED')?.data).toBe(
        `während: ${what}`,
      );
      if (mostReads !== undefined) expect(inMinute).toBeLessThanOrEqual(mostReads);
      await updates.waitFor(
        ({ device: { lastReboot } }) => lastReboot?.reported === `während: ${what}`,
      );
      // Backed off, the next five would take minutes.
      const afterwards = reads();
      await vi.waitUntil(() => reads() >= afterwards + 5, { timeout: 20_000 });
      await updates[Symbol.asyncDispose]();
      expect(count(deviceId, 'method.invoke')).toBe(1);
    },
  );
});
