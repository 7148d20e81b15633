import type { Clock } from '../clock.js';
import type { DeviceRef } from '../device-id.js';
import type { CommandAnswer, Hub, SendGate } from '../hub/hub.js';
import type { TwinReading } from '../hub/twin.js';
import type { Journal } from '../store/journal.js';
import type { TwinListener, Watch, Watcher } from '../watch/watcher.js';
import type { OperationFeed } from './feed.js';
import { FeedbackDesk } from './feedback-desk.js';
import { type Evidence, fold } from './fold.js';
import { awaitsFeedback, isTerminal, needsWatching, type Operation } from './operation.js';
import { passSeam } from './seams.js';

export interface DriverOptions {
  /** The hub of an operation, and who watches its devices. */
  readonly hubs: { of(device: DeviceRef): { readonly hub: Hub; readonly watcher: Watcher } };
  readonly journal: Journal;
  readonly feed: OperationFeed;
  readonly clock: Clock;
  /** The pace of watching while an operation is under way (ms). */
  readonly activeInterval: number;
  readonly onError: (error: Error, operation?: Operation) => void;
}

/** A claim older than this (ms) permits no sending any more. */
const CLAIM_VALID = 5_000;
/** Between attempts to write what was learned while the journal fails (ms): the first, the longest. */
const FIRST_RETRY = 1_000;
const LAST_RETRY = 30_000;

/**
 * Carries operations to their end: claims, sends once, watches, and folds in what it learns.
 * Evidence of one operation is handled in the order in which it came.
 */
