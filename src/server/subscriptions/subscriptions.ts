import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import type { Context } from '../../resolvers/context.js';
import type { Delivery } from '../../schema/delivers.js';
import type { Documents } from '../documents.js';
import { type ErrorSink, maskErrors, maskResult } from '../error-mask.js';
import { Refusal } from '../front-errors.js';
import { fixedLimits, type Limits } from '../limits/limits.js';
import { Quota } from '../limits/quota.js';
import type { ObservedExecution } from '../observe-requests.js';
import type { OperationGate, OperationRequest } from '../operation-gate.js';
import { audienceOf } from './audience.js';
import { Cohort, type Member } from './cohort.js';
import type { SubscriptionLimits } from './limits.js';

/** An operation whose document is parsed and valid. */
export interface PreparedOperation extends ExecutionArgs {
  readonly contextValue: Context;
  /** To be called when it is answered; of a subscription that was done. */
  readonly release: () => void;
}

/** A place in the cohort of an operation, to be taken by a member. */
export interface Admission {
  readonly delivery: Delivery;
  /** Takes it. What is returned gives it up, at once. */
  join(member: Member): () => void;
}

export interface SubscriptionsOptions {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly gate: OperationGate;
  readonly sink: ErrorSink;
  readonly execution: ObservedExecution;
  readonly limits: SubscriptionLimits & Pick<Limits, 'subscriptionsPerCaller'>;
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
  readonly #quota: Quota;
  readonly #running = new Set<Cohort>();
  /** Those that newcomers join. */
  readonly #byKey = new Map<string, Cohort>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    this.#quota = new Quota(options.limits.subscriptionsPerCaller);
  }

  /** What is to be executed, or what is wrong with it. */
  prepare(
    request: OperationRequest,
    contextValue: Context,
  ): PreparedOperation | readonly GraphQLError[] {
    const { gate, execution } = this.#options;
    let release = () => {};
    try {
      release = gate.enter(request, contextValue.caller);
      const prepared = this.#argumentsOf(request, contextValue);
      if (!('document' in prepared)) {
        release();
        execution.refuse('GRAPHQL_VALIDATION_FAILED');
        return prepared;
      }
      // A client that comes back subscribes to all that it had at once: that is no load yet.
      if (isSubscription(prepared)) release();
      return { ...prepared, contextValue, release };
    } catch (error) {
      release();
      if (!(error instanceof Refusal)) throw error;
      execution.refuse(error.code);
      return [new GraphQLError(error.message, { originalError: error })];
    }
  }

  /** Where a subscriber of a prepared operation belongs. */
  admit(operation: ExecutionArgs): Admission {
    const { document, operationName } = operation;
    const delivery = this.#options.documents.deliveryOf(document, operationName ?? undefined);
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

  #argumentsOf(
    { query, operationName, variables }: OperationRequest,
    { caller }: Context,
  ): ExecutionArgs | readonly GraphQLError[] {
    const { schema, documents } = this.#options;
    const document = documents.prepare(query);
    if (!('kind' in document)) return document;
    if (!getOperationAST(document, operationName)) {
      return [new GraphQLError('operationName: the document has no such operation, or several')];
    }
    const options = { maxCoercionErrors: fixedLimits.errors };
    const asked = { schema, document, operationName, variableValues: variables, options };
    if (isSubscription(asked) && this.#quota.isFull(caller.id)) {
      const { subscriptionsPerCaller: bound } = this.#options.limits;
      throw tooManySubscriptions('subscriptionsPerCaller', bound);
    }
    return asked;
  }

  #keyOf({ document, operationName, variableValues, contextValue }: ExecutionArgs): string {
    const { caller } = contextValue as Context;
    return JSON.stringify([
      this.#options.documents.textOf(document),
      operationName ?? null,
      canonical(variableValues ?? {}),
      audienceOf(caller),
    ]);
  }

  #cohort(key: string, delivery: Delivery, args: ExecutionArgs): Cohort {
    const known = this.#byKey.get(key);
    if (known?.isWelcoming) return known;
    const { sink, limits, execution } = this.#options;
    const { caller } = args.contextValue as Context;
    const cohort = new Cohort({
      delivery,
      args,
      subscribe: execution.subscribe,
      onCount: (change) => this.#quota.add(caller.id, change),
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

function isSubscription({ document, operationName }: ExecutionArgs): boolean {
  return getOperationAST(document, operationName)?.operation === 'subscription';
}

/** A subscription beyond those that one may have. */
export function tooManySubscriptions(limit: string, bound: number): Refusal {
  const message = `${limit}: there are ${bound} already; complete some`;
  return new Refusal('TOO_MANY_SUBSCRIPTIONS', message, { limit, bound });
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
