import { type Cancel, type Clock, systemClock } from '../clock.js';
import { HubError, type Urgency, urgencies } from './hub.js';
import { addCost } from './request-cost.js';
import { type RequestClass, requestClasses, type Throttle } from './throttles.js';

export interface BudgetOptions {
  readonly throttles: Readonly<Record<RequestClass, Throttle>>;
  /** What part of the hub's throttles the gateway may use, above 0 up to 1. */
  readonly share: number;
  readonly clock?: Clock;
  /** A caller whose turn comes later than this (ms) is refused at once. */
  readonly longestWait?: number;
}

/** How a class stands. */
export interface BudgetLine {
  readonly requestClass: RequestClass;
  /** Requests that the gateway may send in an interval, when the hub is well. */
  readonly limit: number;
  readonly intervalMs: number;
  /** As limit, after what the hub refused lately, and without what other gateways use. */
  readonly allowed: number;
  /** Sent in the interval that ends now. */
  readonly used: number;
  readonly waiting: number;
  /** Refused by the hub with 429, ever. */
  readonly throttled: number;
}

/** How much of the allowance is left after each refusal, and the least that is left. */
const BACK_OFF = 0.5;
const LEAST = 0.05;
/** How much of the limit comes back with each interval that passes without a refusal. */
const RECOVERY = 0.1;

/**
 * What the hub's throttles leave us, one ledger a class. A request waits for its turn: callers
 * before operations before watchers, each in order. In no interval are more sent than allowed.
 */
export class Budget {
  readonly #ledgers: Readonly<Record<RequestClass, Ledger>>;

  constructor({ throttles, share, clock = systemClock, longestWait = 5_000 }: BudgetOptions) {
    const ledger = (requestClass: RequestClass) =>
      new Ledger(requestClass, throttles[requestClass], { share, clock, longestWait });
    this.#ledgers = Object.fromEntries(
      requestClasses.map((requestClass) => [requestClass, ledger(requestClass)]),
    ) as Record<RequestClass, Ledger>;
  }

  /**
   * Resolves when `cost` requests may be sent. Throws HubError THROTTLED to a caller whose turn
   * would come too late, and the signal's reason when it is aborted.
   */
  async take(
    requestClass: RequestClass,
    urgency: Urgency,
    { cost = 1, signal }: { cost?: number; signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    await this.#ledgers[requestClass].take(urgency, cost, signal);
    addCost(requestClass, cost);
  }

  /** The hub answered 429: slow down at once. */
  refused(requestClass: RequestClass): void {
    this.#ledgers[requestClass].refused();
  }

  /**
   * Lets this gateway use only a part (0 to 1) of a class, since others use the rest; `expected`
   * is the part that it will soon have if it needs it.
   */
  allot(requestClass: RequestClass, part: number, expected = part): void {
    this.#ledgers[requestClass].allot(part, expected);
  }

  line(requestClass: RequestClass): BudgetLine {
    return this.#ledgers[requestClass].line();
  }

  lines(): readonly BudgetLine[] {
    return requestClasses.map((requestClass) => this.line(requestClass));
  }

  /** Turns everybody away who still waits. */
  close(): void {
    for (const requestClass of requestClasses) this.#ledgers[requestClass].close();
  }
}

interface Waiter {
  readonly cost: number;
  readonly go: () => void;
  readonly turnAway: (reason: unknown) => void;
}

class Ledger {
  readonly #requestClass: RequestClass;
  readonly #limit: number;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #longestWait: number;
  readonly #queues: Readonly<Record<Urgency, Waiter[]>> = { CALLER: [], ACTIVE: [], IDLE: [] };
  /** When what was sent, oldest first; only the interval that ends now. */
  readonly #sent: { readonly at: number; readonly cost: number }[] = [];
  #used = 0;
  #throttled = 0;
  /** The part of the limit that the hub's refusals leave, and when that was set. */
  #part = 1;
  #partAt = Number.NEGATIVE_INFINITY;
  /** The part that is this gateway's, among others on the same hub. */
  #allotted = 1;
  /** The part that it will soon have if it needs it. */
  #expected = 1;
  #cancelWake: Cancel | undefined;