export class OperationDriver {
  readonly #options: DriverOptions;
  readonly #runs = new Map<string, Run>();
  readonly #calls = new Set<Promise<void>>();
  readonly #feedback: FeedbackDesk;
  #draining = false;
  #closed = false;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#feedback = new FeedbackDesk({
      ...options,
      learn: (operation, evidence) => this.#learnOf(operation, evidence),
    });
  }

  /** Sends the call of an operation that the journal has as REQUESTED, and follows it. */
  start(operation: Operation): void {
    const run = this.#follow(operation);
    const call = this.#send(run).finally(() => this.#calls.delete(call));
    this.#calls.add(call);
  }

  /** Goes on with an operation that an earlier process left open. It is never sent again. */
  async resume(operation: Operation): Promise<void> {
    await this.#learn(this.#follow(operation), { kind: 'INTERRUPTED' });
  }

  /** Whether it carries this operation on already. */
  drives(id: string): boolean {
    return this.#runs.has(id);
  }

  /** How many it carries on. */
  get driven(): number {
    return this.#runs.size;
  }

  /** Adds a reading to an operation that has ended; gives it as it then stands. */
  async settleLate(operation: Operation, reading: TwinReading): Promise<Operation> {
    const { journal, feed, clock } = this.#options;
    const after = fold(operation, { kind: 'READING', reading }, clock.now());
    if (after === operation) return operation;
    if (!(await journal.save(after, operation.sequence))) {
      return (await journal.find(operation.id)) ?? operation;
    }
    feed.publish(after);
    return after;
  }

  /** Lets go of every operation, since others drive them now; a call under way still ends. */
  release(): void {
    for (const run of this.#runs.values()) {
      run.released = true;
      run.watch?.close();
    }
    this.#runs.clear();
  }

  /**
   * Sends nothing more, and lets the calls that were sent end: resolves when they have, or after
   * `limit` (ms). What was not sent yet ends as NOT_SENT.
   */
  async drain(limit: number): Promise<void> {
    this.#draining = true;
    const ended = Promise.all(this.#calls);
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(limit, resolve);
      void ended.finally(cancel).then(() => resolve());
    });
  }

  /** Lets go of everything. Open operations stay open in the journal. */
  close(): void {
    this.#closed = true;
    this.release();
  }

  #follow(operation: Operation): Run {
    const run = newRun(operation);
    this.#runs.set(operation.id, run);
    return run;
  }

  async #send(run: Run): Promise<void> {
    const { id } = run.operation;
    const { hub } = this.#options.hubs.of(run.operation);
    const gate = () => this.#claim(run);
    const onSent = () => passSeam('AFTER_SEND', id);
    const answer = await send(hub, run.operation, gate, onSent);
    passSeam('AFTER_ANSWER', id);
    await this.#learn(run, { kind: 'ANSWER', answer });
  }

  /** The last step before the socket write: only a fresh claim in the journal permits it. */
  async #claim(run: Run): Promise<boolean> {
    if (this.#draining) throw new Error('the gateway stopped before sending');
    if (run.released) return false;
    passSeam('BEFORE_CLAIM', run.operation.id);
    await this.#step(run, { kind: 'CLAIM' });
    const { id, status, sentAt } = run.operation;
    if (run.released || status !== 'SENDING' || sentAt === null) return false;
    passSeam('AFTER_CLAIM', id);
    this.#watch(run);
    return this.#options.clock.now() - sentAt <= CLAIM_VALID;
  }

  #watch(run: Run): void {
    const { hubs, activeInterval } = this.#options;
    if (run.watch || run.released) return;
    if (awaitsFeedback(run.operation)) {
      run.watch = this.#feedback.wait(run.operation, (ended) => this.#seeEnded(run, ended));
      return;
    }
    if (!needsWatching(run.operation)) return;
    const { deviceId } = run.operation;
    const listener: TwinListener = {
      onReading: (reading) => this.#learnReading(run, reading),
      onUnreadable: ({ message }) => void this.#learn(run, { kind: 'UNREADABLE', message }),
      onGone: () => void this.#learn(run, { kind: 'GONE' }),
    };
    run.watch = hubs.of(run.operation).watcher.watch(deviceId, activeInterval, listener, 'ACTIVE');
  }

  /** Somebody else may have ended it. */
  #seeEnded(run: Run, ended: Operation): void {
    void this.#inOrder(run, async () => {
      if (ended.sequence > run.operation.sequence) run.operation = ended;
      this.#settle(run);
    });
  }

  /** Of readings that wait behind one another, only the newest has anything to say. */
  #learnReading(run: Run, reading: TwinReading): void {
    const waiting = run.newestReading !== undefined;
    run.newestReading = reading;
    if (waiting) return;
    void this.#inOrder(run, async () => {
      const newest = run.newestReading ?? reading;
      run.newestReading = undefined;
      await this.#fold(run, { kind: 'READING', reading: newest });
    });
  }

  #learn(run: Run, evidence: Evidence): Promise<void> {
    return this.#inOrder(run, () => this.#fold(run, evidence));
  }

  /** Of an operation that others may drive. False: the gateway stopped before it was durable. */
  async #learnOf(operation: Operation, evidence: Evidence): Promise<boolean> {
    const driven = this.#runs.get(operation.id);
    const run = driven ?? newRun(operation);
    if (!driven) run.released = true;
    await this.#learn(run, evidence);
    return !this.#closed;
  }

  /** Runs a task after those before it. */
  #inOrder(run: Run, task: () => Promise<void>): Promise<void> {
    run.queue = run.queue.then(task);
    return run.queue;
  }

  /** Folds evidence in; tries until the journal takes it, less and less often. */
  async #fold(run: Run, evidence: Evidence): Promise<void> {
    for (let pause = FIRST_RETRY; !this.#closed; pause = Math.min(2 * pause, LAST_RETRY)) {
      try {
        await this.#step(run, evidence);
        break;
      } catch (error) {
        this.#options.onError(error as Error, run.operation);
        await new Promise<void>((resolve) => this.#options.clock.after(pause, resolve));
      }
    }
    this.#settle(run);
  }

  async #step(run: Run, evidence: Evidence): Promise<void> {
    const { journal, feed, clock } = this.#options;
    const before = run.operation;
    const after = fold(before, evidence, clock.now());
    if (after === before) return;
    if (before.report === null && after.report !== null) passSeam('AFTER_EVIDENCE', before.id);
    if (await journal.save(after, before.sequence)) {
      run.operation = after;
      feed.publish(after);
    } else {
      // Somebody else moved it: take it as it stands now, and learn again from there.
      run.operation = (await journal.find(before.id)) ?? before;
      if (run.operation.sequence !== before.sequence) await this.#step(run, evidence);
    }
  }

  #settle(run: Run): void {
    if (isTerminal(run.operation.status)) {
      run.watch?.close();
      if (!run.released) this.#runs.delete(run.operation.id);
    } else {
      this.#watch(run);
    }
  }
}

/** One operation under way. */
interface Run {
  operation: Operation;
  watch: Pick<Watch, 'close'> | undefined;
  queue: Promise<void>;
  /** Waits in the queue. */
  newestReading: TwinReading | undefined;
  /** Somebody else's to drive: only what is under way is seen to its end. */
  released: boolean;
}

function newRun(operation: Operation): Run {
  return {
    operation,
    watch: undefined,
    queue: Promise.resolve(),
    newestReading: undefined,
    released: false,
  };
}

/** Hands what an operation sends to its hub. */
function send(
  hub: Hub,
  { id, deviceId, call }: Operation,
  gate: SendGate,
  onSent: () => void,
): Promise<CommandAnswer> {
  switch (call.kind) {
    case 'DESIRED':
      return hub.writeDesired(deviceId, call, gate, onSent);
    case 'MESSAGE':
      return hub.sendMessage(deviceId, { ...call, messageId: id }, gate, onSent);
    default:
      return hub.invokeMethod(deviceId, call, gate, onSent);
  }
}
