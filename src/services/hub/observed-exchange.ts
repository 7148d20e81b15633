import { SpanKind } from '@opentelemetry/api';
import type { HubOutcome, Observer } from '../observer.js';
import { currentRequestId } from '../request.js';
import { fail, inSpan } from '../tracing.js';
import type { CommandAnswer } from './hub.js';
import type { RequestClass } from './throttles.js';
import { NotSentError } from './transport-error.js';

/** Whose exchanges are observed. */
export interface ObservedHub {
  /** Its short name. */
  readonly hub: string;
  readonly host: string;
  readonly port: number;
  readonly observer: Observer;
}

/** What is asked of it. */
export interface ObservedRequest {
  readonly requestClass: RequestClass;
  readonly method: string;
  /** With its query. */
  readonly path: string;
}

/** What is looked at of an answer. */
interface Answered {
  readonly response: { readonly statusCode?: number | undefined };
}

/** The header by which the hub's own logs name a request, with the id of the caller's request. */
export function requestIdHeader(): Readonly<Record<string, string>> {
  const id = currentRequestId();
  return id === undefined ? {} : { 'Request-Id': id };
}

/** Runs one exchange, in a span of its own where the request is traced, and tells how it ended. */
export async function observeExchange<Answer extends Answered>(
  { hub, host, port, observer }: ObservedHub,
  { requestClass, method, path }: ObservedRequest,
  exchange: () => Promise<Answer>,
): Promise<Answer> {
  const startedAt = performance.now();
  let outcome: HubOutcome = 'NO_ANSWER';
  const describe = () => ({
    name: `${method} ${templateOf(path)}`,
    kind: SpanKind.CLIENT,
    attributes: {
      'http.request.method': method,
      'server.address': host,
      'server.port': port,
      'url.full': `https://${host}:${port}${path}`,
      'url.template': templateOf(path),
      'twinql.hub': hub,
      'twinql.request_class': requestClass,
    },
  });
  try {
    return await inSpan(describe, async (span) => {
      const answer = await exchange();
      const { statusCode = 0 } = answer.response;
      outcome = outcomeOf(statusCode);
      span?.setAttribute('http.response.status_code', statusCode);
      if (span && outcome !== 'OK') fail(span, String(statusCode));
      return answer;
    });
  } catch (error) {
    if (error instanceof NotSentError) outcome = 'NOT_SENT';
    throw error;
  } finally {
    observer.onHubExchange({
      hub,
      requestClass,
      outcome,
      seconds: (performance.now() - startedAt) / 1000,
    });
  }
}

/** The same for a message to a device, which goes over AMQP. */
export async function observeMessage(
  { hub, observer }: Pick<ObservedHub, 'hub' | 'observer'>,
  send: () => Promise<CommandAnswer>,
): Promise<CommandAnswer> {
  const startedAt = performance.now();
  const describe = () => ({
    name: 'send devicebound',
    kind: SpanKind.PRODUCER,
    attributes: {
      'messaging.operation.name': 'send',
      'messaging.destination.name': 'devicebound',
      'twinql.hub': hub,
    },
  });
  // It never throws: what went wrong is its answer.
  return inSpan(describe, async (span) => {
    const answer = await send();
    const outcome = outcomeOfAnswer(answer);
    if (span && outcome !== 'OK') fail(span, outcome);
    const seconds = (performance.now() - startedAt) / 1000;
    observer.onHubExchange({ hub, requestClass: 'MESSAGES', outcome, seconds });
    return answer;
  });
}

function outcomeOfAnswer(answer: CommandAnswer): HubOutcome {
  if (answer.kind === 'UNKNOWN') return 'NO_ANSWER';
  if (answer.kind !== 'UNDELIVERED') return 'OK';
  switch (answer.code) {
    case 'THROTTLED':
    case 'NOT_SENT':
      return answer.code;
    case 'HUB_UNAUTHORIZED':
    case 'HUB_QUOTA_EXCEEDED':
      return 'UNAUTHORIZED';
    case 'HUB_UNAVAILABLE':
      return 'NO_ANSWER';
    default:
      return 'REFUSED';
  }
}

function outcomeOf(status: number): HubOutcome {
  if (status === 429) return 'THROTTLED';
  if (status === 401 || status === 403) return 'UNAUTHORIZED';
  if (status >= 400 && status < 500) return 'REFUSED';
  return status >= 200 && status < 300 ? 'OK' : 'FAILED';
}

/** A path of the hub without what it names: `/twins/{deviceId}/modules/{moduleId}/methods`. */
function templateOf(path: string): string {
  const [, first = '', id, third, moduleId, ...rest] = (path.split('?')[0] ?? '').split('/');
  const named = id === undefined || id === 'query' ? id : '{deviceId}';
  const module = moduleId === undefined ? undefined : '{moduleId}';
  return `/${[first, named, third, module, ...rest].filter((part) => part !== undefined).join('/')}`;
}
