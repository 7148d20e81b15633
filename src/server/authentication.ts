import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../services/access.js';
import type { Authenticate } from '../services/callers/authenticator.js';
import { credentialIn } from './credentials.js';
import { type ErrorSink, maskErrors } from './error-mask.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it; of routes that ask for it (`onRequest: authentication`). */
    caller: Caller;
  }
}

type OnRequest = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** Asks who sends a request, before anything of its body is read; turns away whom nobody knows. */
export function createAuthentication(
  server: FastifyInstance,
  authenticate: Authenticate,
  sink: ErrorSink,
): OnRequest {
  server.decorateRequest('caller');
  return async (request, reply) => {
    const credential = credentialIn(request.headers.authorization);
    try {
      request.caller = await authenticate(credential);
      return undefined;
    } catch (error) {
      const errors = maskErrors([error], sink);
      const [status, headers] = answerTo(errors[0]?.extensions?.['code'], credential !== undefined);
      return reply.code(status).headers(headers).send({ errors });
    }
  };
}

/** RFC 6750, section 3: a request that shows no credential is told no error. */
function answerTo(code: unknown, hasCredential: boolean): [number, Record<string, string>] {
  if (code === 'ISSUER_UNAVAILABLE') return [503, { 'retry-after': '10' }];
  if (code !== 'UNAUTHENTICATED') return [500, {}];
  const error = hasCredential ? ', error="invalid_token"' : '';
  return [401, { 'www-authenticate': `Bearer realm="twinql"${error}` }];
}
