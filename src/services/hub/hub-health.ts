import type { Clock } from '../clock.js';
import type { HubExchange, HubOutcome } from '../observer.js';

/** Whether a hub is of use, and how that is known. */
export interface HubCondition {
  readonly usable: boolean;
  /** How the newest exchange ended that tells anything; undefined where there was none. */
  readonly outcome: HubOutcome | undefined;
  /** When that was (ms). */
  readonly at: number | undefined;
}

export interface HubHealthOptions {
  readonly clock: Clock;
  /** Asks the hub for next to nothing, so that there is an exchange. Must not throw. */
  readonly ask: () => Promise<void>;
}

/** How long a good answer is believed (ms), whoever asked for it. */
const BELIEVED_FOR = 30_000;
/** How long a check waits for the hub (ms). */
const PATIENCE = 2_000;

const usableOutcomes: readonly (HubOutcome | undefined)[] = ['OK', 'THROTTLED', 'REFUSED'];

/**
 * Knows from what the gateway asks of a hub anyway whether that is of use. Asks it by itself only
 * where nothing good was heard of it lately; one question is under way at a time.
 */
export class HubHealth {
  readonly #options: HubHealthOptions;
  #newest: { readonly outcome: HubOutcome; readonly at: number } | undefined;
  #asking: Promise<void> | undefined;

  constructor(options: HubHealthOptions) {
    this.#options = options;
  }

  /** Learns from an exchange. */
  note({ outcome, requestClass }: HubExchange): void {
    // A method call that fails may be the device's doing, and one that was stopped is ours.
    const tellsNothing = requestClass === 'METHODS' && !usableOutcomes.includes(outcome);
    if (outcome === 'NOT_SENT' || tellsNothing) return;
    this.#newest = { outcome, at: this.#options.clock.now() };
  }

  /** Takes at most two seconds. */
  async check(): Promise<HubCondition> {
    if (!this.#isKnownToBeUsable()) await this.#askOnce();
    const { outcome, at } = this.#newest ?? {};
    return { usable: this.#isKnownToBeUsable(), outcome, at };
  }

  #isKnownToBeUsable(): boolean {
    if (!this.#newest || !usableOutcomes.includes(this.#newest.outcome)) return false;
    return Math.abs(this.#options.clock.now() - this.#newest.at) < BELIEVED_FOR;
  }

  #askOnce(): Promise<void> {
    const { ask, clock } = this.#options;
    this.#asking ??= ask().finally(() => {
      this.#asking = undefined;
    });
    const asking = this.#asking;
    return new Promise((resolve) => {
      const cancel = clock.after(PATIENCE, resolve);
      void asking.finally(cancel).then(resolve);
    });
  }
}
