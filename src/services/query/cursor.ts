import { createHash } from 'node:crypto';
import { z } from 'zod';
import { badInput, RequestError } from '../errors.js';
import type { SortPosition } from './order.js';

/** Where a list goes on that comes hub after hub. */
export interface ListPosition {
  readonly hub: string;
  /** Undefined: at the beginning of that hub. */
  readonly at: HubPosition | undefined;
}

/** Where a list goes on that comes as a hub gives it: after a page of the hub, or inside one. */
export interface HubPosition {
  readonly continuation: string | undefined;
  /** Rows of that page that were shown already. */
  readonly offset: number;
  /** What the query was made of that the continuation belongs to; see CompileTerms. */
  readonly plain: boolean;
}

const startForm = z.strictObject({ h: z.string(), f: z.string() });

const hubForm = z.strictObject({
  h: z.string(),
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
  h: z.string(),
  d: z.string(),
  f: z.string(),
});

/** A position as an opaque cursor that only fits the list it came from, told by a text. */
export function formatCursor({ hub, at }: ListPosition, list: string): string {
  const f = fingerprint(list);
  if (!at) return encode({ h: hub, f });
  const { continuation, offset, plain } = at;
  return encode({ h: hub, c: continuation, o: offset, p: plain, f });
}

/** Reads a cursor. Throws RequestError when it is not for this list. */
export function parseCursor(cursor: string, list: string): ListPosition {
  const position = decode(z.union([hubForm, startForm]), cursor, list);
  if (!('o' in position)) return { hub: position.h, at: undefined };
  const { h, c, o, p } = position;
  return { hub: h, at: { continuation: c, offset: o, plain: p } };
}

/** As formatCursor, for a list that is sorted here. */
export function formatSortedCursor({ key, hub, deviceId }: SortPosition, list: string): string {
  return encode({ k: key, h: hub, d: deviceId, f: fingerprint(list) });
}

/** As parseCursor, for a list that is sorted here. */
export function parseSortedCursor(cursor: string, list: string): SortPosition {
  const { k, h, d } = decode(sortedForm, cursor, list);
  return { key: k, hub: h, deviceId: d };
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
  const anyForm = z.union([hubForm, startForm, sortedForm]).safeParse(content);
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
