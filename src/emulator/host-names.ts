/** The names under which the emulator may be addressed. A web page of another origin has none of them. */
export interface HostNames {
  /** Whether `host`, with or without a port, is one of the emulator's names. */
  has(host: string): boolean;
  /** What a certificate must cover. */
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/** Java's SDK wants a dotted name, and needs an entry in the hosts file for it. */
const dottedSuffix = '.azure-devices.test';

/** @param extra further DNS names, for an emulator in a container. */
export function createHostNames(extra: readonly string[] = []): HostNames {
  const exact = new Set(['localhost', '127.0.0.1', '::1', ...extra.map(lowerCase)]);
  return {
    has(host) {
      if (exact.has(host)) return true; // as most write it
      const name = stripPort(host).toLowerCase();
      return exact.has(name) || isDotted(name);
    },
    dns: ['localhost', `*${dottedSuffix}`, ...extra.map(lowerCase)],
    ip: ['127.0.0.1', '::1'],
  };
}

function lowerCase(name: string): string {
  return name.toLowerCase();
}

function isDotted(name: string): boolean {
  return name.endsWith(dottedSuffix) && /^[a-z0-9-]+$/.test(name.slice(0, -dottedSuffix.length));
}

function stripPort(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(host);
  if (bracketed !== null) return bracketed[1] ?? '';
  return host.replace(/:\d+$/, '');
}
