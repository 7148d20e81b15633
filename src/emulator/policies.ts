/** What a shared access policy allows, as named in "Control access to IoT Hub". */
export type Right = 'RegistryRead' | 'RegistryWrite' | 'ServiceConnect' | 'DeviceConnect';

export interface Policy {
  readonly name: string;
  /** Base64, as in a connection string. */
  readonly key: string;
  readonly rights: ReadonlySet<Right>;
}

/**
 * The policies every new hub has. Their keys are public on purpose, as Azurite's is:
 * they guard nothing but a hub on this machine, and every example can carry them.
 */
export const policies: ReadonlyMap<string, Policy> = new Map(
  [
    policy('iothubowner', ['RegistryRead', 'RegistryWrite', 'ServiceConnect', 'DeviceConnect']),
    policy('service', ['ServiceConnect']),
    policy('device', ['DeviceConnect']),
    policy('registryRead', ['RegistryRead']),
    policy('registryReadWrite', ['RegistryRead', 'RegistryWrite']),
  ].map((entry) => [entry.name, entry]),
);

function policy(name: string, rights: readonly Right[]): Policy {
  // 32 readable bytes: nobody takes the decoded key for a secret.
  const key = Buffer.from(`twinql-emulator/${name}`.padEnd(32, '.')).toString('base64');
  return { name, key, rights: new Set(rights) };
}

/** A service connection string for `host`, which may carry a port. */
export function formatServiceConnectionString(host: string, policyName = 'iothubowner'): string {
  const found = policies.get(policyName);
  if (found === undefined) throw new TypeError(`no shared access policy is named "${policyName}"`);
  return `HostName=${host};SharedAccessKeyName=${found.name};SharedAccessKey=${found.key}`;
}
