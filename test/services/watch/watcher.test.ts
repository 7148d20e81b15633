import { describe, expect, it, vi } from 'vitest';
import { createAzureHub } from '../../../src/services/hub/azure-hub.js';
import { type Hub, HubError } from '../../../src/services/hub/hub.js';
import type { TwinReading } from '../../../src/services/hub/twin.js';
import {
  type PollingMember,
  pollingAlone,
  type ReadOutcome,
  type Wish,
} from '../../../src/services/watch/polling.js';
import { type TwinListener, Watcher } from '../../../src/services/watch/watcher.js';
import { startTestEmulator } from '../../emulator/support/emulator.js';
import { createDeferred, type Deferred } from '../support/deferred.js';
import { createManualClock } from '../support/manual-clock.js';
import { makeReading } from '../support/twins.js';

interface Read extends Deferred<TwinReading> {
  readonly deviceId: string;
  /** When it was asked for, in ms since the test began. */
  readonly at: number;
}

/** A watcher over a hub whose reads the test answers, on a clock that the test moves. */
function createSetting(random = 1, polling = pollingAlone) {
  const clock = createManualClock();
  const start = clock.now();
  const reads: Read[] = [];
  const hub: Hub = {
    name: 'pumps',
    readTwin(deviceId) {
      const read = { ...createDeferred<TwinReading>(), deviceId, at: clock.now() - start };
      reads.push(read);
      return read.promise;
    },
    queryTwins: () => Promise.reject(new TypeError('a watcher does not query')),
    queryRows: () => Promise.reject(new TypeError('a watcher does not query')),
    invokeMethod: () => Promise.reject(new TypeError('a watcher calls no methods')),
    writeDesired: () => Promise.reject(new TypeError('a watcher writes nothing')),
    sendMessage: () => Promise.reject(new TypeError('a watcher sends nothing')),
    receiveFeedback: () => ({ since: undefined, close: () => {} }),
    check: async () => {},
    close: () => {},
  };
  const watcher = new Watcher({ hub, polling, clock, random: () => random });

  /** Answers the newest read, and lets the watcher see to it. */
  async function answer(outcome: TwinReading | Error = makeReading(clock.now())): Promise<void> {
    const read = reads.at(-1);
    if (outcome instanceof Error) read?.reject(outcome);
    else read?.resolve(outcome);
    await settle();
  }

  /** Moves the clock and answers each read at once, so that only the pace is left to see. */
  async function pass(milliseconds: number, outcome?: Error): Promise<void> {
    const end = clock.now() + milliseconds;
    for (;;) {
      const [due] = clock.pending;
      if (due === undefined || clock.now() + due > end) break;
      clock.advance(due);
      await answer(outcome);
    }
    clock.advance(end - clock.now());
  }

  return { clock, reads, watcher, answer, pass, times: () => reads.map(({ at }) => at) };
}

