import { type Cancel, type Clock, systemClock } from '../clock.js';
import { type Hub, HubError, type Urgency, urgencies } from '../hub/hub.js';
import type { TwinReading } from '../hub/twin.js';
import { inBackground } from '../request.js';
import {
  type Polling,
  type PollingSeat,
  pollingAlone,
  type ReadOutcome,
  type Wish,
} from './polling.js';

/** Told of every reading of a device, in the order in which the hub was asked. */
export interface TwinListener {
  onReading(reading: TwinReading): void;
  /** The twin could not be read this time; the watch goes on. */
  onUnreadable(error: HubError): void;
  /** The hub knows no such device (any more). */
  onGone(): void;
}

/** One interest in a device. */
export interface Watch {
  /** Asks for another pace; a shorter one takes effect at once. */
  setInterval(milliseconds: number): void;
  close(): void;
}

export interface WatcherOptions {
  readonly hub: Hub;
  /** Who reads what, where other gateways watch the same hub. */
  readonly polling?: Polling;
  readonly clock?: Clock;
  /** A number in [0, 1), for the jitter of back-off. */
  readonly random?: () => number;
  /** No back-off is longer than this (ms). */
  readonly longestBackOff?: number;
  /** Told of what a listener throws. */
  readonly onError?: (error: Error) => void;
}

/**
 * Reads the twins of watched devices over and over: one loop per device, at the shortest interval
 * that any of its watches wants, shared by all. The loop ends with the last watch.
 */
export class Watcher {
  readonly #options: Required<WatcherOptions>;
  readonly #loops = new Map<string, Loop>();

  constructor({
    hub,
    polling = pollingAlone,
    clock = systemClock,
    random = Math.random,
    longestBackOff = 60_000,
    onError = () => {},
  }: WatcherOptions) {
    this.#options = { hub, polling, clock, random, longestBackOff, onError };
  }

  /**
   * Watches a device. The first reading is asked for at once. A device is read as urgently as the
   * most urgent of its watches is.
   */
  watch(
    deviceId: string,
    intervalMs: number,
    listener: TwinListener,
    urgency: Urgency = 'IDLE',
  ): Watch {
    const entry = { interval: intervalMs, listener, urgency };
    const loop = this.#loops.get(deviceId) ?? this.#start(deviceId, entry);
    return loop.add(entry);
  }

  /** How many devices are being read. */
  get watched(): number {
    return this.#loops.size;
  }

  close(): void {
    for (const loop of this.#loops.values()) loop.stop();
    this.#loops.clear();
  }

  #start(deviceId: string, wish: Wish): Loop {
    const loop = new Loop(deviceId, wish, this.#options, () => {
      if (this.#loops.get(deviceId) === loop) this.#loops.delete(deviceId);
    });
    this.#loops.set(deviceId, loop);
    return loop;
  }
}

interface Entry extends Wish {
  interval: number;
  readonly listener: TwinListener;
}

/**
 * Where another gateway reads a device, silence for so many intervals, and this long (ms) beside,
 * is taken for a failure: time enough for others to take its place.
 */
const SILENT_INTERVALS = 3;
const SILENCE = 5_000;

/** The loop of one device. At most one read is under way at a time. */
class Loop {
  readonly #deviceId: string;
  readonly #options: Required<WatcherOptions>;
  readonly #ended: () => void;
  readonly #watches = new Map<Watch, Entry>();
  readonly #seat: PollingSeat;
  #turn = new AbortController();
  #cancelNext: Cancel | undefined;
  #reading = false;
  #stopped = false;
  #lastReadAt: number | undefined;
  #failures = 0;

