/** The ports of a hub. */
export interface Doors {
  readonly https: number;
  readonly mqtt: number;
  /** Absent where services cannot speak AMQP over TCP. */
  readonly amqp: number | undefined;
}

/** The hub that is checked. */
export interface Target {
  readonly hostName: string;
  readonly doors: Doors;
  /** Where devices are made ready and removed again; default the same doors. */
  readonly backDoors?: Doors;
  /** PEM of an authority to trust beside those of the machine. */
  readonly ca?: string;
  /** A policy with all rights. */
  readonly owner: { readonly policy: string; readonly key: string };
  /** The keys of further policies by name: service, device, registryRead. */
  readonly policyKeys?: Readonly<Record<string, string>>;
  /** A JWT that the hub believes. */
  readonly bearerToken?: string;
  /** Where what devices sent can be read over HTTPS, as only an emulator lets. */
  readonly eventsPath?: string;
  /** How long an answer may take, in milliseconds. */
  readonly patienceMs: number;
}

const standardDoors: Doors = { https: 443, mqtt: 8883, amqp: 5671 };

/** The hub of a service connection string, whose HostName may carry the HTTPS port. */
export function parseTarget(
  connectionString: string,
  options: Partial<Omit<Target, 'hostName' | 'owner'>> = {},
): Target {
  const fields = new Map(
    connectionString.split(';').map((part): [string, string] => {
      const equals = part.indexOf('=');
      return [part.slice(0, equals), part.slice(equals + 1)];
    }),
  );
  const [hostName, httpsPort] = (fields.get('HostName') ?? '').split(':');
  const policy = fields.get('SharedAccessKeyName');
  const key = fields.get('SharedAccessKey');
  if (!hostName || policy === undefined || key === undefined) {
    throw new TypeError('the connection string has no HostName, policy or key');
  }
  const https = httpsPort === undefined ? standardDoors.https : Number(httpsPort);
  return {
    hostName,
    owner: { policy, key },
    doors: { ...standardDoors, https },
    patienceMs: 20_000,
    ...options,
  };
}
