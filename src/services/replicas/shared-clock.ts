import type { Cancel, Clock } from '../clock.js';

/** How much more an older sample is doubted with each new one. */
const AGEING = 1.05;

/** The time of a database that several gateways go by, as far as it can be told from afar. */
export class SharedClock implements Clock {
  readonly #local: Clock;
  #offset = 0;
  #error = Number.POSITIVE_INFINITY;

  constructor(local: Clock) {
    this.#local = local;
  }

  now(): number {
    return Math.round(this.#local.now() + this.#offset);
  }

  after(milliseconds: number, task: () => void): Cancel {
    return this.#local.after(milliseconds, task);
  }

  /** How far off it may be, either way (ms). */
  get error(): number {
    return this.#error;
  }

  /** Starts a comparison; the result takes the time that the database then answers. */
  sample(): (time: number) => void {
    const asked = this.#local.now();
    return (time) => {
      const answered = this.#local.now();
      const error = Math.max(1, (answered - asked) / 2);
      const offset = time - (asked + answered) / 2;
      this.#error *= AGEING;
      // Where both cannot be right, a clock was set.
      const contradicted = Math.abs(offset - this.#offset) > error + this.#error;
      if (error > this.#error && !contradicted) return;
      this.#error = error;
      this.#offset = offset;
    };
  }
}
