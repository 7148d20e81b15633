import { createHash } from 'node:crypto';
import { z } from 'zod';
import { badInput, RequestError } from '../errors.js';

/** Where a list of devices goes on: after a page of the hub, or inside one. */
export interface Position {
  readonly continuation: string | undefined;
  /** Rows of that page that were shown already. */
  readonly offset: number;
}

const form = z.strictObject({
  /** It travels back in a header: what could not is not one of the hub's. */
  c: z
    .string()
    .regex(/^[\x20-\x7e]+$/)
    .optional(),
  o: z.int().min(0),
  f: z.string(),
});

/** A position as an opaque cursor that only fits the query it came from. */
export function formatCursor({ continuation, offset }: Position, query: string): string {
  const content = { c: continuation, o: offset, f: fingerprint(query) };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** Reads a cursor; none means the start. Throws RequestError when it is not for this query. */
export function parseCursor(cursor: string | undefined, query: string): Position {
  if (cursor === undefined) return { continuation: undefined, offset: 0 };
  const content = form.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!content.success) throw badInput('after', 'expected a cursor from pageInfo.endCursor');
  if (content.data.f !== fingerprint(query)) {
    throw new RequestError(
      'CURSOR_FILTER_MISMATCH',
      'after: the cursor belongs to another filter; start again without it',
      'after',
    );
  }
  return { continuation: content.data.c, offset: content.data.o };
}

function fingerprint(query: string): string {
  return createHash('sha256').update(query).digest('base64url').slice(0, 16);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
