import type { ExecutionResult, FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { Backlog } from './backlog.js';
import type { Member } from './cohort.js';
import type { Payload } from './payload.js';
import type { Admission } from './subscriptions.js';

export interface ReaderOptions {
  readonly admission: Admission;
  /** What may wait for it, in characters. */
  readonly backlog: number;
  /** Called when more would wait, of which nothing may be left out. */
  readonly onOverflow: () => void;
}

/**
 * A member as a stream of results, for transports that write them by themselves. It gives the next
 * one when the last was `written`, so that what waits for a slow client waits here. An error that
 * the cohort ends with is the last result.
 */
export class Reader implements Member, AsyncIterableIterator<ExecutionResult> {
  readonly #options: ReaderOptions;
  readonly #backlog: Backlog;
  #leave: (() => void) | undefined;
  #last: FormattedExecutionResult | undefined;
  #isJoined = false;
  #isWriting = false;
  #hasEnded = false;
  #wake = () => {};

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#backlog = new Backlog(options.admission.delivery, options.backlog);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ExecutionResult>> {
    this.#join();
    while (this.#isWriting || (this.#backlog.isEmpty && !this.#hasEnded)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const result = this.#backlog.take()?.result ?? this.#takeLast();
    if (!result) return { done: true, value: undefined };
    this.#isWriting = true;
    // Masked already, so that its errors are plain objects: only its JSON matters from here on.
    return { done: false, value: result as ExecutionResult };
  }

  /** The last result has left this machine. */
  written(): void {
    this.#isWriting = false;
    this.#wake();
  }

  async return(): Promise<IteratorResult<ExecutionResult>> {
    this.#isJoined = true;
    this.#hasEnded = true;
    this.#last = undefined;
    this.#backlog.clear();
    this.#leave?.();
    this.written();
    return { done: true, value: undefined };
  }

  /** graphql-sse gives up only what has this. */
  async throw(error: unknown): Promise<IteratorResult<ExecutionResult>> {
    await this.return();
    throw error;
  }

  get waiting(): number {
    return this.#backlog.size;
  }

  deliver(payload: Payload): void {
    if (this.#hasEnded) return;
    if (this.#backlog.add(payload)) this.#wake();
    else this.#options.onOverflow();
  }

  end(errors: readonly GraphQLFormattedError[] | undefined): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#last = errors && { errors };
    this.#wake();
  }

  /** Ends it for this member alone, with nothing more but why. */
  giveUp(errors: readonly GraphQLFormattedError[]): void {
    if (this.#hasEnded) return;
    this.#backlog.clear();
    this.end(errors);
    this.#leave?.();
  }

  #join(): void {
    if (this.#isJoined) return;
    this.#isJoined = true;
    this.#leave = this.#options.admission.join(this);
    if (this.#hasEnded) this.#leave();
  }

  #takeLast(): FormattedExecutionResult | undefined {
    const last = this.#last;
    this.#last = undefined;
    return last;
  }
}
