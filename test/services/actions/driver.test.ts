import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OperationDriver } from '../../../src/services/actions/driver.js';
import { OperationFeed } from '../../../src/services/actions/feed.js';
import { fold } from '../../../src/services/actions/fold.js';
import type { Operation } from '../../../src/services/actions/operation.js';
import type { Hub, MethodAnswer } from '../../../src/services/hub/hub.js';
import type { Journal } from '../../../src/services/store/journal.js';
import { openSqliteJournal } from '../../../src/services/store/sqlite-journal.js';
import { Watcher } from '../../../src/services/watch/watcher.js';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';
import { createDeferred, type Deferred } from '../support/deferred.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { requestedAt, requestedOperation } from '../support/operations.js';
import { makeReading, type TwinForm } from '../support/twins.js';

const operation = requestedOperation();
const accepted: MethodAnswer = { kind: 'ANSWERED', status: 200, payload: null };
const reported: TwinForm = { version: 6, report: { value: 'after', at: '2026-03-09T07:00:01Z' } };

let folder: TemporaryFolder;
let journal: Journal;
let clock: ManualClock;
let watcher: Watcher;
/** The twin as the hub has it. */
let twin: TwinForm;
/** The calls that were written to the socket, each to be answered by the test. */
let sent: Deferred<MethodAnswer>[];
let hub: Hub;
beforeEach(async () => {
  folder = await createTemporaryFolder();
  journal = await openSqliteJournal(folder.path);
  clock = createManualClock(requestedAt);
  twin = {};
  sent = [];
  hub = {
    name: 'pumps',
    readTwin: async () => makeReading(clock.now(), twin),
    queryTwins: () => Promise.reject(new TypeError('a driver does not query')),
    queryRows: () => Promise.reject(new TypeError('a driver does not query')),
    async invokeMethod(_deviceId, _call, gate) {
      const stopped = { kind: 'UNDELIVERED', code: 'NOT_SENT', message: 'stopped' } as const;
      if (!(await gate().catch(() => false))) return stopped;
      const call = createDeferred<MethodAnswer>();
      sent.push(call);
      return call.promise;
    },
    writeDesired: () => Promise.reject(new TypeError('a method is called, nothing written')),
    sendMessage: () => Promise.reject(new TypeError('a method is called, no message sent')),
    receiveFeedback: () => ({ since: undefined, close: () => {} }),
    check: async () => {},
    close: () => {},
  };
  watcher = new Watcher({ hub, clock });
});
afterEach(async () => {
  watcher.close();
  await journal.close();
  await folder[Symbol.asyncDispose]();
});

function createDriver(using: Partial<Pick<Journal, 'save'>> = {}) {
  const feed = new OperationFeed();
  const errors: string[] = [];
  const told: string[] = [];
  feed.onOperation(operation.id, ({ sequence, status }) => told.push(`${sequence} ${status}`));
  const driver = new OperationDriver({
    hubs: { of: () => ({ hub, watcher }) },
    journal: {
      ...boundTo(journal),
      ...using,
    },
    feed,
    clock,
    activeInterval: 1_000,
    onError: ({ message }) => errors.push(message),
  });
  return { driver, errors, told };
}

/** The real journal, as a plain object whose doors a test can stand in. */
function boundTo(real: Journal): Journal {
  return {
    audit: real.audit,
    create: (one) => real.create(one),
    save: (one, sequence) => real.save(one, sequence),
    find: (id) => real.find(id),
    findKey: (caller, key) => real.findKey(caller, key),
    remember: (key) => real.remember(key),
    findUnsettled: (name, deviceId, since) => real.findUnsettled(name, deviceId, since),
    findDisturbing: (name, deviceId) => real.findDisturbing(name, deviceId),
    findLatest: (name, deviceId, action) => real.findLatest(name, deviceId, action),
    adopt: (name) => real.adopt(name),
    list: (selection, page) => real.list(selection, page),
    check: () => real.check(),
    close: () => real.close(),
  };
}

async function found(): Promise<Operation> {
  const one = await journal.find(operation.id);
  if (!one) throw new TypeError('the operation is gone');
  return one;
}

/** Resolves when the journal has the operation in this status. */
async function reaches(status: Operation['status']): Promise<Operation> {
  return vi.waitFor(async () => {
    const one = await found();
    expect(one.status).toBe(status);
    return one;
  });
}

async function isSent(): Promise<Deferred<MethodAnswer>> {
  return vi.waitFor(() => {
    const [call] = sent;
    if (!call) throw new Error('nothing was sent');
    return call;
  });
}

