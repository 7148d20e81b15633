import type { FastifyError, FastifyReply } from 'fastify';
import { type ErrorSink, maskErrors } from './error-mask.js';
import { type FrontErrorCode, Refusal } from './front-errors.js';

const statuses: Readonly<Partial<Record<FrontErrorCode, number>>> = {
  RATE_LIMITED: 429,
  OVERLOADED: 503,
};

/** Answers a request over HTTP with why it is turned away, as GraphQL over HTTP does. */
export function sendRefusal(
  reply: FastifyReply,
  refusal: Refusal,
  status = statuses[refusal.code] ?? 400,
): FastifyReply {
  const { code, message, details } = refusal;
  const { retryAfterSeconds } = details;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  return reply.code(status).send({ errors: [{ message, extensions: { code, ...details } }] });
}

/** Answers a request that failed before it was one of GraphQL: masked, but for what is the caller's. */
export function sendError(reply: FastifyReply, error: unknown, sink: ErrorSink): FastifyReply {
  if (error instanceof Refusal) return sendRefusal(reply, error);
  const { statusCode = 500, code, message = '' } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return sendRefusal(reply, bodyTooLarge(reply.request.routeOptions.bodyLimit), statusCode);
  }
  if (statusCode < 500) return sendRefusal(reply, new Refusal('BAD_REQUEST', message), statusCode);
  return reply.code(500).send({ errors: maskErrors([error], sink) });
}

function bodyTooLarge(bound: number): Refusal {
  const message = `bodyBytes: more than ${bound}; ask for less at once`;
  return new Refusal('REQUEST_TOO_COMPLEX', message, { limit: 'bodyBytes', bound });
}
