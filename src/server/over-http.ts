import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { Context, Origin } from '../resolvers/context.js';
import type { Caller } from '../services/access.js';
import { meterRequests } from '../services/hub/request-cost.js';
import { Refusal } from './front-errors.js';
import type { ObservedExecution } from './observe-requests.js';
import type { OperationGate, OperationRequest } from './operation-gate.js';
import { originOf } from './origin.js';
import { sendRefusal } from './refuse.js';

export interface OverHttpOptions {
  readonly apollo: ApolloServer<Context>;
  readonly gate: OperationGate;
  readonly execution: Pick<ObservedExecution, 'refuse'>;
  readonly context: (origin: Origin, caller: Caller) => Context;
}

/** How long a client may take nothing of its answer, or the answer may take to come (ms). */
const ANSWER_TIMEOUT = 120_000;

/** GraphQL over HTTP. Apollo Server is given only what has passed the gate. */
export function createOverHttp({
  apollo,
  gate,
  execution,
  context,
}: OverHttpOptions): RouteHandlerMethod {
  const contexts = new WeakMap<FastifyRequest, Context>();
  const contextOf = (request: FastifyRequest) => {
    const known = contexts.get(request) ?? context(originOf(request), request.caller);
    contexts.set(request, known);
    return known;
  };
  const answer = fastifyApolloHandler(apollo, {
    context: async (request) => contextOf(request as FastifyRequest),
  });
  return async function (request, reply) {
    const operation = operationOf(request);
    let release = () => {};
    try {
      reply.raw.setTimeout(ANSWER_TIMEOUT);
      if (operation) release = gate.enter(operation, contextOf(request).caller);
      return await meterRequests(() => answer.call(this, request, reply));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      execution.refuse(error.code);
      return sendRefusal(reply, error);
    } finally {
      release();
    }
  };
}

/** What is asked for; undefined where it is no request of GraphQL, which Apollo Server tells. */
function operationOf({ method, body, query }: FastifyRequest): OperationRequest | undefined {
  const asked = method === 'GET' ? query : body;
  if (typeof asked !== 'object' || asked === null || !('query' in asked)) return undefined;
  const { query: text, operationName, variables } = asked as Record<string, unknown>;
  if (typeof text !== 'string') return undefined;
  return {
    query: text,
    operationName: typeof operationName === 'string' ? operationName : undefined,
    variables: recordOf(method === 'GET' ? parsed(variables) : variables),
  };
}

function parsed(json: unknown): unknown {
  try {
    return typeof json === 'string' ? JSON.parse(json) : undefined;
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
