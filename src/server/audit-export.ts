import { Readable } from 'node:stream';
import type { RouteHandlerMethod } from 'fastify';
import type { Context, Origin } from '../resolvers/context.js';
import { RequestError, type RequestErrorCode } from '../services/errors.js';
import { type ErrorSink, maskErrors } from './error-mask.js';
import { originOf } from './origin.js';

export interface AuditExportOptions {
  readonly context: (origin: Origin) => Context;
  readonly sink: ErrorSink;
}

const statuses: Readonly<Partial<Record<RequestErrorCode, number>>> = {
  BAD_USER_INPUT: 400,
  FORBIDDEN: 403,
  DATABASE_UNAVAILABLE: 503,
};

/**
 * The audit behind the sequence number `after`, oldest first, one JSON object a line. It is read
 * as fast as it is taken; where it breaks off, go on behind the last line.
 */
export function createAuditExport({ context, sink }: AuditExportOptions): RouteHandlerMethod {
  return async (request, reply) => {
    const { after } = request.query as { readonly after?: string | readonly string[] };
    const { audit, caller, origin } = context(originOf(request));
    try {
      const lines = await audit.export(
        { caller, origin },
        after === undefined ? after : String(after),
      );
      return await reply.type('application/x-ndjson').send(Readable.from(lines));
    } catch (error) {
      const [{ message, extensions } = { message: '', extensions: {} }] = maskErrors([error], sink);
      const status = error instanceof RequestError ? statuses[error.code] : undefined;
      return reply.code(status ?? 500).send({ errors: [{ message, extensions }] });
    }
  };
}
