import type { Clock } from '../clock.js';
import type { Hub } from '../hub/hub.js';
import type { Journal } from '../store/journal.js';
import type { Watch, Watcher } from '../watch/watcher.js';
import type { OperationFeed } from './feed.js';
import { type Evidence, fold } from './fold.js';
import { isTerminal, type Operation } from './operation.js';

export interface DriverOptions {
  readonly hub: Hub;
  readonly watcher: Watcher;
  readonly journal: Journal;
  readonly feed: OperationFeed;
  readonly clock: Clock;
  /** The pace of watching while an operation is under way (ms). */
  readonly activeInterval: number;
  readonly onError: (error: Error, operation: Operation) => void;
}

/** A claim older than this (ms) permits no sending any more. */
const CLAIM_VALID = 5_000;
/** Between attempts to write what was learned while the journal fails (ms). */
const JOURNAL_RETRY = 1_000;

/**
 * Carries operations to their end: claims, sends once, watches, and folds in what it learns.
 * Evidence of one operation is handled in the order in which it came.
 */
export class OperationDriver {
  readonly #options: DriverOptions;
  readonly #runs = new Map<string, Run>();
  #closed = false;

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  /** Sends the call of an operation that the journal has as REQUESTED, and follows it. */
  start(operation: Operation): void {
    const run = this.#follow(operation);
    void this.#send(run);
  }

  /** Goes on with an operation that an earlier process left open. It is never sent again. */
  async resume(operation: Operation): Promise<void> {
    await this.#learn(this.#follow(operation), { kind: 'INTERRUPTED' });
  }

  /** Adds what is learned of an operation that has ended; gives it as it then stands. */
  async settleLate(operation: Operation, evidence: Evidence): Promise<Operation> {
    const { journal, feed, clock } = this.#options;
    const after = fold(operation, evidence, clock.now());
    if (after === operation) return operation;
    if (!(await journal.save(after, operation.sequence))) {
      return (await journal.find(operation.id)) ?? operation;
    }
    feed.publish(after);
    return after;
  }

  /** Lets go of everything. Open operations stay open in the journal. */
  close(): void {
    this.#closed = true;
    for (const run of this.#runs.values()) run.watch?.close();
    this.#runs.clear();
  }

  #follow(operation: Operation): Run {
    const run: Run = { operation, watch: undefined, queue: Promise.resolve() };
    this.#runs.set(operation.id, run);
    return run;
  }

  async #send(run: Run): Promise<void> {
    const { hub } = this.#options;
    const { deviceId, call } = run.operation;
    const answer = await hub.invokeMethod(deviceId, call, () => this.#claim(run));
    await this.#learn(run, { kind: 'ANSWER', answer });
  }

  /** The last step before the socket write: only a fresh claim in the journal permits it. */
  async #claim(run: Run): Promise<boolean> {
    await this.#step(run, { kind: 'CLAIM' });
    const { status, sentAt } = run.operation;
    if (status !== 'SENDING' || sentAt === null) return false;
    this.#watch(run);
    return this.#options.clock.now() - sentAt <= CLAIM_VALID;
  }

  #watch(run: Run): void {
    const { watcher, activeInterval } = this.#options;
    if (run.watch || this.#closed || isTerminal(run.operation.status)) return;
    run.watch = watcher.watch(run.operation.deviceId, activeInterval, {
      onReading: (reading) => void this.#learn(run, { kind: 'READING', reading }),
      onUnreadable: ({ message }) => void this.#learn(run, { kind: 'UNREADABLE', message }),
      onGone: () => void this.#learn(run, { kind: 'GONE' }),
    });
  }

  /** Folds evidence in after what came before it; tries until the journal takes it. */
  #learn(run: Run, evidence: Evidence): Promise<void> {
    run.queue = run.queue.then(async () => {
      while (!this.#closed) {
        try {
          await this.#step(run, evidence);
          break;
        } catch (error) {
          this.#options.onError(error as Error, run.operation);
          await new Promise<void>((resolve) => this.#options.clock.after(JOURNAL_RETRY, resolve));
        }
      }
      this.#settle(run);
    });
    return run.queue;
  }

  async #step(run: Run, evidence: Evidence): Promise<void> {
    const { journal, feed, clock } = this.#options;
    const before = run.operation;
    const after = fold(before, evidence, clock.now());
    if (after === before) return;
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
      this.#runs.delete(run.operation.id);
    } else {
      this.#watch(run);
    }
  }
}

/** One operation under way. */
interface Run {
  operation: Operation;
  watch: Watch | undefined;
  queue: Promise<void>;
}
