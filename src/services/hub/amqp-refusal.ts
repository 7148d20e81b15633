import type { AmqpError } from 'rhea';
import type { MethodAnswer, UndeliveredCode } from './hub.js';
import { toMethodAnswer } from './hub-failure.js';

/** A no of the hub over AMQP: to a token, a link or a message. Whatever it was for was not done. */
export class AmqpRefusal extends Error {
  override readonly name = 'AmqpRefusal';
  /** Such as `amqp:not-found`. */
  readonly condition: string | undefined;

  constructor(error: object = {}) {
    const { condition, description } = error as AmqpError;
    super([condition ?? 'without a reason', description].filter(Boolean).join(': '));
    this.condition = condition;
  }
}

/** The conditions under which a message was certainly not taken (protocol §7). */
const undelivered: Readonly<Record<string, UndeliveredCode>> = {
  'amqp:not-found': 'DEVICE_NOT_FOUND',
  'amqp:resource-limit-exceeded': 'DEVICE_QUEUE_FULL',
  'amqp:unauthorized-access': 'HUB_UNAUTHORIZED',
  'amqp:not-allowed': 'INVALID',
  'amqp:invalid-field': 'INVALID',
  'amqp:decode-error': 'INVALID',
  'amqp:link:message-size-exceeded': 'INVALID',
  'com.microsoft:argument-error': 'INVALID',
  'com.microsoft:argument-out-of-range': 'INVALID',
  'com.microsoft:device-container-throttled': 'THROTTLED',
  'com.microsoft:quota-exceeded': 'HUB_QUOTA_EXCEEDED',
  'com.microsoft:iot-hub-suspended': 'HUB_UNAUTHORIZED',
};

/** Those that refuse a connection or a link, before any message is written. */
const closedDoors: ReadonlySet<UndeliveredCode> = new Set([
  'HUB_UNAUTHORIZED',
  'HUB_QUOTA_EXCEEDED',
  'THROTTLED',
]);

/**
 * What a message that failed means for the device. Once it is written, a condition that is not
 * listed, such as a timeout inside the hub, does not tell whether the message is queued.
 */
export function toMessageAnswer(error: unknown, written: boolean): MethodAnswer {
  if (!(error instanceof AmqpRefusal)) return toMethodAnswer(error);
  const message = `IoT Hub answered ${error.message}`;
  const code = undelivered[error.condition ?? ''];
  if (written) return code ? { kind: 'UNDELIVERED', code, message } : { kind: 'UNKNOWN', message };
  const closed = code !== undefined && closedDoors.has(code);
  return { kind: 'UNDELIVERED', code: closed ? code : 'HUB_UNAVAILABLE', message };
}
