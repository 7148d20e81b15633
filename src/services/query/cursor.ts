import { createHash } from 'node:crypto';
import { z } from 'zod';
import { badInput, RequestError } from '../errors.js';
import type { SortKey } from './order.js';

/** Where a list goes on that comes as the hub gives it: after a page of the hub, or inside one. */
export interface HubPosition {
  readonly continuation: string | undefined;
  /** Rows of that page that were shown already. */
  readonly offset: number;
  /** What the query was made of that the continuation belongs to; see CompileTerms. */
  readonly plain: boolean;
}

/** Where a list goes on that is sorted here: after the device that was shown last. */
export interface SortedPosition {
  readonly key: SortKey;
  readonly deviceId: string;
}

const hubForm = z.strictObject({
  /** It travels back in a header: what could not is not one of the hub's. */
  c: z
    .string()
    .regex(/^[\x20-\x7e]+$/)
    .optional(),
  o: z.int().min(0),
  p: z.boolean(),
  f: z.string(),
});

const sortedForm = z.strictObject({
  k: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  d: z.string(),
  f: z.string(),
});

/** A position as an opaque cursor that only fits the list it came from, told by a text. */
export function formatCursor(position: HubPosition, list: string): string {
  const { continuation, offset, plain } = position;
  return encode({ c: continuation, o: offset, p: plain, f: fingerprint(list) });
}

/** Reads a cursor; none means the start. Throws RequestError when it is not for this list. */
export function parseCursor(cursor: string, list: string): HubPosition {
  const { c, o, p } = decode(hubForm, cursor, list);
  return { continuation: c, offset: o, plain: p };
}

/** As formatCursor, for a list that is sorted here. */
export function formatSortedCursor({ key, deviceId }: SortedPosition, list: string): string {
  return encode({ k: key, d: deviceId, f: fingerprint(list) });
}

/** As parseCursor, for a list that is sorted here. */
export function parseSortedCursor(cursor: string, list: string): SortedPosition {
  const { k, d } = decode(sortedForm, cursor, list);
  return { key: k, deviceId: d };
}

function encode(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

function decode<T extends { readonly f: string }>(
  form: z.ZodType<T>,
  cursor: string,
  list: string,
): T {
  const content = parseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
  const anyForm = z.union([hubForm, sortedForm]).safeParse(content);
  if (!anyForm.success) throw badInput('after', 'expected a cursor from pageInfo.endCursor');
  const position = form.safeParse(content);
  if (position.success && position.data.f === fingerprint(list)) return position.data;
  throw new RequestError(
    'CURSOR_FILTER_MISMATCH',
    'after: the cursor belongs to another filter or order; start again without it',
    'after',
  );
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