  constructor(
    requestClass: RequestClass,
    { requests, intervalMs }: Throttle,
    { share, clock, longestWait }: { share: number; clock: Clock; longestWait: number },
  ) {
    this.#requestClass = requestClass;
    this.#limit = Math.max(1, Math.floor(requests * share));
    this.#intervalMs = intervalMs;
    this.#clock = clock;
    this.#longestWait = longestWait;
  }

  async take(urgency: Urgency, cost: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    // What costs more than is ever allowed at once would wait for ever.
    const payable = Math.min(cost, this.#limit);
    if (urgency === 'CALLER') this.#refuseIfLate(payable);
    const queue = this.#queues[urgency];
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        queue.splice(queue.indexOf(waiter), 1);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        cost: payable,
        go: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
        turnAway: (reason) => {
          signal?.removeEventListener('abort', leave);
          reject(reason);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(waiter);
      this.#serve();
    });
  }

  refused(): void {
    this.#throttled += 1;
    const now = this.#clock.now();
    const part = this.#partNow(now);
    // Answers of one burst are one refusal.
    if (now - this.#partAt < this.#intervalMs && this.#part < 1) return;
    this.#part = Math.max(LEAST, part * BACK_OFF);
    this.#partAt = now;
  }

  allot(part: number, expected: number): void {
    const grew = part > this.#allotted;
    this.#allotted = part;
    this.#expected = Math.max(part, expected);
    if (grew) this.#serve();
  }

  line(): BudgetLine {
    const now = this.#clock.now();
    this.#forget(now);
    return {
      requestClass: this.#requestClass,
      limit: this.#limit,
      intervalMs: this.#intervalMs,
      allowed: this.#allowed(now),
      used: this.#used,
      waiting: this.#waiting(),
      throttled: this.#throttled,
    };
  }

  close(): void {
    this.#cancelWake?.();
    for (const urgency of urgencies) {
      for (const waiter of this.#queues[urgency].splice(0)) {
        waiter.turnAway(new HubError('UNAVAILABLE', 'the gateway is stopping'));
      }
    }
  }

  /** Lets go whoever's turn it is, and wakes up again when the next one's may be. */
  #serve(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    const now = this.#clock.now();
    this.#forget(now);
    for (;;) {
      const queue = urgencies.map((urgency) => this.#queues[urgency]).find((q) => q.length > 0);
      const next = queue?.[0];
      if (!queue || !next) return;
      if (this.#used > 0 && this.#used + next.cost > this.#allowed(now)) break;
      queue.shift();
      this.#sent.push({ at: now, cost: next.cost });
      this.#used += next.cost;
      next.go();
    }
    const [oldest] = this.#sent;
    const wait = oldest ? oldest.at + this.#intervalMs - now : 0;
    this.#cancelWake = this.#clock.after(Math.max(1, wait), () => this.#serve());
  }

  #forget(now: number): void {
    let gone = 0;
    for (const { at, cost } of this.#sent) {
      if (at + this.#intervalMs > now) break;
      this.#used -= cost;
      gone += 1;
    }
    if (gone > 0) this.#sent.splice(0, gone);
  }

  #allowed(now: number, part = this.#allotted): number {
    return Math.max(1, Math.floor(this.#limit * part * this.#partNow(now)));
  }

  #partNow(now: number): number {
    const intervals = (now - this.#partAt) / this.#intervalMs;
    return Math.min(1, this.#part + RECOVERY * Math.max(0, intervals));
  }

  #waiting(): number {
    return urgencies.reduce((sum, urgency) => sum + this.#queues[urgency].length, 0);
  }

  /** Callers wait for callers only. */
  #refuseIfLate(cost: number): void {
    const now = this.#clock.now();
    this.#forget(now);
    const ahead = this.#queues.CALLER.reduce((sum, waiter) => sum + waiter.cost, cost);
    const allowed = this.#allowed(now, this.#expected);
    const free = allowed - this.#used;
    if (ahead <= free) return;
    const intervals = Math.floor((ahead - free - 1) / allowed);
    const [oldest] = this.#sent;
    const first = oldest ? oldest.at + this.#intervalMs - now : 0;
    const wait = first + intervals * this.#intervalMs;
    if (wait <= this.#longestWait) return;
    const name = this.#requestClass.toLowerCase().replace('_', ' ');
    throw new HubError(
      'THROTTLED',
      `the gateway's budget of ${name} is used up; try again in ${Math.ceil(wait / 1000)} s`,
    );
  }
}