  constructor(deviceId: string, wish: Wish, options: Required<WatcherOptions>, ended: () => void) {
    this.#deviceId = deviceId;
    this.#options = options;
    this.#ended = ended;
    this.#seat = options.polling.join(deviceId, wish, {
      onTurn: () => this.#schedule(),
      onOutcome: (outcome) => this.#hear(outcome),
    });
  }

  add(entry: Entry): Watch {
    const watch: Watch = {
      setInterval: (milliseconds) => {
        entry.interval = milliseconds;
        if (this.#watches.has(watch)) this.#rewish();
      },
      close: () => {
        if (!this.#watches.delete(watch)) return;
        if (this.#watches.size > 0) return this.#rewish();
        // A read under way keeps the loop: whoever comes back meanwhile must not start a second one.
        if (this.#reading) this.#turn.abort();
        else this.stop();
      },
    };
    this.#watches.set(watch, entry);
    // A newcomer is owed the current state: read now, whatever the pace; unless the hub needs rest.
    if (this.#failures === 0) this.#lastReadAt = undefined;
    this.#rewish();
    return watch;
  }

  stop(): void {
    this.#stopped = true;
    this.#turn.abort();
    this.#cancelNext?.();
    this.#watches.clear();
    this.#seat.leave();
    this.#ended();
  }

  #isIdle(): boolean {
    return this.#watches.size === 0 && !this.#reading;
  }

  /** Takes up what the watches want now. */
  #rewish(): void {
    this.#seat.wish(this.#wish());
    this.#schedule();
  }

  #wish(): Wish {
    return strictest([...this.#watches.values()]);
  }

  /** What is wanted here and by the others. */
  #wanted(): Wish {
    const { others } = this.#seat;
    return others ? strictest([this.#wish(), others]) : this.#wish();
  }

  #schedule(): void {
    if (this.#stopped || this.#reading || this.#watches.size === 0) return;
    this.#cancelNext?.();
    const { clock } = this.#options;
    const pause = this.#pause();
    const elapsed = this.#lastReadAt === undefined ? pause : clock.now() - this.#lastReadAt;
    // A clock that was set back must not make the pause longer.
    const due = Math.min(pause, Math.max(0, pause - elapsed));
    const byTurn = this.#seat.reads;
    const onDue = () => {
      // A process that was stopped for a while may have lost its turn meanwhile.
      const lostTurn = byTurn && !this.#seat.reads && this.#lastReadAt !== undefined;
      if (lostTurn) this.#schedule();
      else void this.#read();
    };
    this.#cancelNext = inBackground(() => clock.after(due, onDue));
  }

  /** The shortest interval wanted; after failures a jittered, doubling one if that is longer. */
  #pause(): number {
    const { interval } = this.#wanted();
    if (!this.#seat.reads) return SILENT_INTERVALS * interval + SILENCE;
    if (this.#failures === 0) return interval;
    const { random, longestBackOff } = this.#options;
    const backOff = Math.min(longestBackOff, 1000 * 2 ** (this.#failures - 1));
    return Math.max(interval, backOff * (0.5 + random() / 2));
  }

  async #read(): Promise<void> {
    const { clock, hub } = this.#options;
    this.#reading = true;
    this.#lastReadAt = clock.now();
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    const outcome = await hub
      .readTwin(this.#deviceId, { urgency: this.#wanted().urgency, signal })
      .catch(toHubError);
    this.#reading = false;
    if (this.#isIdle()) return this.stop();
    if (signal.aborted && outcome instanceof HubError) {
      // Given up for those who left; whoever came meanwhile is still owed a reading.
      this.#lastReadAt = undefined;
      return this.#schedule();
    }
    if (this.#seat.reads) this.#seat.publish(outcome);
    this.#learn(outcome);
  }

  /** Another gateway read the device: as good as a read of our own, unless somebody is owed one. */
  #hear(outcome: ReadOutcome): void {
    if (this.#stopped) return;
    if (this.#lastReadAt !== undefined) this.#lastReadAt = this.#options.clock.now();
    this.#learn(outcome);
  }

  #learn(outcome: ReadOutcome): void {
    this.#failures = outcome instanceof HubError ? this.#failures + 1 : 0;
    this.#schedule();
    this.#tell((listener) => deliver(listener, outcome));
  }

  #tell(message: (listener: TwinListener) => void): void {
    for (const [watch, { listener }] of [...this.#watches]) {
      // One that was told before may have closed it.
      if (!this.#watches.has(watch)) continue;
      try {
        message(listener);
      } catch (error) {
        // One listener's fault is not the others'.
        this.#options.onError(error as Error);
      }
    }
  }
}

/** The shortest interval and the greatest urgency of them all. */
function strictest(wishes: readonly Wish[]): Wish {
  const wanted = new Set(wishes.map(({ urgency }) => urgency));
  return {
    interval: Math.min(...wishes.map(({ interval }) => interval)),
    urgency: urgencies.find((urgency) => wanted.has(urgency)) ?? 'IDLE',
  };
}

function deliver(listener: TwinListener, outcome: ReadOutcome): void {
  if (!(outcome instanceof HubError)) listener.onReading(outcome);
  else if (outcome.code === 'DEVICE_NOT_FOUND') listener.onGone();
  else listener.onUnreadable(outcome);
}

function toHubError(error: unknown): HubError {
  return error instanceof HubError ? error : new HubError('UNAVAILABLE', String(error));
}
