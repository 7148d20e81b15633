import type { ApolloServerPlugin } from '@apollo/server';
import { trace } from '@opentelemetry/api';
import type { FastifyBaseLogger } from 'fastify';
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLFormattedError,
  getOperationAST,
  subscribe,
} from 'graphql';
import { traceRequest } from '../services/tracing.js';
import { maskErrors } from './error-mask.js';
import type { FrontErrorCode } from './front-errors.js';
import type { FrontObserver, GraphqlRequest, RequestType } from './front-observer.js';

/** Who is told of requests. */
export type RequestObserver = Pick<FrontObserver, 'onGraphqlRequest'>;

/** Tells of every GraphQL request over HTTP. */
export function observeRequests(observer: RequestObserver): ApolloServerPlugin {
  return {
    async requestDidStart() {
      const tell = stopwatch(observer);
      return {
        async didResolveOperation({ operation }) {
          trace
            .getActiveSpan()
            ?.setAttribute('graphql.operation.type', operation?.operation ?? 'unknown');
        },
        async willSendResponse({ operation, response: { body } }) {
          const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
          tell(operation?.operation ?? 'unknown', codesOf(errors));
        },
      };
    },
  };
}

/** How operations that came over a WebSocket or for an event stream are executed. */
export interface ObservedExecution {
  readonly execute: typeof execute;
  readonly subscribe: typeof subscribe;
  /** Tells of a request that is not executed, and the code of the reason. */
  readonly refuse: (code: FrontErrorCode) => void;
}

/** Tells of every GraphQL request that is no plain one over HTTP; each is a trace of its own. */
export function observedExecution(observer: RequestObserver): ObservedExecution {
  async function observe<Result>(args: ExecutionArgs, run: () => Promise<Result> | Result) {
    const tell = stopwatch(observer);
    const type = typeOf(args);
    const result = await traceRequest(
      { name: type, attributes: { 'graphql.operation.type': type } },
      async () => run(),
    );
    const { errors } = result as ExecutionResult;
    // What is told of them to the log is told where they are sent.
    tell(type, codesOf(errors && maskErrors(errors, () => {})));
    return result;
  }
  return {
    execute: (args) => observe(args, () => execute(args)),
    subscribe: (args) => observe(args, () => subscribe(args)),
    refuse: (code) => stopwatch(observer)('unknown', [code]),
  };
}

/** One line for every request. Its id is added by the logger. */
export function logRequest(logger: FastifyBaseLogger, request: GraphqlRequest): void {
  const { type, codes, seconds } = request;
  const milliseconds = Math.round(seconds * 1000);
  logger.info({ type, ...(codes.length > 0 && { codes }), milliseconds }, 'GraphQL request');
}

function stopwatch({ onGraphqlRequest }: RequestObserver) {
  const startedAt = performance.now();
  return (type: RequestType, codes: readonly string[]) =>
    onGraphqlRequest({ type, codes, seconds: (performance.now() - startedAt) / 1000 });
}

function typeOf({ document, operationName }: ExecutionArgs): RequestType {
  return getOperationAST(document, operationName)?.operation ?? 'unknown';
}

function codesOf(errors: readonly GraphQLFormattedError[] | undefined): readonly string[] {
  return (errors ?? []).map(({ extensions }) => String(extensions?.['code']));
}
