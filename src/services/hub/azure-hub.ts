import { type Clock, systemClock } from '../clock.js';
import { isJsonObject, type JsonValue } from '../json.js';
import { type Observer, unobserved } from '../observer.js';
import { createAzureRegistry } from './azure-registry.js';
import type { Budget } from './budget.js';
import {
  type CommandAnswer,
  type DesiredWrite,
  type Hub,
  HubError,
  type MethodAnswer,
  type MethodCall,
  type QueryPage,
  type QueryResult,
  type ReadOptions,
  type RowResult,
  type SendGate,
} from './hub.js';
import { toHubError, toMethodAnswer, toWriteAnswer } from './hub-failure.js';
import type { OutgoingMessage } from './message.js';
import { observeMessage } from './observed-exchange.js';
import type { HubRegistry, IdentityName } from './registry.js';
import { createServiceSdk, type HubAccess } from './sdk.js';
import type { RequestClass } from './throttles.js';
import { parseTwin, type Twin, type TwinReading, type TwinSource } from './twin.js';

export type AzureHubOptions = HubAccess & {
  /** PEM of an authority to trust beside the well-known ones. */
  readonly ca?: string | undefined;
  readonly clock?: Clock;
  /** A number in [0, 1), for the jitter of retries. */
  readonly random?: () => number;
  /** How long a read or a query may take once it is its turn, retries included (ms). */
  readonly readDeadline?: number;
  /** How long a write may take once it is its turn (ms). */
  readonly writeDeadline?: number;
  /** What every request waits for its turn in; without one, nothing waits. */
  readonly budget?: Budget;
  /** Told of every exchange. */
  readonly observer?: Observer;
};

const READ_DEADLINE = 10_000;
const WRITE_DEADLINE = 20_000;
const FIRST_RETRY_WITHIN = 200;
/** The hub meters method calls in pieces of this size (bytes). */
const METHOD_PIECE = 4096;
/** What a method call may take beyond its own two timeouts (ms). */
const METHOD_MARGIN = 10_000;