describe('an operation that is started', () => {
  beforeEach(() => journal.create(operation));

  it('is claimed in the journal before its call is written', async () => {
    const { driver } = createDriver();

    driver.start(operation);
    await isSent();

    expect(await found()).toMatchObject({ status: 'SENDING', sentAt: requestedAt });
  });

  it('goes through the answer and the report to its end, and lets go of the device', async () => {
    const { driver, told } = createDriver();
    driver.start(operation);

    (await isSent()).resolve(accepted);
    await reaches('ACCEPTED');
    twin = reported;
    clock.advance(1_000);
    await reaches('SUCCEEDED');

    expect(told).toEqual(['2 SENDING', '3 ACCEPTED', '5 SUCCEEDED']);
    expect(sent).toHaveLength(1);
    await vi.waitFor(() => expect(watcher.watched).toBe(0));
    expect(clock.pending).toEqual([]);
  });

  it('succeeds also where the report comes first', async () => {
    const { driver } = createDriver();
    driver.start(operation);
    const call = await isSent();

    twin = reported;
    clock.advance(1_000);
    await reaches('IN_PROGRESS');
    call.resolve(accepted);

    expect((await reaches('SUCCEEDED')).report?.value).toBe('after');
  });

  it('is written to the desired properties where that is its command, by the same claim', async () => {
    const call = { kind: 'DESIRED', path: ['power'], value: 'saving' } as const;
    const desired = { ...operation, id: '019d0000-0000-7000-8000-000000000002', call };
    await journal.create({ ...desired, deviceId: 'pump-8' });
    const claims: string[] = [];
    hub = {
      ...hub,
      async writeDesired(deviceId, { path, value }, gate) {
        expect(await gate()).toBe(true);
        const claimed = await journal.find(desired.id);
        claims.push(`${deviceId} ${path.join('.')} ${value} ${claimed?.status}`);
        return { kind: 'WRITTEN', version: 2 };
      },
    };
    const { driver } = createDriver();
    driver.start({ ...desired, deviceId: 'pump-8' });

    await vi.waitFor(async () => expect((await journal.find(desired.id))?.status).toBe('ACCEPTED'));
    expect(claims).toEqual(['pump-8 power saving SENDING']);
    expect(sent).toEqual([]);
    driver.close();
  });

  it('is not sent by a claim that took more than five seconds to be written', async () => {
    const { driver } = createDriver({
      async save(one, sequence) {
        if (one.status === 'SENDING') clock.advance(5_001);
        return journal.save(one, sequence);
      },
    });

    driver.start(operation);

    expect((await reaches('FAILED')).failure).toMatchObject({ code: 'NOT_SENT', retryable: true });
    expect(sent).toEqual([]);
  });

  it('is not sent when the claim cannot be written, and says so as soon as it can', async () => {
    let failures = 3;
    const { driver, errors } = createDriver({
      async save(one, sequence) {
        if (failures-- > 0) throw new Error('the disk is full');
        return journal.save(one, sequence);
      },
    });

    driver.start(operation);
    // The claim was the first failure; two more of what was learned of it.
    for (const [count, pause] of [
      [1, 1_000],
      [2, 2_000],
    ] as const) {
      await vi.waitFor(() => expect(errors).toHaveLength(count));
      await vi.waitFor(() => expect(clock.pending).toEqual([pause]));
      clock.advance(pause);
    }

    expect((await reaches('FAILED')).failure?.code).toBe('NOT_SENT');
    expect(errors).toEqual(['the disk is full', 'the disk is full']);
    expect(sent).toEqual([]);
  });

  it('is not sent when somebody else ended it before the claim', async () => {
    const ended: Operation = {
      ...fold(operation, { kind: 'GONE' }, requestedAt),
      status: 'FAILED',
    };
    await journal.save(ended, operation.sequence);
    const { driver } = createDriver();

    driver.start(operation);

    await vi.waitFor(async () => expect((await found()).history.at(-1)?.type).toBe('LATE_ANSWER'));
    expect(await found()).toMatchObject({ status: 'FAILED', failure: ended.failure, sentAt: null });
    expect(sent).toEqual([]);
  });

  it('loses nothing of what it learns while the journal fails', async () => {
    let broken = false;
    const { driver, errors } = createDriver({
      async save(one, sequence) {
        if (broken) throw new Error('the disk is full');
        return journal.save(one, sequence);
      },
    });
    driver.start(operation);
    const call = await isSent();

    broken = true;
    call.resolve(accepted);
    await vi.waitFor(() => expect(errors).toHaveLength(1));
    twin = reported;
    clock.advance(1_000);
    await vi.waitFor(() => expect(errors.length).toBeGreaterThan(1));
    broken = false;
    await vi.waitFor(() => {
      clock.advance(1_000);
      expect(watcher.watched).toBe(0);
    });

    expect((await found()).history.map(({ type }) => type)).toEqual([
      'REQUESTED',
      'SENDING',
      'ANSWERED',
      'REPORTED',
      'FINISHED',
    ]);
  });

  it('stays open in the journal when the driver is closed', async () => {
    const { driver } = createDriver();
    driver.start(operation);
    const call = await isSent();

    driver.close();
    call.resolve(accepted);
    await vi.waitFor(() => expect(watcher.watched).toBe(0));

    expect((await found()).status).toBe('SENDING');
    expect(clock.pending).toEqual([]);
  });
});

