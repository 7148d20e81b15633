import type { Clock } from './clock.js';

export interface RecentOptions {
  readonly clock: Clock;
  /** How long something is kept from when it was asked for (ms). */
  readonly keptFor: number;
  /** What was asked for longest ago is forgotten beyond this. */
  readonly most: number;
}

/** What was loaded lately, by key. Who asks while something is being loaded waits for the same. */
export class Recent<T> {
  readonly #options: RecentOptions;
  readonly #kept = new Map<string, { readonly until: number; readonly value: Promise<T> }>();

  constructor(options: RecentOptions) {
    this.#options = options;
  }

  /** What is kept, or what loading gives. A failure goes to those who wait for it, and is not kept. */
  get(key: string, load: () => Promise<T>): Promise<T> {
    const { clock, keptFor, most } = this.#options;
    const known = this.#kept.get(key);
    if (known && clock.now() < known.until) return known.value;
    const entry = { until: clock.now() + keptFor, value: load() };
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    entry.value.catch(() => {
      if (this.#kept.get(key) === entry) this.#kept.delete(key);
    });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > most && oldest !== undefined) this.#kept.delete(oldest);
    return entry.value;
  }
}
