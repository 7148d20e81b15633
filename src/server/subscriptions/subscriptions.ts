import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import type { Context } from '../../resolvers/context.js';
import type { Delivery } from '../../schema/delivers.js';
import { type ErrorSink, maskErrors, maskResult } from '../error-mask.js';
import type { ObservedExecution } from '../observe-requests.js';
import { audienceOf } from './audience.js';
import { Cohort, type Member } from './cohort.js';
import { Documents } from './documents.js';
import type { SubscriptionLimits } from './limits.js';

/** What a client asks to be executed. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** An operation whose document is parsed and valid. */
export interface PreparedOperation extends ExecutionArgs {
  readonly contextValue: Context;
}

/** A place in the cohort of an operation, to be taken by a member. */
export interface Admission {
  readonly delivery: Delivery;
  /** Takes it. What is returned gives it up, at once. */
  join(member: Member): () => void;
}

export interface SubscriptionsOptions {
  readonly schema: GraphQLSchema;
  readonly sink: ErrorSink;
  readonly limits: SubscriptionLimits;
  readonly execution: ObservedExecution;
}

/** What is held for subscribers now. */
export interface SubscriptionCounts {
  /** Subscriptions that are executed. */
  readonly cohorts: number;
  readonly members: number;
  /** Payloads that wait for slow members, in characters of JSON; one that several wait for counts each time. */
  readonly waiting: number;
}

/** All subscriptions under way, over whichever transport: who asks the same shares a cohort. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #documents: Documents;
  readonly #running = new Set<Cohort>();
  /** Those that newcomers join. */
  readonly #byKey = new Map<string, Cohort>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    this.#documents = new Documents(options.schema);
  }

  /** What is to be executed, or what is wrong with it. */
  prepare(
    { query, operationName, variables }: OperationRequest,
    contextValue: Context,
  ): PreparedOperation | readonly GraphQLError[] {
    const { schema, execution } = this.#options;
    const document = this.#documents.prepare(query);
    if (!('kind' in document)) {
      execution.refuse();
      return document;
    }
    if (!getOperationAST(document, operationName)) {
      execution.refuse();
      return [new GraphQLError('operationName: the document has no such operation, or several')];
    }
    return { schema, document, contextValue, operationName, variableValues: variables };
  }

  /** Where a subscriber of a prepared operation belongs. */
  admit(operation: ExecutionArgs): Admission {
    const { document, operationName } = operation;
    const delivery = this.#documents.deliveryOf(document, operationName ?? undefined);
    const key = this.#keyOf(operation);
    return {
      delivery,
      join: (member) => {
        const cohort = this.#cohort(key, delivery, operation);
        cohort.join(member);
        return () => cohort.leave(member);
      },
    };
  }

  /** Ends all with this reason. */
  end(reason: Error): void {
    const errors = maskErrors([reason], this.#options.sink);
    for (const cohort of [...this.#running]) cohort.end(errors);
  }

  get counts(): SubscriptionCounts {
    const members = [...this.#running].flatMap((cohort) => [...cohort.members]);
    const waiting = members.reduce((sum, member) => sum + member.waiting, 0);
    return { cohorts: this.#running.size, members: members.length, waiting };
  }

  #keyOf({ document, operationName, variableValues, contextValue }: ExecutionArgs): string {
    const { caller } = contextValue as Context;
    return JSON.stringify([
      this.#documents.textOf(document),
      operationName ?? null,
      canonical(variableValues ?? {}),
      audienceOf(caller),
    ]);
  }

  #cohort(key: string, delivery: Delivery, args: ExecutionArgs): Cohort {
    const known = this.#byKey.get(key);
    if (known?.isWelcoming) return known;
    const { sink, limits, execution } = this.#options;
    const cohort = new Cohort({
      delivery,
      args,
      subscribe: execution.subscribe,
      mask: {
        result: (result: ExecutionResult) => maskResult(result, sink),
        errors: (error) => maskErrors([error], sink),
      },
      historyLimit: limits.history,
      onEnd: () => {
        this.#running.delete(cohort);
        if (this.#byKey.get(key) === cohort) this.#byKey.delete(key);
      },
    });
    this.#running.add(cohort);
    this.#byKey.set(key, cohort);
    return cohort;
  }
}

/**
 * What the protocols' libraries are given as the stream of a subscription, before they say whose
 * it is; the member takes its place.
 */
export const unseated: AsyncIterable<never> = {
  [Symbol.asyncIterator]() {
    throw new TypeError('a stream without a member');
  },
};

/** The same text for the same values, in whichever order the members of objects came. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