/** IoT Hub through Microsoft's service SDK. */
export function createAzureHub(options: AzureHubOptions): Hub & HubRegistry {
  const {
    clock = systemClock,
    random = Math.random,
    readDeadline = READ_DEADLINE,
    writeDeadline = WRITE_DEADLINE,
    budget,
    observer = unobserved,
  } = options;
  const sdk = createServiceSdk({ ...options, clock, random });
  const { registry, client, transport, messaging } = sdk;

  /** One idempotent exchange, tried again with full jitter while the hub is unavailable and time is left. */
  async function read<T>(
    requestClass: RequestClass,
    { urgency = 'CALLER', signal }: ReadOptions,
    exchange: () => Promise<T>,
  ): Promise<{ value: T; askedAt: number; requests: number }> {
    let giveUpAt: number | undefined;
    let first: HubError | undefined;
    for (let requests = 1, retryWithin = FIRST_RETRY_WITHIN; ; requests += 1, retryWithin *= 2) {
      await budget?.take(requestClass, urgency, { signal });
      const askedAt = clock.now();
      giveUpAt ??= askedAt + readDeadline;
      try {
        const value = await transport.run({ requestClass, deadline: giveUpAt - askedAt }, exchange);
        return { value, askedAt, requests };
      } catch (error) {
        const failure = toHubError(error);
        if (failure.code === 'THROTTLED') budget?.refused(requestClass);
        if (failure.code !== 'UNAVAILABLE') throw failure;
        // What the deadline cut short says less than what went wrong before.
        first ??= failure;
        const wait = random() * retryWithin;
        if (transport.closed || clock.now() + wait >= giveUpAt) throw first;
        await new Promise<void>((resolve) => clock.after(wait, resolve));
      }
    }
  }

  function reading(twin: Twin, source: TwinSource, askedAt: number, date: unknown): TwinReading {
    const hubTime = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    return {
      twin,
      source,
      askedAt,
      observedAt: clock.now(),
      hubTime: Number.isNaN(hubTime) ? null : hubTime,
    };
  }

  function toReading(
    { deviceId, moduleId }: IdentityName,
    body: unknown,
    { askedAt, date }: { askedAt: number; date: unknown },
  ): TwinReading {
    const twin = parseTwin(body);
    // Another device's would prove what never happened.
    const isAsked = twin?.deviceId === deviceId && twin.moduleId === moduleId;
    if (!twin || !isAsked) throw malformed('a twin read');
    return reading(twin, 'POINT_READ', askedAt, date);
  }

  async function query(
    sql: string,
    page: QueryPage,
  ): Promise<RowResult & { askedAt: number; date: unknown }> {
    const sdkQuery = registry.createQuery(sql, page.size);
    const { value, askedAt, requests } = await read('QUERIES', {}, () =>
      sdkQuery.next(page.continuation as string),
    );
    const rows: unknown = value.result;
    if (!Array.isArray(rows)) throw malformed('a query');
    const continuation = sdkQuery.continuationToken || undefined;
    return { rows, continuation, requests, askedAt, date: value.message.headers.date };
  }

  async function queryTwins(sql: string, page: QueryPage): Promise<QueryResult> {
    const { rows, continuation, askedAt, date } = await query(sql, page);
    const readings = rows.map((row) => {
      const twin = parseTwin(row);
      if (!twin) throw malformed('a query');
      return reading(twin, 'QUERY', askedAt, date);
    });
    return { readings, continuation };
  }

  return {
    name: sdk.name,

    ...createAzureRegistry({
      sdk,
      clock,
      random,
      budget,
      writeDeadline,
      read,
      toReading,
    }),

    async readTwin(deviceId, readOptions = {}) {
      const { value, askedAt } = await read('TWIN_READS', readOptions, () =>
        registry.getTwin(deviceId),
      );
      const { date } = value.httpResponse.headers;
      return toReading({ deviceId }, value.responseBody, { askedAt, date });
    },

    queryTwins,

    async queryRows(sql, page) {
      const { rows, continuation, requests } = await query(sql, page);
      return { rows, continuation, requests };
    },

    async invokeMethod(
      deviceId: string,
      call: MethodCall,
      gate: SendGate,
      onSent?: () => void,
    ): Promise<MethodAnswer> {
      const deadline =
        (call.responseTimeoutSeconds + call.connectTimeoutSeconds) * 1000 + METHOD_MARGIN;
      const parameters = {
        methodName: call.name,
        payload: call.payload,
        responseTimeoutInSeconds: call.responseTimeoutSeconds,
        connectTimeoutInSeconds: call.connectTimeoutSeconds,
      };
      const bytes = Buffer.byteLength(JSON.stringify(call.payload));
      try {
        const cost = Math.max(1, Math.ceil(bytes / METHOD_PIECE));
        await budget?.take('METHODS', 'CALLER', { cost });
        const terms = { requestClass: 'METHODS', deadline, gate, onSent } as const;
        const { result } = await transport.run(terms, () =>
          call.moduleId === undefined
            ? client.invokeDeviceMethod(deviceId, parameters)
            : client.invokeDeviceMethod(deviceId, call.moduleId, parameters),
        );
        return answerOf(result);
      } catch (error) {
        const answer = toMethodAnswer(error);
        if (answer.kind === 'UNDELIVERED' && answer.code === 'THROTTLED')
          budget?.refused('METHODS');
        return answer;
      }
    },

    async writeDesired(
      deviceId: string,
      { moduleId, path, value }: DesiredWrite,
      gate: SendGate,
      onSent?: () => void,
    ): Promise<CommandAnswer> {
      const desired = path.reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value);
      try {
        await budget?.take('TWIN_WRITES', 'CALLER', {});
        // Whatever its ETag: a patch leaves alone what others write beside it.
        const { responseBody } = await transport.run(
          { requestClass: 'TWIN_WRITES', deadline: writeDeadline, gate, onSent },
          () =>
            moduleId === undefined
              ? registry.updateTwin(deviceId, { properties: { desired } }, '*')
              : registry.updateModuleTwin(deviceId, moduleId, { properties: { desired } }, '*'),
        );
        const twin = parseTwin(responseBody);
        if (!twin) return { kind: 'UNKNOWN', message: 'IoT Hub answered a write without the twin' };
        return { kind: 'WRITTEN', version: twin.desired.version };
      } catch (error) {
        const answer = toWriteAnswer(error);
        if (answer.kind === 'UNDELIVERED' && answer.code === 'THROTTLED')
          budget?.refused('TWIN_WRITES');
        return answer;
      }
    },

    async sendMessage(
      deviceId: string,
      message: OutgoingMessage,
      gate: SendGate,
      onSent?: () => void,
    ): Promise<CommandAnswer> {
      try {
        await budget?.take('MESSAGES', 'CALLER', {});
      } catch (error) {
        return toMethodAnswer(error);
      }
      const terms = { requestClass: 'MESSAGES', deadline: writeDeadline, gate, onSent } as const;
      const answer = await observeMessage({ hub: sdk.name, observer }, () =>
        messaging.send(deviceId, message, terms),
      );
      if (answer.kind === 'UNDELIVERED' && answer.code === 'THROTTLED') budget?.refused('MESSAGES');
      return answer;
    },

    receiveFeedback: (handler) => messaging.receiveFeedback(handler),

    async check() {
      await queryTwins('SELECT * FROM devices', { size: 1 });
    },

    close() {
      transport.close();
      messaging.close();
    },
  };
}

function answerOf(result: unknown): MethodAnswer {
  if (isJsonObject(result) && typeof result['status'] === 'number') {
    const payload: JsonValue = result['payload'] ?? null;
    return { kind: 'ANSWERED', status: result['status'], payload };
  }
  return { kind: 'UNKNOWN', message: 'IoT Hub answered 200 without the status of the device' };
}

function malformed(what: string): HubError {
  return new HubError('UNAVAILABLE', `IoT Hub answered ${what} with something else`);
}
