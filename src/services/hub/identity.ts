import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { AuthenticationType } from './twin.js';
import { authenticationTypeOf } from './twin.js';

/** The two keys of a device or module. Secrets: they go nowhere but to the hub and to who may see them. */
export interface SymmetricKeys {
  readonly primaryKey: string;
  readonly secondaryKey: string;
}

/** How a device proves who it is. */
export type Authentication =
  | { readonly type: 'SAS'; readonly keys: SymmetricKeys }
  | {
      readonly type: 'SELF_SIGNED';
      readonly primaryThumbprint: string | null;
      readonly secondaryThumbprint: string | null;
    }
  | { readonly type: 'CERTIFICATE_AUTHORITY' }
  | { readonly type: 'NONE' };

/** A device or module as the registry keeps it. */
export interface Identity {
  readonly deviceId: string;
  readonly moduleId: string | undefined;
  readonly etag: string;
  readonly status: 'enabled' | 'disabled';
  readonly statusReason: string | null;
  readonly authenticationType: AuthenticationType;
  /** Null where it has none: certificates, or a module of the edge runtime. */
  readonly keys: SymmetricKeys | null;
  /** All that the hub wrote: an update replaces the whole, and what it leaves out is lost or made anew. */
  readonly document: JsonObject;
}

/** Reads the hub's JSON of an identity; undefined when it lacks what an identity must have. */
export function parseIdentity(json: unknown): Identity | undefined {
  if (!isJsonObject(json) || typeof json['deviceId'] !== 'string') return undefined;
  const { deviceId, moduleId, etag, statusReason } = json;
  const authentication = objectOf(json['authentication']);
  return {
    deviceId,
    moduleId: typeof moduleId === 'string' ? moduleId : undefined,
    etag: typeof etag === 'string' ? etag : '',
    status: json['status'] === 'disabled' ? 'disabled' : 'enabled',
    statusReason: typeof statusReason === 'string' ? statusReason : null,
    authenticationType: authenticationTypeOf(authentication['type']),
    keys: parseKeys(authentication),
    document: json,
  };
}

/** How the hub writes a way to authenticate. */
export function formatAuthentication(authentication: Authentication): JsonObject {
  switch (authentication.type) {
    case 'SAS':
      return { type: 'sas', symmetricKey: { ...authentication.keys } };
    case 'SELF_SIGNED': {
      const { primaryThumbprint, secondaryThumbprint } = authentication;
      return { type: 'selfSigned', x509Thumbprint: { primaryThumbprint, secondaryThumbprint } };
    }
    case 'CERTIFICATE_AUTHORITY':
      return { type: 'certificateAuthority' };
    case 'NONE':
      return { type: 'none' };
  }
}

const settingNames = [
  'status',
  'statusReason',
  'authentication',
  'capabilities',
  'deviceScope',
  'parentScopes',
] as const;

/** All that an update in bulk must name of a device: what it leaves out is lost. */
export function settingsOf({ document }: Identity): JsonObject {
  return Object.fromEntries(
    settingNames.flatMap((name) => {
      const value = document[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The same identity with other settings. */
export function changeIdentity(identity: Identity, changes: JsonObject): Identity {
  const changed = parseIdentity({ ...identity.document, ...changes });
  if (!changed) throw new TypeError('not an identity');
  return changed;
}

function parseKeys(authentication: JsonObject): SymmetricKeys | null {
  const { primaryKey, secondaryKey } = objectOf(authentication['symmetricKey']);
  if (typeof primaryKey !== 'string' || typeof secondaryKey !== 'string') return null;
  if (primaryKey === '' || secondaryKey === '') return null;
  return { primaryKey, secondaryKey };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
