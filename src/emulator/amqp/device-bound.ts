import type { Message as AmqpMessage, EventContext } from 'rhea';
import { HubError, hubError } from '../errors.js';
import { performExchange } from '../faults.js';
import type { Identity } from '../hub/identity.js';
import { type Message, parseAckRequest } from '../hub/message.js';
import type { AmqpClient } from './client.js';

/** Where services send messages for devices, in lower case. */
export const deviceBoundAddress = '/messages/devicebound';

/** The conditions under which a service SDK knows its errors again. */
const conditions: Readonly<Record<string, string>> = {
  DeviceNotFound: 'amqp:not-found',
  DeviceMaximumQueueDepthExceeded: 'amqp:resource-limit-exceeded',
  IotHubUnauthorizedAccess: 'amqp:unauthorized-access',
  IotHubQuotaExceeded: 'com.microsoft:quota-exceeded',
  MessageTooLarge: 'amqp:link:message-size-exceeded',
  ThrottlingBacklogTimeout: 'com.microsoft:device-container-throttled',
  ServiceUnavailable: 'com.microsoft:timeout',
};

/** Puts a message on its way, and accepts it, or rejects it with the reason. */
export function deliverMessage(client: AmqpClient, { message, delivery }: EventContext): void {
  const { hub, logger } = client;
  const address = parseAddress(message?.to);
  const call = { operation: 'message.send', ...address } as const;
  const finish = hub.calls.record(call, hub.clock.now());

  function refuse(error: HubError): HubError {
    finish(error.status);
    return error;
  }

  function settle(refusal: HubError | undefined): void {
    if (refusal === undefined) delivery?.accept();
    else delivery?.reject(toCondition(refusal));
  }

  const done = performExchange<HubError | undefined>(
    hub.faults.take(call),
    {
      process() {
        try {
          enqueue(client, message, address);
          finish(200);
          return undefined;
        } catch (error) {
          if (error instanceof HubError) return refuse(error);
          throw error;
        }
      },
      refuse,
      send: settle,
      // What settles a delivery is one small frame: there is no half of it that says anything.
      sendHalf: client.reset,
      sendSplit: settle,
      sendInstead: settle,
      reset: client.reset,
    },
    hub.clock,
  );
  done?.catch((error: unknown) => {
    logger.error({ err: error }, 'a message could not be settled');
    client.reset();
  });
}

function enqueue(client: AmqpClient, message: AmqpMessage | undefined, address: TargetName): void {
  const { hub } = client;
  client.authorize(client.token, ['messages'], 'ServiceConnect');
  if (message === undefined) throw hubError('ArgumentInvalid', 'The message is empty.');
  hub.throttles.checkQuota();
  const sent = toMessage(message);
  hub.deviceBound.send(findTarget(client, address), sent);
  hub.throttles.charge('message.send', { received: sent.body.length });
}

function toCondition({ name, message: description }: HubError): {
  readonly condition: string;
  readonly description: string;
} {
  return { condition: conditions[name] ?? 'amqp:invalid-field', description };
}

interface TargetName {
  readonly deviceId: string | undefined;
  readonly moduleId: string | undefined;
}

function parseAddress(to: string | undefined): TargetName {
  const [, deviceId, moduleId] =
    /^\/devices\/([^/]+)(?:\/modules\/([^/]+))?\/messages\/devicebound$/i.exec(to ?? '') ?? [];
  return { deviceId: decode(deviceId), moduleId: decode(moduleId) };
}

function findTarget({ hub }: AmqpClient, { deviceId, moduleId }: TargetName): Identity {
  const identity = deviceId === undefined ? undefined : hub.registry.find({ deviceId, moduleId });
  if (identity === undefined) throw hubError('DeviceNotFound', deviceId ?? 'no device');
  return identity;
}

function toMessage(message: AmqpMessage): Message {
  const { 'iothub-ack': ack, ...properties } = message.application_properties ?? {};
  return {
    body: toBytes(message.body),
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [key, String(value)]),
    ),
    messageId: toText(message.message_id),
    correlationId: toText(message.correlation_id),
    userId: toText(message.user_id),
    contentType: toText(message.content_type),
    contentEncoding: toText(message.content_encoding),
    expiresAtMs: toMs(message.absolute_expiry_time),
    ack: parseAckRequest(ack),
  };
}

/** A data section, as the SDKs send, or whatever else an AMQP body can be. */
function toBytes(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (typeof body === 'string') return Buffer.from(body);
  if (typeof body !== 'object' || body === null) return Buffer.from(String(body ?? ''));
  const content: unknown = Reflect.get(body, 'content');
  if (Array.isArray(content)) return Buffer.concat(content.map(toBytes));
  return content === undefined ? Buffer.from(JSON.stringify(body)) : toBytes(content);
}

function toText(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
}

function toMs(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const ms = value instanceof Date ? value.getTime() : Number(value);
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function decode(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
