import type { Clock } from '../clock.js';
import type { CreateTrackingId } from '../errors.js';
import { formatError, formatNestedError, type HubError } from '../errors.js';
import type { JsonValue } from '../json.js';

/** An HTTP answer, complete: faults may cut it to pieces. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or nothing. As text, which leaves in one piece with the head: bytes would have to be gathered first. */
  readonly body: string;
  /** Of what is no JSON. */
  readonly contentType?: string | undefined;
}

export function replyJson(
  value: JsonValue | readonly JsonValue[],
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return replyText(JSON.stringify(value), headers);
}

/** For JSON that is at hand as text already. */
export function replyText(text: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 200, headers, body: text };
}

export function replyEmpty(status: number): Reply {
  return { status, headers: {}, body: '' };
}

/** How a refusal is wrapped: direct methods carry one envelope inside another. */
export type Envelope = 'plain' | 'nested';

export function replyError(
  error: HubError,
  envelope: Envelope,
  context: { readonly createTrackingId: CreateTrackingId; readonly clock: Clock },
): Reply {
  const format = envelope === 'nested' ? formatNestedError : formatError;
  return {
    status: error.status,
    headers: {
      'iothub-errorcode': error.name,
      // A throttled client is made to open a new connection, so that it cannot pipeline on.
      ...(error.status === 429 ? { Connection: 'close' } : {}),
    },
    body: format(error, context.createTrackingId(), context.clock),
  };
}

/** ETags are quoted in headers and bare in bodies. */
export function quoteEtag(etag: string): Record<string, string> {
  return { ETag: `"${etag}"` };
}
