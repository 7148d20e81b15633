import type { Identity } from './hub/identity.js';

/** One of the two keys of a device or module, and what it needs to connect with it. */
export interface AccessKey {
  readonly key: string;
  readonly connectionString: string;
}

/** Secrets: shown to those with `key:read` alone. */
export interface AccessKeys {
  readonly primary: AccessKey;
  readonly secondary: AccessKey;
}

/** What the holder of the keys needs to know; null where it has none. */
export function accessKeysOf(identity: Identity, hostname: string): AccessKeys | null {
  const { deviceId, moduleId, keys } = identity;
  if (!keys) return null;
  const accessKey = (key: string): AccessKey => ({
    key,
    connectionString: [
      `HostName=${hostname}`,
      `DeviceId=${deviceId}`,
      ...(moduleId === undefined ? [] : [`ModuleId=${moduleId}`]),
      `SharedAccessKey=${key}`,
    ].join(';'),
  });
  return { primary: accessKey(keys.primaryKey), secondary: accessKey(keys.secondaryKey) };
}