/** Lets every promise that is settled have its say. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function createListener() {
  const heard: (TwinReading | HubError | 'GONE')[] = [];
  const listener: TwinListener = {
    onReading: (reading) => heard.push(reading),
    onUnreadable: (error) => heard.push(error),
    onGone: () => heard.push('GONE'),
  };
  return { heard, listener };
}

const unavailable = new HubError('UNAVAILABLE', 'IoT Hub answered 503');

describe('one watch', () => {
  it('reads at once, and then at its pace, counted from one asking to the next', async () => {
    const { watcher, pass, times } = createSetting();
    const { heard, listener } = createListener();
    watcher.watch('d1', 1_000, listener);

    await pass(3_500);

    expect(times()).toEqual([0, 1_000, 2_000, 3_000]);
    expect(heard).toHaveLength(4);
  });

  it('waits for an answer that takes longer than its pace', async () => {
    const { watcher, clock, reads, answer, times } = createSetting();
    watcher.watch('d1', 1_000, createListener().listener);

    clock.advance(0);
    clock.advance(4_500);
    expect(reads).toHaveLength(1);
    await answer();
    clock.advance(0);

    expect(times()).toEqual([0, 4_500]);
  });

  it('takes another pace at once when that is shorter', async () => {
    const { watcher, clock, pass, times } = createSetting();
    const watch = watcher.watch('d1', 60_000, createListener().listener);
    await pass(5_000);

    watch.setInterval(1_000);
    await pass(2_000);

    expect(times()).toEqual([0, 5_000, 6_000, 7_000]);
    expect(clock.pending).toEqual([1_000]);
  });

  it('takes another pace when that is longer', async () => {
    const { watcher, pass, times } = createSetting();
    const watch = watcher.watch('d1', 1_000, createListener().listener);
    await pass(500);

    watch.setInterval(10_000);
    await pass(10_000);

    expect(times()).toEqual([0, 10_000]);
  });
});

describe('watches of one device', () => {
  it('share one loop and every reading', async () => {
    const { watcher, pass, times } = createSetting();
    const listeners = Array.from({ length: 50 }, createListener);
    for (const { listener } of listeners) watcher.watch('d1', 1_000, listener);

    await pass(2_000);

    expect(watcher.watched).toBe(1);
    expect(times()).toEqual([0, 1_000, 2_000]);
    const [first] = listeners;
    for (const { heard } of listeners) expect(heard).toEqual(first?.heard);
  });

  it('go at the shortest pace that anyone wants, and slow down when that one leaves', async () => {
    const { watcher, pass, times } = createSetting();
    watcher.watch('d1', 10_000, createListener().listener);
    const hasty = watcher.watch('d1', 1_000, createListener().listener);
    await pass(3_000);

    hasty.close();
    await pass(20_000);

    expect(times()).toEqual([0, 1_000, 2_000, 3_000, 13_000, 23_000]);
  });

  it('greet a newcomer with a reading that was asked for after it came', async () => {
    const { watcher, clock, pass, times, answer } = createSetting();
    watcher.watch('d1', 60_000, createListener().listener);
    await pass(10_000);
    const { heard, listener } = createListener();

    watcher.watch('d1', 60_000, listener);
    clock.advance(0);
    await answer();

    expect(times()).toEqual([0, 10_000]);
    expect(heard).toMatchObject([{ askedAt: clock.now() }]);
  });

  it('greet a newcomer that comes during a read with another one, after it', async () => {
    const { watcher, clock, reads, answer, times } = createSetting();
    watcher.watch('d1', 60_000, createListener().listener);
    clock.advance(0);
    clock.advance(100);
    const { heard, listener } = createListener();
    watcher.watch('d1', 60_000, listener);
    clock.advance(100);
    expect(reads).toHaveLength(1);

    await answer();
    clock.advance(0);
    await answer();

    expect(times()).toEqual([0, 200]);
    expect(heard).toHaveLength(2);
  });

  it('are read one at a time, even when all leave and one comes back during a read', async () => {
    const { watcher, clock, reads, answer } = createSetting();
    const gone = createListener();
    const watch = watcher.watch('d1', 1_000, gone.listener);
    clock.advance(0);
    const [first] = reads;
    watch.close();
    const { heard, listener } = createListener();
    const quick = watcher.watch('d1', 1_000, listener);
    quick.close();
    watcher.watch('d1', 1_000, listener);
    clock.advance(500);
    const whileReading = reads.length;

    first?.resolve(makeReading(clock.now()));
    await settle();
    clock.advance(0);
    await answer();

    expect(whileReading).toBe(1);
    expect(reads).toHaveLength(2);
    expect(gone.heard).toEqual([]);
    expect(heard.length).toBeGreaterThan(0);
  });
});

describe('watches of several devices', () => {
  it('have a loop each', async () => {
    const { watcher, clock, reads } = createSetting();
    watcher.watch('d1', 1_000, createListener().listener);
    watcher.watch('d2', 1_000, createListener().listener);

    clock.advance(0);

    expect(watcher.watched).toBe(2);
    expect(reads.map(({ deviceId }) => deviceId)).toEqual(['d1', 'd2']);
  });
});

describe('leaving', () => {
  it('ends the loop with the last watch, and leaves no timer', async () => {
    const { watcher, clock, pass } = createSetting();
    const one = watcher.watch('d1', 1_000, createListener().listener);
    const two = watcher.watch('d1', 1_000, createListener().listener);
    await pass(1_500);

    one.close();
    expect(clock.pending).toHaveLength(1);
    two.close();

    expect(clock.pending).toEqual([]);
    expect(watcher.watched).toBe(0);
  });

  it('twice is leaving once', async () => {
    const { watcher, pass } = createSetting();
    const one = watcher.watch('d1', 1_000, createListener().listener);
    const { heard, listener } = createListener();
    watcher.watch('d1', 1_000, listener);

    one.close();
    one.close();
    one.setInterval(1);
    await pass(1_000);

    expect(heard).toHaveLength(2);
  });

  it('before the first reading asks the hub for nothing', async () => {
    const { watcher, reads, pass } = createSetting();

    watcher.watch('d1', 1_000, createListener().listener).close();
    await pass(5_000);

    expect(reads).toEqual([]);
  });

  it('during a read means to hear nothing of it, and leaves no timer', async () => {
    const { watcher, clock, answer } = createSetting();
    const { heard, listener } = createListener();
    const watch = watcher.watch('d1', 1_000, listener);
    clock.advance(0);

    watch.close();
    await answer();

    expect(heard).toEqual([]);
    expect(clock.pending).toEqual([]);
    expect(watcher.watched).toBe(0);
  });

  it('when another is told means to hear nothing either', async () => {
    const { watcher, pass } = createSetting();
    const second = createListener();
    const first: TwinListener = {
      onReading: () => watch.close(),
      onUnreadable: () => {},
      onGone: () => {},
    };
    watcher.watch('d1', 1_000, first);
    const watch = watcher.watch('d1', 1_000, second.listener);

    await pass(2_000);

    expect(second.heard).toEqual([]);
  });

  it('one oneself when told ends the loop there and then', async () => {
    const { watcher, clock, pass } = createSetting();
    const watch = watcher.watch('d1', 1_000, {
      onReading: () => watch.close(),
      onUnreadable: () => {},
      onGone: () => {},
    });

    await pass(5_000);

    expect(clock.pending).toEqual([]);
    expect(watcher.watched).toBe(0);
  });

  it('all at once, with the watcher, leaves no timer', async () => {
    const { watcher, clock, pass } = createSetting();
    for (const deviceId of ['d1', 'd2', 'd3']) {
      watcher.watch(deviceId, 1_000, createListener().listener);
    }
    await pass(500);

    watcher.close();

    expect(clock.pending).toEqual([]);
    expect(watcher.watched).toBe(0);
  });
});

describe('a twin that cannot be read', () => {
  it('is tried again later and later, up to a minute, and at the old pace once it can be', async () => {
    const { watcher, pass, times } = createSetting();
    const { heard, listener } = createListener();
    watcher.watch('d1', 1_000, listener);

    await pass(190_000, unavailable);
    const failing = times();
    await pass(60_000);

    expect(failing.map((at, index) => at - (failing[index - 1] ?? 0)).slice(1)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
    ]);
    expect(times().slice(failing.length, failing.length + 3)).toEqual([243_000, 244_000, 245_000]);
    expect(heard[0]).toBe(unavailable);
  });

  it('is tried again at a random moment of the second half of that time', async () => {
    const { watcher, pass, times } = createSetting(0);
    watcher.watch('d1', 1_000, createListener().listener);

    await pass(12_000, unavailable);

    expect(times()).toEqual([0, 1_000, 2_000, 4_000, 8_000]);
  });

  it('is never tried more often than it was to be read', async () => {
    const { watcher, pass, times } = createSetting();
    watcher.watch('d1', 5_000, createListener().listener);

    await pass(20_000, unavailable);

    expect(times()).toEqual([0, 5_000, 10_000, 15_000]);
  });

  it('of a device that is not there is told as such', async () => {
    const { watcher, clock, answer } = createSetting();
    const { heard, listener } = createListener();
    watcher.watch('d1', 1_000, listener);
    clock.advance(0);

    await answer(new HubError('DEVICE_NOT_FOUND', 'IoT Hub answered 404'));

    expect(heard).toEqual(['GONE']);
  });

  it('for whatever reason is told as unreadable', async () => {
    const { watcher, clock, answer } = createSetting();
    const { heard, listener } = createListener();
    watcher.watch('d1', 1_000, listener);
    clock.advance(0);

    await answer(new TypeError('a bug'));

    expect(heard).toMatchObject([{ name: 'HubError', code: 'UNAVAILABLE' }]);
  });
});

describe('a device that other gateways watch, too', () => {
  /** The other gateways: what they wish, whose turn it is, and what they are told. */
  function createOthers(turn: { reads: boolean; others: Wish | undefined }) {
    const wishes: Wish[] = [];
    const published: ReadOutcome[] = [];
    const members: PollingMember[] = [];
    const setting = createSetting(1, {
      join(_deviceId, first, member) {
        wishes.push(first);
        members.push(member);
        return {
          get reads() {
            return turn.reads;
          },
          get others() {
            return turn.others;
          },
          wish: (wish) => wishes.push(wish),
          publish: (outcome) => published.push(outcome),
          leave: () => members.splice(0),
        };
      },
    });
    return { ...setting, turn, wishes, published, members };
  }

  it('is read here once for the newcomer, and then left to the one whose turn it is', async () => {
    const { watcher, pass, times, published } = createOthers({ reads: false, others: undefined });
    watcher.watch('d1', 1_000, createListener().listener);

    await pass(7_999);
    expect(times()).toEqual([0]);
    await pass(1);

    // Silence for three intervals and five seconds means that nobody reads.
    expect(times()).toEqual([0, 8_000]);
    expect(published).toEqual([]);
  });

  it('is not read here while the others tell what they read', async () => {
    const { watcher, pass, clock, times, members } = createOthers({
      reads: false,
      others: undefined,
    });
    const { heard, listener } = createListener();
    watcher.watch('d1', 1_000, listener);
    await pass(500);

    for (let round = 0; round < 20; round += 1) {
      await pass(1_000);
      members[0]?.onOutcome(makeReading(clock.now()));
    }

    expect(times()).toEqual([0]);
    expect(heard).toHaveLength(21);
  });

  it('is read as often and as urgently as anyone wishes, and all are told', async () => {
    const { watcher, pass, times, published } = createOthers({
      reads: true,
      others: { interval: 500, urgency: 'ACTIVE' },
    });
    watcher.watch('d1', 1_000, createListener().listener);

    await pass(1_500);

    expect(times()).toEqual([0, 500, 1_000, 1_500]);
    expect(published).toHaveLength(4);
  });

  it('is read at once by the one whose turn it becomes', async () => {
    const { watcher, pass, times, turn, members } = createOthers({
      reads: false,
      others: undefined,
    });
    watcher.watch('d1', 1_000, createListener().listener);
    await pass(4_000);

    turn.reads = true;
    members[0]?.onTurn();
    await pass(1_000);

    expect(times()).toEqual([0, 4_000, 5_000]);
  });

  it('is no longer read by one that lost its turn without having been told', async () => {
    const { watcher, pass, times, turn } = createOthers({ reads: true, others: undefined });
    watcher.watch('d1', 1_000, createListener().listener);
    await pass(2_500);

    turn.reads = false;
    await pass(5_499);

    expect(times()).toEqual([0, 1_000, 2_000]);
  });

  it('is wished for as the watches here want it together, and left with the last', async () => {
    const { watcher, pass, wishes, members } = createOthers({ reads: true, others: undefined });
    const slow = watcher.watch('d1', 5_000, createListener().listener);
    const fast = watcher.watch('d1', 1_000, createListener().listener, 'ACTIVE');
    await pass(0);
    expect(wishes.at(-1)).toEqual({ interval: 1_000, urgency: 'ACTIVE' });

    fast.close();
    expect(wishes.at(-1)).toEqual({ interval: 5_000, urgency: 'IDLE' });
    slow.close();

    expect(members).toEqual([]);
  });
});

describe('over the emulator', () => {
  it('tells of changes, of trouble and of the end of a device, and then is quiet', async () => {
    await using emulator = await startTestEmulator();
    emulator.registerDevice('d1');
    const hub = createAzureHub({ ...emulator, readDeadline: 50 });
    const watcher = new Watcher({ hub, random: () => 0 });
    const { heard, listener } = createListener();
    const watch = watcher.watch('d1', 5, listener);

    await vi.waitFor(() => expect(heard.at(-1)).toMatchObject({ twin: { deviceId: 'd1' } }));
    const remove = emulator.faults.add({
      operation: 'twin.get',
      effect: { kind: 'status', status: 503, code: 'ServiceUnavailable' },
    });
    await vi.waitFor(() => expect(heard.at(-1)).toBeInstanceOf(HubError));
    remove();
    await vi.waitFor(() => expect(heard.at(-1)).toMatchObject({ twin: { deviceId: 'd1' } }));
    watch.close();
    hub.close();

    // A read that was under way keeps the loop until it is over.
    await vi.waitFor(() => expect(watcher.watched).toBe(0));
  });
});
