import { GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import type { Caller } from '../services/access.js';
import type { Clock } from '../services/clock.js';
import type { Documents } from './documents.js';
import { Refusal, tooComplex } from './front-errors.js';
import type { Limits } from './limits/limits.js';
import type { Load } from './limits/load.js';
import { measureOperation } from './limits/measure.js';
import { TokenBuckets } from './limits/token-buckets.js';
import { checkVariables } from './limits/variables.js';

/** What a client asks to be executed. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface OperationGateOptions {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly limits: Limits;
  readonly load: Load;
  readonly clock: Clock;
}

/** What every operation passes, over whichever transport, before anything is done for it. */
export class OperationGate {
  readonly #options: OperationGateOptions;
  readonly #callers: TokenBuckets;

  constructor(options: OperationGateOptions) {
    this.#options = options;
    const { limits, clock } = options;
    const perSecond = limits.callerOperationsPerSecond;
    this.#callers = new TokenBuckets({ perSecond, burst: perSecond * limits.burstSeconds, clock });
  }

  /**
   * Lets an operation in; what is given back is to be called when it is answered. Throws Refusal.
   * What is no GraphQL, or not of this schema, passes: that is told by those who execute.
   */
  enter(request: OperationRequest, caller: Caller): () => void {
    const { load } = this.#options;
    const wait = this.#callers.take(caller.id);
    if (wait > 0) throw rateLimited('you ask', wait);
    this.#measure(request);
    return load.enter();
  }

  #measure({ query, operationName, variables }: OperationRequest): void {
    const { schema, documents, limits } = this.#options;
    checkVariables(variables);
    const document = ofGraphQL(() => documents.parse(query));
    const operation = document && getOperationAST(document, operationName);
    if (!operation) return;
    const asked = { schema, document, operation, variables: variables ?? {} };
    const { complexity } = measureOperation(asked);
    if (complexity > limits.complexity) {
      throw tooComplex('complexity', complexity, limits.complexity);
    }
  }
}

/** A refusal that tells when to ask again. */
export function rateLimited(who: string, seconds: number): Refusal {
  const retryAfterSeconds = Math.ceil(seconds);
  const message = `${who} more often than one may; try again in ${retryAfterSeconds} s`;
  return new Refusal('RATE_LIMITED', message, { retryAfterSeconds });
}

/** What a step gives; undefined where its error is one that GraphQL has words for. */
function ofGraphQL<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}
