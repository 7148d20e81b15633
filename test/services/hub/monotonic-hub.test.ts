import { beforeEach, describe, expect, it } from 'vitest';
import { createAzureHub } from '../../../src/services/hub/azure-hub.js';
import { type Hub, HubError } from '../../../src/services/hub/hub.js';
import { type MonotonicHub, monotonic } from '../../../src/services/hub/monotonic-hub.js';
import type { TwinReading } from '../../../src/services/hub/twin.js';
import { startTestEmulator } from '../../emulator/support/emulator.js';
import { send } from '../../emulator/support/https.js';
import { rejectionOf } from '../../emulator/support/rejection.js';
import { createManualClock } from '../../support/manual-clock.js';
import { makeReading } from '../support/twins.js';

const at = Date.parse('2026-03-09T07:00:00Z');

describe('over a hub whose answers are what the test says', () => {
  /** The next answers, of reads and queries alike. */
  const answers: (TwinReading | HubError)[] = [];
  const next = async (): Promise<TwinReading> => {
    const answer = answers.shift();
    if (answer instanceof HubError) throw answer;
    if (!answer) throw new TypeError('no answer was prepared');
    return answer;
  };
  const scripted: Hub = {
    name: 'pumps',
    readTwin: next,
    queryTwins: async () => ({ readings: [await next()], continuation: 'more' }),
    queryRows: async () => ({ rows: [], continuation: undefined, requests: 1 }),
    invokeMethod: async () => ({ kind: 'UNKNOWN', message: '' }),
    writeDesired: async () => ({ kind: 'UNKNOWN', message: '' }),
    sendMessage: async () => ({ kind: 'UNKNOWN', message: '' }),
    receiveFeedback: () => ({ since: undefined, close: () => {} }),
    check: async () => {},
    close: () => {},
  };
  let hub: MonotonicHub;
  beforeEach(() => {
    answers.length = 0;
    hub = monotonic(scripted);
  });

  describe('what another gateway read', () => {
    it('is not shown where something newer was shown here', async () => {
      const newest = await read(makeReading(at, { version: 7 }));

      const older = makeReading(at + 10, { version: 6 }, { askedAt: at - 10 });

      expect(hub.hear('pump-7', older)).toBe(newest);
    });

    it('is remembered as if it had been read here', async () => {
      const heard = makeReading(at, { version: 7 });
      hub.hear('pump-7', heard);

      expect(hub.latest('pump-7')).toBe(heard);
      const overtaken = makeReading(at + 10, { version: 6 }, { askedAt: at - 10 });
      expect(await read(overtaken)).toBe(heard);
    });

    it('may be that the device is gone: another one starts again', () => {
      hub.hear('pump-7', makeReading(at, { version: 7 }));
      const gone = new HubError('DEVICE_NOT_FOUND', 'gone');

      expect(hub.hear('pump-7', gone)).toBe(gone);

      const other = makeReading(at + 10, { version: 1 }, { askedAt: at - 10 });
      expect(hub.hear('pump-7', other)).toBe(other);
    });
  });

  const read = (reading: TwinReading) => {
    answers.push(reading);
    return hub.readTwin('pump-7');
  };
  const query = async (reading: TwinReading) => {
    answers.push({ ...reading, source: 'QUERY' });
    return (await hub.queryTwins('SELECT * FROM devices', { size: 1 })).readings[0];
  };

  it('shows the fresh device in place of a stale row of a list', async () => {
    const fresh = await read(makeReading(at, { version: 6 }));

    expect(await query(makeReading(at + 5_000, { version: 5 }))).toBe(fresh);
    expect(hub.latest('pump-7')).toBe(fresh);
  });

  it('shows a row that is newer than what it knew', async () => {
    await read(makeReading(at, { version: 6 }));

    expect(await query(makeReading(at + 5_000, { version: 7 }))).toMatchObject({
      source: 'QUERY',
      twin: { version: 7 },
    });
  });

  it('shows the newer of two answers that overtook each other', async () => {
    const fresh = await read(makeReading(at + 100, { version: 6 }, { askedAt: at }));
    const late = makeReading(at + 200, { version: 5 }, { askedAt: at + 50 });

    expect(await read(late)).toBe(fresh);
  });

  it('believes a point read that was asked for later, even with a lower version: a failover', async () => {
    await read(makeReading(at, { version: 6 }));
    const rewound = makeReading(at + 100, { version: 3 });

    expect(await read(rewound)).toBe(rewound);
    expect(await query(makeReading(at + 200, { version: 2 }))).toBe(rewound);
  });

  it('forgets a device that is no more, so that a new one of its name is shown', async () => {
    await read(makeReading(at, { version: 6 }));
    answers.push(new HubError('DEVICE_NOT_FOUND', 'IoT Hub answered 404'));
    await rejectionOf(hub.readTwin('pump-7'));

    expect(hub.latest('pump-7')).toBeUndefined();
    expect(await query(makeReading(at + 100, { version: 2 }))).toMatchObject({
      twin: { version: 2 },
    });
  });

  it('remembers a device that could not be read just now', async () => {
    const known = await read(makeReading(at, { version: 6 }));
    answers.push(new HubError('UNAVAILABLE', 'IoT Hub answered 503'));
    await rejectionOf(hub.readTwin('pump-7'));

    expect(hub.latest('pump-7')).toBe(known);
  });

  it('forgets first what was seen longest ago', async () => {
    hub = monotonic(scripted, 2);
    await read(makeReading(at, { deviceId: 'a' }));
    await read(makeReading(at, { deviceId: 'b' }));
    await read(makeReading(at + 1, { deviceId: 'a' }));
    await read(makeReading(at, { deviceId: 'c' }));

    expect(['a', 'b', 'c'].map((id) => hub.latest(id) !== undefined)).toEqual([true, false, true]);
  });

  it('hands on everything else', async () => {
    answers.push(makeReading(at));

    expect(hub.name).toBe('pumps');
    expect((await hub.queryTwins('', { size: 1 })).continuation).toBe('more');
  });
});

describe('over the emulator', () => {
  it('never goes back, even where an answer overtakes another', async () => {
    const clock = createManualClock(new Date());
    await using emulator = await startTestEmulator({ clock });
    emulator.registerDevice('d1');
    const hub = monotonic(createAzureHub(emulator));
    const delay = { kind: 'delay', ms: 5_000, when: 'after' } as const;
    emulator.faults.add({ operation: 'query', effect: delay });

    const list = hub.queryTwins('SELECT * FROM devices', { size: 10 });
    await clock.scheduled(5_000);
    await send(emulator, 'PATCH /twins/d1', { body: { tags: { n: 1 } } });
    const { twin } = await hub.readTwin('d1');
    clock.advance(5_000);
    const { readings } = await list;
    hub.close();

    expect(twin.version).toBe(3);
    expect(readings.map((reading) => reading.twin.version)).toEqual([3]);
  });
});
