import type { Clock } from './clock.js';

/** Before work that failed is tried again (ms). */
const RETRY = 1_000;

export interface BacklogOptions<Item> {
  /** Does some of it. What it throws for is tried again, whole. */
  readonly work: (items: readonly Item[]) => Promise<void>;
  /** How many items one piece of work has at most. */
  readonly atOnce: number;
  readonly clock: Clock;
  /** Whether nothing needs to be done any more. */
  readonly isOver: () => boolean;
  readonly onError: (error: Error) => void;
}

/**
 * What must be done in the end, whatever fails meanwhile. It is done in pieces, one after another:
 * none overtakes another, and an item that was added while its piece was under way is done again.
 */
export class Backlog<Item> {
  readonly #options: BacklogOptions<Item>;
  readonly #items = new Map<string, Item>();
  #working = false;

  constructor(options: BacklogOptions<Item>) {
    this.#options = options;
  }

  /** Items under one key are one; the newest stands. */
  add(key: string, item: Item): void {
    this.#items.set(key, item);
    if (this.#working) return;
    this.#working = true;
    // What comes in one go is done in one.
    setImmediate(() => void this.#workAll());
  }

  async #workAll(): Promise<void> {
    const { work, atOnce, clock, isOver, onError } = this.#options;
    while (this.#items.size > 0 && !isOver()) {
      const piece = [...this.#items].slice(0, atOnce);
      for (const [key] of piece) this.#items.delete(key);
      try {
        await work(piece.map(([, item]) => item));
      } catch (error) {
        for (const [key, item] of piece) if (!this.#items.has(key)) this.#items.set(key, item);
        onError(error as Error);
        await new Promise<void>((resolve) => clock.after(RETRY, resolve));
      }
    }
    this.#working = false;
  }
}