describe('draining', () => {
  beforeEach(() => journal.create(operation));

  it('lets a call that was sent end, and waits for its answer to be recorded', async () => {
    const { driver } = createDriver();
    driver.start(operation);
    const call = await isSent();

    const drained = driver.drain(10_000);
    call.resolve(accepted);
    await drained;

    expect((await found()).status).toBe('ACCEPTED');
    driver.close();
    watcher.close();
    expect(clock.pending).toEqual([]);
  });

  it('ends what has not been sent yet as NOT_SENT, without sending it', async () => {
    const connected = createDeferred<void>();
    const invoke = hub.invokeMethod;
    hub.invokeMethod = async (...call) => {
      await connected.promise;
      return invoke(...call);
    };
    const { driver } = createDriver();
    driver.start(operation);

    const drained = driver.drain(10_000);
    connected.resolve();
    await drained;

    expect((await found()).failure).toMatchObject({ code: 'NOT_SENT', retryable: true });
    expect(sent).toEqual([]);
  });

  it('waits no longer than its limit, and leaves the rest as it is', async () => {
    const { driver } = createDriver();
    driver.start(operation);
    await isSent();

    let drained = false;
    const drain = driver.drain(10_000).then(() => {
      drained = true;
    });
    clock.advance(9_999);
    await new Promise((resolve) => setImmediate(resolve));
    const before = drained;
    clock.advance(1);
    await drain;

    expect(before).toBe(false);
    expect((await found()).status).toBe('SENDING');
  });
});

describe('an operation that an earlier process left open', () => {
  const claimed = fold(operation, { kind: 'CLAIM' }, requestedAt);

  it('before its claim has failed, and may be tried again', async () => {
    await journal.create(operation);
    const { driver } = createDriver();

    await driver.resume(operation);

    expect((await found()).failure).toMatchObject({ code: 'NOT_SENT', retryable: true });
    expect(watcher.watched).toBe(0);
  });

  it('after its claim is never sent again, and ends by its evidence', async () => {
    await journal.create(claimed);
    const { driver } = createDriver();

    await driver.resume(claimed);
    twin = reported;
    clock.advance(0);

    expect(await reaches('SUCCEEDED')).toMatchObject({ answer: { kind: 'UNKNOWN' } });
    expect(sent).toEqual([]);
  });

  it('after its claim is never sent again, and ends by its deadline', async () => {
    await journal.create(claimed);
    const { driver } = createDriver();

    await driver.resume(claimed);
    clock.advance(300_000);
    await vi.waitFor(() => {
      clock.advance(0);
      expect(watcher.watched).toBe(0);
    });

    expect((await found()).failure?.code).toBe('NO_ANSWER');
    expect(sent).toEqual([]);
  });
});

describe('evidence that comes late', () => {
  it('is added to an operation that timed out, once', async () => {
    const deadlineAt = requestedAt + 300_000;
    const silence = makeReading(deadlineAt);
    const claimed = fold(operation, { kind: 'CLAIM' }, requestedAt);
    const answered = fold(claimed, { kind: 'ANSWER', answer: accepted }, requestedAt);
    const timedOut = fold(answered, { kind: 'READING', reading: silence }, deadlineAt);
    await journal.create(timedOut);
    const { driver, told } = createDriver();
    const reading = makeReading(requestedAt + 400_000, reported);

    const [one, two] = await Promise.all([
      driver.settleLate(timedOut, reading),
      driver.settleLate(timedOut, reading),
    ]);

    expect(one).toMatchObject({ status: 'TIMED_OUT', report: { value: 'after' } });
    expect(two).toEqual(one);
    expect(told).toEqual([`${timedOut.sequence + 1} TIMED_OUT`]);
  });
});
