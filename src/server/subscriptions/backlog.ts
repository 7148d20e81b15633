import type { Delivery } from '../../schema/delivers.js';
import type { Payload } from './payload.js';

/** Payloads that wait for one slow member, in order. They are shared: waiting copies nothing. */
export class Backlog {
  readonly #delivery: Delivery;
  readonly #limit: number;
  #waiting: Payload[] = [];
  #size = 0;

  /** `limit` is of EVERY, in characters; of NEWEST never more than one payload waits. */
  constructor(delivery: Delivery, limit: number) {
    this.#delivery = delivery;
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** What waits, in characters. */
  get size(): number {
    return this.#size;
  }

  /** Whether there was room. Without, nothing is added: the order would have a gap. */
  add(payload: Payload): boolean {
    if (this.#delivery === 'NEWEST') this.clear();
    else if (this.#size + payload.text.length > this.#limit) return false;
    this.#waiting.push(payload);
    this.#size += payload.text.length;
    return true;
  }

  /** Takes what has waited longest. */
  take(): Payload | undefined {
    const payload = this.#waiting.shift();
    if (payload) this.#size -= payload.text.length;
    return payload;
  }

  clear(): void {
    this.#waiting = [];
    this.#size = 0;
  }
}
