import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Span } from '@opentelemetry/api';
import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import { serveRequest } from '../services/request.js';
import { fail, traceRequest } from '../services/tracing.js';
import type { FrontObserver } from './front-observer.js';

/** By which a request is named, in both directions. */
const REQUEST_ID = 'x-request-id';
/** What is safe to repeat in logs, in a header and to a hub. */
const SAFE_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** The id of a request: what the client calls it, where that is safe to repeat, else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID];
  return typeof given === 'string' && SAFE_ID.test(given) ? given : randomUUID();
}

/** Has every answer bear the id of its request, and be told of and logged when it is through. */
export function tellAnswers(
  server: FastifyInstance,
  observer: Pick<FrontObserver, 'onHttpAnswer'>,
): void {
  server.addHook('onRequest', async ({ id }, reply) => {
    reply.header(REQUEST_ID, id);
  });
  server.addHook('onResponse', async ({ id, method, routeOptions, log }, reply) => {
    const { url: route = 'other' } = routeOptions;
    const { statusCode: status, elapsedTime } = reply;
    observer.onHttpAnswer({ route, status, seconds: elapsedTime / 1000 });
    const milliseconds = Math.round(elapsedTime);
    log.debug({ requestId: id, method, route, status, milliseconds }, 'answered');
  });
}

/** A handler whose work is part of its request: in logs, at the hub and in its trace. */
export function asRequest(handler: RouteHandlerMethod): RouteHandlerMethod {
  return function (request, reply) {
    const { id, method, routeOptions, headers } = request;
    const { url: route = '' } = routeOptions;
    const attributes = {
      'http.request.method': method,
      'http.route': route,
      'url.path': route,
      'url.scheme': 'http',
      'network.protocol.version': request.raw.httpVersion,
    };
    const answer = async (span: Span | undefined) => {
      const result = await handler.call(this, request, reply);
      span?.setAttribute('http.response.status_code', reply.statusCode);
      if (span && reply.statusCode >= 500) fail(span, String(reply.statusCode));
      return result;
    };
    return serveRequest(id, () =>
      traceRequest({ name: `${method} ${route}`, attributes }, answer, headers),
    );
  };
}
