/** How many of something each key holds, and may. */
export class Quota {
  readonly #most: number;
  readonly #held = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  isFull(key: string): boolean {
    return (this.#held.get(key) ?? 0) >= this.#most;
  }

  /** Adds to what the key holds, or, below zero, takes from it. */
  add(key: string, change: number): void {
    const held = (this.#held.get(key) ?? 0) + change;
    if (held > 0) this.#held.set(key, held);
    else this.#held.delete(key);
  }
}
