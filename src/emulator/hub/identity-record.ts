import { z } from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { IdentityName } from './identity.js';
import { Identity } from './identity.js';
import type { Entry } from './journal.js';

const json = z.custom<JsonObject>((value) => isJsonObject(value as JsonValue));
const section = z.object({ values: json, metadata: json, version: z.int() });

const authentication = z.discriminatedUnion('type', [
  z.object({ type: z.literal('sas'), primaryKey: z.string(), secondaryKey: z.string() }),
  z.object({
    type: z.literal('selfSigned'),
    primaryThumbprint: z.string().nullable(),
    secondaryThumbprint: z.string().nullable(),
  }),
  z.object({ type: z.literal('certificateAuthority') }),
  z.object({ type: z.literal('none') }),
]);

/** An identity as it is kept. Nobody is connected in a hub that starts. */
const identityRecord = z.object({
  deviceId: z.string(),
  moduleId: z.string().optional(),
  generationId: z.string(),
  state: z.object({
    status: z.enum(['enabled', 'disabled']),
    statusReason: z.string().nullable(),
    authentication,
    iotEdge: z.boolean(),
    managedBy: z.string().nullable(),
    deviceScope: z.string().nullable(),
    etag: z.int(),
    statusUpdatedTime: z.string(),
    connectionStateUpdatedTime: z.string(),
    lastActivityTime: z.string(),
    modelId: z.string(),
    twin: z.object({
      version: z.int(),
      etag: z.int(),
      tags: json,
      desired: section,
      reported: section,
    }),
  }),
});

export function formatIdentityKey({ deviceId, moduleId }: IdentityName): string {
  return moduleId === undefined ? deviceId : `${deviceId}/${moduleId}`;
}

/** Every report makes one, so it copies nothing: what is not kept of the state is left out when it is read. */
export function toEntry(identity: Identity): Entry {
  const { deviceId, moduleId, generationId, state } = identity;
  const value: unknown = { deviceId, moduleId, generationId, state };
  return { kind: 'identity', key: formatIdentityKey(identity), value: value as JsonValue };
}

/** Throws a ZodError when the value is not a kept identity. */
export function fromRecord(value: JsonValue): Identity {
  const { generationId, state, deviceId, moduleId } = identityRecord.parse(value);
  return new Identity({ deviceId, moduleId }, generationId, {
    ...state,
    connectionState: 'Disconnected',
    cloudToDeviceMessageCount: 0,
  });
}
