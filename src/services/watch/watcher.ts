import { type Cancel, type Clock, systemClock } from '../clock.js';
import { type Hub, HubError, type Urgency, urgencies } from '../hub/hub.js';
import type { TwinReading } from '../hub/twin.js';

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
    clock = systemClock,
    random = Math.random,
    longestBackOff = 60_000,
    onError = () => {},
  }: WatcherOptions) {
    this.#options = { hub, clock, random, longestBackOff, onError };
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
    const loop = this.#loops.get(deviceId) ?? this.#start(deviceId);
    return loop.add({ interval: intervalMs, listener, urgency });
  }

  /** How many devices are being read. */
  get watched(): number {
    return this.#loops.size;
  }

  close(): void {
    for (const loop of this.#loops.values()) loop.stop();
    this.#loops.clear();
  }

  #start(deviceId: string): Loop {
    const loop = new Loop(deviceId, this.#options, () => {
      if (this.#loops.get(deviceId) === loop) this.#loops.delete(deviceId);
    });
    this.#loops.set(deviceId, loop);
    return loop;
  }
}

interface Entry {
  interval: number;
  readonly listener: TwinListener;
  readonly urgency: Urgency;
}

/** The loop of one device. At most one read is under way at a time. */
class Loop {
  readonly #deviceId: string;
  readonly #options: Required<WatcherOptions>;
  readonly #ended: () => void;
  readonly #watches = new Map<Watch, Entry>();
  #turn = new AbortController();
  #cancelNext: Cancel | undefined;
  #reading = false;
  #stopped = false;
  #lastReadAt: number | undefined;
  #failures = 0;

  constructor(deviceId: string, options: Required<WatcherOptions>, ended: () => void) {
    this.#deviceId = deviceId;
    this.#options = options;
    this.#ended = ended;
  }

  add(entry: Entry): Watch {
    const watch: Watch = {
      setInterval: (milliseconds) => {
        entry.interval = milliseconds;
        this.#schedule();
      },
      close: () => {
        if (!this.#watches.delete(watch) || this.#watches.size > 0) return;
        // A read under way keeps the loop: whoever comes back meanwhile must not start a second one.
        if (this.#reading) this.#turn.abort();
        else this.stop();
      },
    };
    this.#watches.set(watch, entry);
    // A newcomer is owed the current state: read now, whatever the pace; unless the hub needs rest.
    if (this.#failures === 0) this.#lastReadAt = undefined;
    this.#schedule();
    return watch;
  }

  stop(): void {
    this.#stopped = true;
    this.#turn.abort();
    this.#cancelNext?.();
    this.#watches.clear();
    this.#ended();
  }

  #isIdle(): boolean {
    return this.#watches.size === 0 && !this.#reading;
  }

  #schedule(): void {
    if (this.#stopped || this.#reading) return;
    this.#cancelNext?.();
    const { clock } = this.#options;
    const pause = this.#pause();
    const elapsed = this.#lastReadAt === undefined ? pause : clock.now() - this.#lastReadAt;
    // A clock that was set back must not make the pause longer.
    const due = Math.min(pause, Math.max(0, pause - elapsed));
    this.#cancelNext = clock.after(due, () => void this.#read());
  }

  /** The shortest interval wanted; after failures a jittered, doubling one if that is longer. */
  #pause(): number {
    const wanted = Math.min(...[...this.#watches.values()].map(({ interval }) => interval));
    if (this.#failures === 0) return wanted;
    const { random, longestBackOff } = this.#options;
    const backOff = Math.min(longestBackOff, 1000 * 2 ** (this.#failures - 1));
    return Math.max(wanted, backOff * (0.5 + random() / 2));
  }

  #urgency(): Urgency {
    const wanted = new Set([...this.#watches.values()].map(({ urgency }) => urgency));
    return urgencies.find((urgency) => wanted.has(urgency)) ?? 'IDLE';
  }

  async #read(): Promise<void> {
    const { clock, hub } = this.#options;
    this.#reading = true;
    this.#lastReadAt = clock.now();
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    const outcome = await hub
      .readTwin(this.#deviceId, { urgency: this.#urgency(), signal })
      .catch(toHubError);
    this.#reading = false;
    if (this.#isIdle()) return this.stop();
    if (signal.aborted && outcome instanceof HubError) {
      // Given up for those who left; whoever came meanwhile is still owed a reading.
      this.#lastReadAt = undefined;
      return this.#schedule();
    }
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

function deliver(listener: TwinListener, outcome: TwinReading | HubError): void {
  if (!(outcome instanceof HubError)) listener.onReading(outcome);
  else if (outcome.code === 'DEVICE_NOT_FOUND') listener.onGone();
  else listener.onUnreadable(outcome);
}

function toHubError(error: unknown): HubError {
  return error instanceof HubError ? error : new HubError('UNAVAILABLE', String(error));
}
