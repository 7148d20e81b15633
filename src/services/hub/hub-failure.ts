import type { IncomingHttpHeaders } from 'node:http';
import { isJsonObject, type JsonValue } from '../json.js';
import { HubError, type HubErrorCode, type MethodAnswer, type UndeliveredCode } from './hub.js';
import { NotSentError, TransportError } from './transport-error.js';

/** What the hub said when it said no. */
interface HubFailure {
  readonly status: number;
  /** 404103 and the like; from the envelope, since the SDK keeps the status only. */
  readonly number: number | undefined;
  /** `DeviceNotFound` and the like. */
  readonly name: string | undefined;
  readonly message: string;
}

/** An error of the SDK (or of the transport under it) as a HubError. */
export function toHubError(error: unknown): HubError {
  if (error instanceof HubError) return error;
  const failure = readFailure(error);
  if (!failure) {
    const reason = error instanceof Error ? error.message : String(error);
    return new HubError('UNAVAILABLE', `IoT Hub gave no usable answer: ${reason}`);
  }
  return new HubError(errorCodeOf(failure), describe(failure));
}

/**
 * What the answer to a bulk write says of each device that failed; the SDK takes such an answer
 * for an error as soon as there is one. Empty where the answer is none of that kind.
 */
export function bulkFailures(
  body: unknown,
): readonly (readonly [deviceId: string, failure: { code: HubErrorCode; message: string }])[] {
  const errors = isJsonObject(body) ? body['errors'] : undefined;
  if (!Array.isArray(errors)) return [];
  return errors.filter(isJsonObject).map((error) => {
    const { deviceId, errorCode, errorStatus } = error;
    const number = typeof errorCode === 'number' ? errorCode : undefined;
    const name = typeof errorStatus === 'string' ? errorStatus : String(errorCode ?? '');
    const failure = { status: statusOf(number, name), number, name, message: '' };
    return [String(deviceId), { code: errorCodeOf(failure), message: describe(failure) }];
  });
}

/**
 * What a failed method call means for the device: certainly not delivered, or not known.
 * Anything that is not listed as undelivered is unknown, since a rebooting device drops the call.
 */
export function toMethodAnswer(error: unknown): MethodAnswer {
  const failure = readFailure(error);
  if (failure) {
    const code = undeliveredCode(failure);
    const message = describe(failure);
    return code ? { kind: 'UNDELIVERED', code, message } : { kind: 'UNKNOWN', message };
  }
  const message = error instanceof Error ? error.message : String(error);
  // Ours, from before anything was sent.
  if (error instanceof HubError) {
    const code = error.code === 'THROTTLED' ? 'THROTTLED' : 'NOT_SENT';
    return { kind: 'UNDELIVERED', code, message };
  }
  if (error instanceof NotSentError) return { kind: 'UNDELIVERED', code: 'NOT_SENT', message };
  if (error instanceof TransportError && !error.written) {
    return {
      kind: 'UNDELIVERED',
      code: 'HUB_UNAVAILABLE',
      message: `IoT Hub was not reached: ${message}`,
    };
  }
  return { kind: 'UNKNOWN', message: `the call ended without an answer: ${message}` };
}

/** The same for a write to a twin: what the hub refuses, it has not written. */
export function toWriteAnswer(error: unknown): MethodAnswer {
  const answer = toMethodAnswer(error);
  const status = readFailure(error)?.status ?? 0;
  if (answer.kind !== 'UNKNOWN' || status < 400 || status > 499) return answer;
  const code = status === 404 ? 'DEVICE_NOT_FOUND' : 'INVALID';
  return { kind: 'UNDELIVERED', code, message: answer.message };
}

function undeliveredCode(failure: HubFailure): UndeliveredCode | undefined {
  const { status, number, name } = failure;
  if (number === 404103 || name === 'DeviceNotOnline') return 'DEVICE_OFFLINE';
  if (number === 404001 || name === 'DeviceNotFound') return 'DEVICE_NOT_FOUND';
  switch (status) {
    case 400:
      return 'INVALID';
    case 401:
      return 'HUB_UNAUTHORIZED';
    case 403:
      return isQuota(failure) ? 'HUB_QUOTA_EXCEEDED' : 'HUB_UNAUTHORIZED';
    case 429:
      return 'THROTTLED';
    default:
      return undefined;
  }
}

function errorCodeOf(failure: HubFailure): HubErrorCode {
  const { status, number, name } = failure;
  if (number === 404001 || name === 'DeviceNotFound') return 'DEVICE_NOT_FOUND';
  if (number === 404010 || name === 'ModuleNotFound') return 'MODULE_NOT_FOUND';
  switch (status) {
    case 400:
      return 'INVALID';
    case 401:
      return 'UNAUTHORIZED';
    case 403:
      return isQuota(failure) ? 'QUOTA_EXCEEDED' : 'UNAUTHORIZED';
    case 409:
      return 'ALREADY_EXISTS';
    case 412:
      return 'PRECONDITION_FAILED';
    case 413:
      return 'TOO_MANY';
    case 429:
      return 'THROTTLED';
    default:
      return 'UNAVAILABLE';
  }
}

/** The HTTP status that an error would have had by itself: the first three digits of its number. */
function statusOf(number: number | undefined, name: string): number {
  if (number !== undefined) return Math.floor(number / 1000);
  if (name.endsWith('AlreadyExists')) return 409;
  if (name.endsWith('NotFound')) return 404;
  return name === 'PreconditionFailed' ? 412 : 400;
}

/** Of the 403s, 403002 to 403006 (all named `…Exceeded`); others are a firewall or a missing right. */
function isQuota({ number = 0, name = '' }: HubFailure): boolean {
  return name.endsWith('Exceeded') || (number >= 403002 && number <= 403006);
}

function describe({ status, number, name, message }: HubFailure): string {
  const code = [status, number, name].filter((part) => part !== undefined).join(' ');
  return `IoT Hub answered ${code}${message ? `: ${message}` : ''}`;
}

/**
 * The hub's envelope comes in three forms: `{Message: "ErrorCode:Name;text"}`,
 * `{errorCode, message}`, and, for methods, the second as a string inside the first.
 */
function readFailure(error: unknown): HubFailure | undefined {
  if (!(error instanceof Error) || !('response' in error)) return undefined;
  const response = error.response as { statusCode?: number; headers?: IncomingHttpHeaders };
  const header = response.headers?.['iothub-errorcode'];
  const envelope = unwrap('responseBody' in error ? parse(error.responseBody) : undefined);
  return {
    status: response.statusCode ?? 0,
    number: envelope.number,
    name: typeof header === 'string' ? header : envelope.name,
    message: envelope.message,
  };
}

function unwrap(body: JsonValue | undefined): {
  number?: number;
  name?: string;
  message: string;
} {
  if (!isJsonObject(body)) return { message: '' };
  if (typeof body['errorCode'] === 'number') {
    return { number: body['errorCode'], message: String(body['message'] ?? '') };
  }
  const text = typeof body['Message'] === 'string' ? body['Message'] : '';
  const inner = parse(text);
  if (isJsonObject(inner)) return unwrap(inner);
  const named = /^ErrorCode:(\w+);?(.*)$/s.exec(text);
  return named?.[1] === undefined ? { message: text } : { name: named[1], message: named[2] ?? '' };
}

function parse(text: unknown): JsonValue | undefined {
  try {
    return typeof text === 'string' ? (JSON.parse(text) as JsonValue) : undefined;
  } catch {
    return undefined;
  }
}
