import type { GraphQLFormattedError } from 'graphql';
import { Backlog } from './backlog.js';
import type { Member } from './cohort.js';
import type { Outlet, Waiter } from './outlet.js';
import type { Payload } from './payload.js';
import type { Admission } from './subscriptions.js';

/** Why a cohort ended, for clients to see. */
export class CohortEnd extends Error {
  override readonly name = 'CohortEnd';
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super('the subscription ended with errors');
    this.errors = errors;
  }
}

export interface SeatOptions {
  /** The client's name of the operation. */
  readonly id: string;
  readonly admission: Admission;
  readonly outlet: Outlet;
  /** What may wait for it, in characters. */
  readonly backlog: number;
  /** Called when more would wait, of which nothing may be left out. */
  readonly onOverflow: () => void;
}

/**
 * A member at a socket. To graphql-ws it is a stream that never yields: payloads go to the socket
 * as they are, between the messages that graphql-ws sends itself. The stream ends when the cohort
 * has and everything is sent, so that a `complete` comes last; it throws CohortEnd for an error.
 */
export class Seat implements Member, Waiter, AsyncIterableIterator<never> {
  readonly #options: SeatOptions;
  /** What stands before every payload. */
  readonly #prefix: string;
  #backlog: Backlog | undefined;
  #leave: (() => void) | undefined;
  #ended: Promise<IteratorResult<never>> | undefined;
  #settle: ((end: CohortEnd | undefined) => void) | undefined;
  /** Set when the cohort has ended. */
  #end: { readonly reason: CohortEnd | undefined } | undefined;
  #isLeft = false;

  constructor(options: SeatOptions) {
    this.#options = options;
    this.#prefix = `{"id":${JSON.stringify(options.id)},"type":"next","payload":`;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Joins when first asked: by then graphql-ws knows of the seat, and gives it up when told to. */
  next(): Promise<IteratorResult<never>> {
    this.#ended ??= new Promise((resolve, reject) => {
      this.#settle = (end) => (end ? reject(end) : resolve({ done: true, value: undefined }));
      if (this.#isLeft) this.#settle(undefined);
      else this.#leave = this.#options.admission.join(this);
      if (this.#isLeft) this.#leave?.();
    });
    return this.#ended;
  }

  /** Nothing is sent from here on. */
  async return(): Promise<IteratorResult<never>> {
    this.#isLeft = true;
    this.#backlog?.clear();
    this.#leave?.();
    this.#settle?.(undefined);
    return { done: true, value: undefined };
  }

  get waiting(): number {
    return this.#backlog?.size ?? 0;
  }

  deliver(payload: Payload): void {
    const { admission, outlet, backlog, onOverflow } = this.#options;
    if (this.#isLeft) return;
    if (outlet.isFree && !this.#isBehind) {
      this.#send(payload);
      return;
    }
    this.#backlog ??= new Backlog(admission.delivery, backlog);
    if (this.#backlog.add(payload)) outlet.wait(this);
    else onOverflow();
  }

  end(errors: readonly GraphQLFormattedError[] | undefined): void {
    this.#end = { reason: errors && new CohortEnd(errors) };
    if (!this.#isBehind) this.#settle?.(this.#end.reason);
  }

  sendNext(): void {
    const payload = this.#backlog?.take();
    if (payload) this.#send(payload);
    if (this.#isBehind) this.#options.outlet.wait(this);
    else if (this.#end) this.#settle?.(this.#end.reason);
  }

  get #isBehind(): boolean {
    return this.#backlog !== undefined && !this.#backlog.isEmpty;
  }

  #send(payload: Payload): void {
    this.#options.outlet.send(`${this.#prefix}${payload.text}}`);
  }
}
