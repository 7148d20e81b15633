import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { hubError } from '../errors.js';
import type { Hub } from '../hub/hub.js';
import { type JsonValue, parseJson } from '../json.js';

/** Of one text the same for all requests: not to be changed. */
export type ReadonlyQuery = Pick<URLSearchParams, 'get' | 'entries' | typeof Symbol.iterator>;

/** Where a request is addressed, its path taken apart and decoded. */
export interface RequestTarget {
  readonly method: string;
  /** Path segments, decoded. A trailing slash makes no further segment. */
  readonly segments: readonly string[];
  readonly query: ReadonlyQuery;
}

/** What a handler may know of a request. */
export interface RequestContext {
  readonly hub: Hub;
  /** The decoded path segments that a route names with `:`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: ReadonlyQuery;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A bulk registry request of a hundred devices with full twins has some megabytes. */
const maxBodyBytes = 8 * 1024 * 1024;

export const noBody = Buffer.alloc(0);

export function parseTarget(request: IncomingMessage): RequestTarget {
  const [path = '', query = ''] = splitOnce(request.url ?? '', '?');
  return {
    method: readMethod(request),
    segments: path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeSegment),
    query: parseQuery(query),
  };
}

/** Reads the whole body, or throws the hub's 413. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (!hasBody(request)) return noBody;
  const chunks: Buffer[] = [];
  let size = 0;
  // Kept alive when the loop ends early: the refusal still has to travel.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > maxBodyBytes) {
      throw hubError('MessageTooLarge', `The body is larger than ${maxBodyBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

/** Most requests have none, and waiting for the end of a stream takes longer than answering them. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** The body as JSON, `undefined` when there is none; throws the hub's 400 when it is something else. */
export function readJson(context: RequestContext): JsonValue | undefined {
  if (context.body.length === 0) return undefined;
  const value = parseJson(context.body.toString('utf8'));
  if (value === undefined) throw hubError('ArgumentInvalid', 'The body is not JSON.');
  return value;
}

export function readParam(context: RequestContext, name: string): string {
  return context.params[name] ?? '';
}

export function readHeader(context: RequestContext, name: string): string | undefined {
  const value = context.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Java's HTTP client knows no PATCH, and says it in a header. */
function readMethod(request: IncomingMessage): string {
  const override = request.headers['x-http-method-override'];
  if (request.method === 'POST' && typeof override === 'string') return override.toUpperCase();
  return request.method ?? '';
}

let lastQuery = { text: '', parsed: new URLSearchParams() };

/** Almost every request says no more than the api-version, and the one that the last request said. */
function parseQuery(text: string): ReadonlyQuery {
  if (text !== lastQuery.text) lastQuery = { text, parsed: new URLSearchParams(text) };
  return lastQuery.parsed;
}

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw hubError('ArgumentInvalid', 'The path is not percent-encoded UTF-8.');
  }
}

function splitOnce(text: string, separator: string): string[] {
  const index = text.indexOf(separator);
  return index === -1 ? [text] : [text.slice(0, index), text.slice(index + separator.length)];
}
