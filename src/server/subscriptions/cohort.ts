import type {
  ExecutionArgs,
  ExecutionResult,
  FormattedExecutionResult,
  GraphQLFormattedError,
  subscribe,
} from 'graphql';
import type { Delivery } from '../../schema/delivers.js';
import { Payload } from './payload.js';

/** One subscriber of a cohort. */
export interface Member {
  /** Called once per payload, in order; keeps what cannot be sent yet. */
  deliver(payload: Payload): void;
  /** No more follows. With errors: that is why. */
  end(errors: readonly GraphQLFormattedError[] | undefined): void;
  /** What waits to be sent, in characters. */
  readonly waiting: number;
}

/** How results and errors become what clients see. */
export interface CohortMask {
  result(result: ExecutionResult): FormattedExecutionResult;
  errors(error: unknown): readonly GraphQLFormattedError[];
}

export interface CohortOptions {
  readonly delivery: Delivery;
  readonly args: ExecutionArgs;
  /** As that of graphql-js. */
  readonly subscribe: typeof subscribe;
  readonly mask: CohortMask;
  /** How much of its past a cohort keeps for newcomers, in characters; EVERY only. */
  readonly historyLimit: number;
  /** Called with how many members came, or, below zero, left. All of them are one caller's. */
  readonly onCount: (change: number) => void;
  /** Called once, when there are no members any more, nor will be. */
  readonly onEnd: () => void;
}

/**
 * Subscribers who asked the same and may see the same: executed once, each result written once and
 * sent to all. Begins with its first member; lets go of its source as soon as the last one leaves.
 */
export class Cohort {
  readonly #options: CohortOptions;
  readonly #members = new Set<Member>();
  /** EVERY: all payloads so far; NEWEST: the newest. What a newcomer is sent. */
  #past: Payload[] = [];
  #pastSize = 0;
  #source: AsyncIterator<ExecutionResult> | undefined;
  #state: 'new' | 'running' | 'ended' = 'new';
  #welcoming = true;

  constructor(options: CohortOptions) {
    this.#options = options;
  }

  /**
   * Whether a newcomer would be sent what it would be sent alone. Not once there was an error,
   * which need not happen again, nor when the past has become too long to keep.
   */
  get isWelcoming(): boolean {
    return this.#welcoming && !this.#hasEnded;
  }

  get members(): ReadonlySet<Member> {
    return this.#members;
  }

  join(member: Member): void {
    this.#members.add(member);
    this.#options.onCount(1);
    for (const payload of this.#past) member.deliver(payload);
    if (this.#state !== 'new') return;
    this.#state = 'running';
    void this.#run();
  }

  leave(member: Member): void {
    if (this.#members.delete(member)) this.#options.onCount(-1);
    if (this.#members.size === 0) this.#close();
  }

  /** Ends it for all members. */
  end(errors?: readonly GraphQLFormattedError[]): void {
    const members = [...this.#members];
    this.#members.clear();
    this.#options.onCount(-members.length);
    this.#close();
    for (const member of members) member.end(errors);
  }

  get #hasEnded(): boolean {
    return this.#state === 'ended';
  }

  async #run(): Promise<void> {
    const { args, subscribe, mask } = this.#options;
    try {
      const source = await subscribe(args);
      if (!(Symbol.asyncIterator in source)) this.#deliver(source);
      else await this.#forward(source[Symbol.asyncIterator]());
      this.end();
    } catch (error) {
      if (!this.#hasEnded) this.end(mask.errors(error));
    }
  }

  async #forward(source: AsyncIterator<ExecutionResult>): Promise<void> {
    this.#source = source;
    // All may have left before it was there.
    if (this.#hasEnded) this.#letGo();
    while (!this.#hasEnded) {
      const { done, value } = await source.next();
      if (done) return;
      if (!this.#hasEnded) this.#deliver(value);
    }
  }

  #deliver(result: ExecutionResult): void {
    const payload = new Payload(this.#options.mask.result(result));
    if (result.errors) this.#welcoming = false;
    this.#remember(payload);
    for (const member of this.#members) member.deliver(payload);
  }

  #remember(payload: Payload): void {
    if (this.#options.delivery === 'NEWEST') {
      this.#past = [payload];
      return;
    }
    this.#pastSize += payload.text.length;
    if (this.#pastSize > this.#options.historyLimit) this.#welcoming = false;
    if (this.#welcoming) this.#past.push(payload);
    else this.#past = [];
  }

  #close(): void {
    if (this.#hasEnded) return;
    this.#state = 'ended';
    this.#past = [];
    this.#letGo();
    this.#options.onEnd();
  }

  #letGo(): void {
    // A source that fails to close has nobody left to be told.
    this.#source?.return?.().catch(() => {});
  }
}
