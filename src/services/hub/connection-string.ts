/** Where a hub is. */
export interface HubHost {
  /** As given: with the port, if it carries one. */
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
}

/** A service connection string, taken apart. */
export interface HubConnection extends HubHost {
  readonly policy: string;
  readonly key: string;
}

const required = ['HostName', 'SharedAccessKeyName', 'SharedAccessKey'] as const;

/**
 * Reads `HostName=…;SharedAccessKeyName=…;SharedAccessKey=…`.
 * Throws an Error that says what is missing or malformed, and never repeats the text: it holds a key.
 */
export function parseConnectionString(text: string): HubConnection {
  const fields = new Map(
    text
      .split(';')
      .filter((part) => part.trim() !== '')
      .map((part) => splitOnce(part.trim(), '=')),
  );
  const missing = required.filter((name) => !fields.get(name));
  if (missing.length > 0) {
    const hint = fields.has('DeviceId')
      ? " (this is a device connection string; take one of the hub's shared access policies)"
      : '';
    throw new Error(`it lacks ${missing.join(' and ')}${hint}`);
  }
  const host = parseHost(fields.get('HostName') ?? '');
  if (!host) throw new Error('its HostName is not a host name with an optional port');
  const key = fields.get('SharedAccessKey') ?? '';
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key)) throw new Error('its SharedAccessKey is not base64');
  return { ...host, policy: fields.get('SharedAccessKeyName') ?? '', key };
}

/** Reads a host name with an optional port; undefined where it is none. */
export function parseHost(host: string): HubHost | undefined {
  const match = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::(\d{1,5}))?$/.exec(host);
  const port = Number(match?.[2] ?? 443);
  if (!match?.[1] || port < 1 || port > 65535) return undefined;
  return { host, hostname: match[1], port };
}

/** The hub's short name: `pumps` of `pumps.azure-devices.net`. */
export function hubName({ hostname }: HubHost): string {
  return hostname.replace(/\.azure-devices\.(net|cn|us)$/i, '').toLowerCase();
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
