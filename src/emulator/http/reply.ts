import type { Clock } from '../clock.js';
import type { CreateTrackingId } from '../errors.js';
import { formatError, formatNestedError, type HubError } from '../errors.js';
import type { JsonValue } from '../json.js';

/** An HTTP answer, complete: faults may cut it to pieces. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const empty = Buffer.alloc(0);

/** A body is JSON, and says so: SDKs leave any other unread. */
export function replyJson(
  value: JsonValue | readonly JsonValue[],
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return reply(200, JSON.stringify(value), headers);
}

/** For JSON that is at hand as text already. */
export function replyText(text: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return reply(200, text, headers);
}

export function replyEmpty(status: number): Reply {
  return { status, headers: {}, body: empty };
}

/** How a refusal is wrapped: direct methods carry one envelope inside another. */
export type Envelope = 'plain' | 'nested';

export function replyError(
  error: HubError,
  envelope: Envelope,
  context: { readonly createTrackingId: CreateTrackingId; readonly clock: Clock },
): Reply {
  const format = envelope === 'nested' ? formatNestedError : formatError;
  return reply(error.status, format(error, context.createTrackingId(), context.clock), {
    'iothub-errorcode': error.name,
    // A throttled client is made to open a new connection, so that it cannot pipeline on.
    ...(error.status === 429 ? { Connection: 'close' } : {}),
  });
}

/** ETags are quoted in headers and bare in bodies. */
export function quoteEtag(etag: string): Record<string, string> {
  return { ETag: `"${etag}"` };
}

function reply(status: number, text: string, headers: Readonly<Record<string, string>>): Reply {
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' },
    body: Buffer.from(text),
  };
}
