import { z } from 'zod';
import type { JsonValue } from '../json.js';
import type { IdentityName } from './identity.js';
import type { Entry } from './journal.js';
import type { Message } from './message.js';

/** A queued message as it is kept; its body is base64. */
const messageRecord = z.object({
  deviceId: z.string(),
  moduleId: z.string().optional(),
  body: z.string(),
  properties: z.record(z.string(), z.string()),
  messageId: z.string().optional(),
  correlationId: z.string().optional(),
  userId: z.string().optional(),
  contentType: z.string().optional(),
  contentEncoding: z.string().optional(),
  expiresAtMs: z.number().optional(),
  ack: z.enum(['none', 'full', 'positive', 'negative']),
});

export function toMessageEntry(
  { deviceId, moduleId }: IdentityName,
  id: string,
  message: Message,
): Entry {
  const value: unknown = { deviceId, moduleId, ...message, body: message.body.toString('base64') };
  return { kind: 'message', key: id, value: value as JsonValue };
}

/** Throws a ZodError when the value is not a kept message. */
export function fromMessageRecord(value: JsonValue): {
  readonly name: IdentityName;
  readonly message: Message;
} {
  const { deviceId, moduleId, body, ...rest } = messageRecord.parse(value);
  return {
    name: { deviceId, moduleId },
    message: {
      body: Buffer.from(body, 'base64'),
      properties: rest.properties,
      messageId: rest.messageId,
      correlationId: rest.correlationId,
      userId: rest.userId,
      contentType: rest.contentType,
      contentEncoding: rest.contentEncoding,
      expiresAtMs: rest.expiresAtMs,
      ack: rest.ack,
    },
  };
}
