import { Refusal } from '../front-errors.js';
import type { Limits } from './limits.js';

/** When to try again: by then, much of what is under way is done. */
const RETRY_AFTER_SECONDS = 1;

/** What is being answered, so that more than can be answered in time is refused at once. */
export class Load {
  readonly #limits: Pick<Limits, 'lag' | 'operationsUnderWay'>;
  readonly #readLag: () => number;
  #underWay = 0;

  /** `readLag` tells how long what is ready waits for its turn (ms). */
  constructor(limits: Pick<Limits, 'lag' | 'operationsUnderWay'>, readLag: () => number) {
    this.#limits = limits;
    this.#readLag = readLag;
  }

  /** Takes one more in; what is given back is to be called when it is answered. Throws as `check`. */
  enter(): () => void {
    this.check();
    this.#underWay += 1;
    let isLeft = false;
    return () => {
      if (isLeft) return;
      isLeft = true;
      this.#underWay -= 1;
    };
  }

  /** Throws Refusal where no more can be taken in, or the gateway is behind with its work. */
  check(): void {
    const { operationsUnderWay: most, lag: longest } = this.#limits;
    if (this.#underWay >= most) throw overloaded(`${most} operations are under way`);
    const lag = this.#readLag();
    if (lag > longest) throw overloaded(`it is ${Math.round(lag)} ms behind`);
  }
}

function overloaded(why: string): Refusal {
  return new Refusal('OVERLOADED', `the gateway has too much to do: ${why}; try again`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
