import { expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '../../src/services/clock.js';
import { startWorld } from '../support/gateway.js';
import {
  OperationDocument,
  RebootDeviceDocument,
  WatchDeviceDocument,
  WatchOperationDocument,
} from '../support/operations.js';
import { startPuppetDevice } from '../support/puppet-device.js';
import { clockJumps } from './clock-jumps.js';

/** The system's clock, which can be set; what was scheduled is due when it would have been. */
function createSettableClock(): Clock & { set(by: number): void } {
  let offset = 0;
  return {
    now: () => systemClock.now() + offset,
    after: systemClock.after,
    set(by) {
      offset += by;
    },
  };
}

test.each(clockJumps)(
  'an operation is sent once and told truthfully when the clock $what',
  async ({ by, status }) => {
    const clock = createSettableClock();
    await using world = await startWorld({ clock });
    const { emulator, gateway } = world;
    const deviceId = 'timed';
    await using device = await startPuppetDevice(emulator, deviceId);
    await using watch = gateway.subscribe(WatchDeviceDocument, { id: deviceId });
    await watch.waitFor(() => true);
    const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input: { deviceId } });
    const answer = await device.called();
    const id = rebootDevice?.operation.id ?? '';
    await using updates = gateway.subscribe(WatchOperationDocument, { id });

    clock.set(by);
    await answer(200);
    await updates.waitFor(({ operation }) => operation.status === status);
    await device.report('after the jump');
    await watch.waitFor(({ device: { lastReboot } }) => lastReboot?.reported === 'after the jump');
    const reads = () => emulator.calls.count({ operation: 'twin.get', deviceId });
    const before = reads();
    await vi.waitUntil(() => reads() >= before + 5, { timeout: 20_000 });

    const { operation } = await gateway.data(OperationDocument, { id });
    expect(operation?.status).toBe(status);
    expect(emulator.calls.count({ operation: 'method.invoke', deviceId })).toBe(1);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
  },
);
