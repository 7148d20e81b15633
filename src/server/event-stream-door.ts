import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { createHandler } from 'graphql-sse';
import type { Context, Origin } from '../resolvers/context.js';
import type { Caller } from '../services/access.js';
import type { Clock } from '../services/clock.js';
import { RequestError } from '../services/errors.js';
import { type ErrorSink, maskErrors, maskResult } from './error-mask.js';
import { atExpiry } from './expiry.js';
import type { ObservedExecution } from './observe-requests.js';
import { originOf } from './origin.js';
import type { SubscriptionLimits } from './subscriptions/limits.js';
import { Reader } from './subscriptions/reader.js';
import {
  type PreparedOperation,
  type Subscriptions,
  unseated,
} from './subscriptions/subscriptions.js';

export interface EventStreamDoorOptions {
  readonly subscriptions: Subscriptions;
  readonly execution: ObservedExecution;
  readonly context: (origin: Origin, caller: Caller) => Context;
  readonly sink: ErrorSink;
  readonly clock: Clock;
  readonly limits: SubscriptionLimits;
}

export interface EventStreamDoor {
  readonly handle: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  readonly counts: EventStreamCounts;
  /** Takes nobody in any more. Resolves when all streams have ended. */
  close(): Promise<void>;
}

export interface EventStreamCounts {
  readonly eventStreams: number;
}

/** What is known of a request while it is answered. */
interface Exchange {
  /** The member, if a subscription was asked for. */
  reader?: Reader;
  readonly cutOff: () => void;
}

const expired = new RequestError(
  'UNAUTHENTICATED',
  'the credential has expired; subscribe again with a new one',
);

const EVENT_STREAM = 'text/event-stream';

/** GraphQL over server-sent events, one operation per request ("distinct connections"). */
export function createEventStreamDoor(options: EventStreamDoorOptions): EventStreamDoor {
  const { subscriptions, execution, context, sink, clock, limits } = options;
  const responses = new Set<ServerResponse>();
  let stopping = false;
  let onEmpty = () => {};
  const answer = createHandler<FastifyRequest, Exchange, Record<string, unknown>>({
    // No token, so that nothing is ever reserved: streams shared by operations are not offered.
    authenticate: () => null,
    onSubscribe({ raw }, { query, operationName, variables }) {
      const request = { query, operationName, variables };
      const prepared = subscriptions.prepare(request, context(originOf(raw), raw.caller));
      if (!('document' in prepared)) return streamOfErrors(prepared);
      return { ...prepared, contextValue: { ...prepared.contextValue } };
    },
    // Done already, once for all who ask the same.
    validate: () => [],
    execute: execution.execute,
    subscribe: () => unseated,
    onOperation(_context, { context: exchange }, args, result) {
      (args as PreparedOperation).release();
      if (result !== unseated) return undefined;
      const admission = subscriptions.admit(args);
      const { cutOff } = exchange;
      exchange.reader = new Reader({ admission, backlog: limits.backlog, onOverflow: cutOff });
      return exchange.reader;
    },
    onNext: (_context, { context: exchange }, result) =>
      // What cohorts give is masked; as in Reader, only its JSON matters.
      exchange.reader
        ? undefined
        : (maskResult(result as ExecutionResult, sink) as ExecutionResult),
  });

  return {
    handle,
    get counts() {
      return { eventStreams: responses.size };
    },
    async close() {
      stopping = true;
      if (responses.size === 0) return;
      const empty = new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
      await empty;
    },
  };

  async function handle(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const problem = stopping ? ([503, 'the gateway is stopping'] as const) : problemOf(request);
    if (problem) return reply.code(problem[0]).type('text/plain').send(`${problem[1]}\n`);
    const { raw } = reply;
    const exchange: Exchange = { cutOff: () => raw.destroy() };
    const [body, { status, headers }] = await answer({
      method: request.method,
      url: request.url,
      headers: { get: (name) => (name === 'accept' ? EVENT_STREAM : headerOf(request, name)) },
      body: request.body as Record<string, unknown>,
      raw: request,
      context: exchange,
    });
    if (body === null || body === undefined || typeof body === 'string') {
      return reply
        .code(status)
        .headers(headers ?? {})
        .send(body ?? '');
    }
    reply.hijack();
    // A quiet stream is none that hangs.
    raw.setTimeout(0);
    raw.writeHead(status, { ...(reply.getHeaders() as Record<string, string>), ...headers });
    const cancelExpiry = atExpiry(clock, request.caller.expiresAt, () =>
      exchange.reader?.giveUp(maskErrors([expired], sink)),
    );
    await write(raw, body, exchange);
    cancelExpiry();
    return undefined;
  }

  async function write(
    response: ServerResponse,
    body: AsyncGenerator<string>,
    exchange: Exchange,
  ): Promise<void> {
    responses.add(response);
    let go = () => {};
    response.once('close', () => {
      go();
      void body.return(undefined);
    });
    try {
      for await (const event of body) {
        if (response.closed) break;
        await new Promise<void>((resolve) => {
          // What is under way when a connection is closed is not always called back.
          go = resolve;
          response.write(event, () => resolve());
        });
        if (event.startsWith('event: next')) exchange.reader?.written();
      }
      response.end();
    } catch (error) {
      sink(error);
      response.destroy();
    } finally {
      responses.delete(response);
      if (responses.size === 0) onEmpty();
    }
  }
}

/** What is wrong with a document is told on the stream, and masked there. */
async function* streamOfErrors(errors: readonly GraphQLError[]) {
  yield { errors };
}

/** Why a request is not answered by a stream, with its status. */
function problemOf({ method, headers }: FastifyRequest): readonly [number, string] | undefined {
  const { accept = '', origin, 'sec-fetch-site': site, 'content-type': type = '' } = headers;
  if (origin === undefined && (site === 'cross-site' || site === 'same-site')) {
    // A page can ask for what it may not read, without an Origin; it would still cost the hub.
    return [403, 'requests from other sites are not allowed'];
  }
  if (!accept.includes(EVENT_STREAM)) return [406, `say that you accept ${EVENT_STREAM}`];
  if (method === 'POST' && type.split(';')[0]?.trim() !== 'application/json') {
    return [415, 'expected application/json'];
  }
  return undefined;
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
