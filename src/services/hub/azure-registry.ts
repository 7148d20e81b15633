import type { Clock } from '../clock.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { Budget } from './budget.js';
import { HubError, type ReadOptions, type Urgency } from './hub.js';
import { bulkFailures, toHubError } from './hub-failure.js';
import { type Identity, parseIdentity } from './identity.js';
import { withoutSecrets } from './redact.js';
import type {
  DeviceWrite,
  DeviceWriteFailure,
  HubRegistry,
  IdentityName,
  TwinPatch,
} from './registry.js';
import { API_VERSION, type ServiceSdk } from './sdk.js';
import type { RequestClass } from './throttles.js';
import type { TwinReading } from './twin.js';

export interface AzureRegistryOptions {
  readonly sdk: ServiceSdk;
  readonly clock: Clock;
  readonly random: () => number;
  readonly budget: Budget | undefined;
  /** How long a write may take once it is its turn, retries included (ms). */
  readonly writeDeadline: number;
  /** One idempotent exchange, tried again while the hub is unavailable. */
  readonly read: <T>(
    requestClass: RequestClass,
    options: ReadOptions,
    exchange: () => Promise<T>,
  ) => Promise<{ value: T; askedAt: number }>;
  /** A twin from the body of an answer, with its circumstances. */
  readonly toReading: (
    name: IdentityName,
    body: unknown,
    circumstances: { readonly askedAt: number; readonly date: unknown },
  ) => TwinReading;
}

/** The most that the hub's bulk door takes at once. */
const PIECE = 100;
const FIRST_RETRY_WITHIN = 200;

interface Answer {
  readonly body: unknown;
  readonly date: unknown;
}

interface Message {
  readonly body?: JsonValue;
  readonly ifMatch?: string | undefined;
}

/**
 * Twins and identities through the SDK's REST client. Its Registry is passed by: it overwrites
 * whatever ETag there is when it updates or deletes a device, and throws an ArgumentError for a
 * bulk write as soon as one of its devices fails.
 */
export function createAzureRegistry(options: AzureRegistryOptions): HubRegistry {
  const { clock, random, budget, read, toReading } = options;
  const { hostname, rest, transport } = options.sdk;

  /** One request below the doors of the SDK. Ids are encoded and ETags quoted here, and only here. */
  function send(
    method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE',
    path: readonly string[],
    message: Message = {},
  ): Promise<Answer> {
    const { body, ifMatch } = message;
    const headers = {
      ...(body !== undefined && { 'Content-Type': 'application/json; charset=utf-8' }),
      ...(ifMatch !== undefined && { 'If-Match': `"${ifMatch}"` }),
    };
    const target = `/${path.map(encodeURIComponent).join('/')}?api-version=${API_VERSION}`;
    return new Promise((resolve, reject) => {
      rest.executeApiCall(method, target, headers, body, (error, result, response) => {
        if (error) reject(error);
        else resolve({ body: result, date: response?.headers.date });
      });
    });
  }

  /** One exchange that changes something: not sent again once any of it may have been written. */
  async function write<T>(
    requestClass: RequestClass,
    exchange: () => Promise<T>,
    turn: { urgency?: Urgency; cost?: number; signal?: AbortSignal } = {},
  ): Promise<{ value: T; askedAt: number }> {
    const { urgency = 'CALLER', ...terms } = turn;
    await budget?.take(requestClass, urgency, terms);
    const giveUpAt = clock.now() + options.writeDeadline;
    for (let retryWithin = FIRST_RETRY_WITHIN; ; retryWithin *= 2) {
      const askedAt = clock.now();
      let written = false;
      // On a connection of its own: a kept one may be closed by the hub just as it is written to.
      const gate = async () => {
        written = true;
        return true;
      };
      try {
        const deadline = Math.max(1, giveUpAt - askedAt);
        return { value: await transport.run({ requestClass, deadline, gate }, exchange), askedAt };
      } catch (error) {
        const failure = toHubError(error);
        if (failure.code === 'THROTTLED') budget?.refused(requestClass);
        if (failure.code !== 'UNAVAILABLE') throw failure;
        if (written) throw unknownOutcome(failure);
        const wait = random() * retryWithin;
        if (transport.closed || clock.now() + wait >= giveUpAt) throw failure;
        await new Promise<void>((resolve) => clock.after(wait, resolve));
      }
    }
  }

  async function writeIdentity(
    method: 'PUT' | 'DELETE',
    name: IdentityName,
    message: Message,
  ): Promise<Answer> {
    const exchange = () => send(method, identityPath(name), message);
    return (await withoutSecrets(message.body, write('REGISTRY', exchange))).value;
  }

  /** Never throws; a piece that could not be sent, or whose fate is not known, fails as a whole. */
  async function writePiece(
    piece: readonly DeviceWrite[],
    signal: AbortSignal,
  ): Promise<readonly (readonly [string, DeviceWriteFailure])[]> {
    const body = piece.map(formatWrite);
    const exchange = () =>
      send('POST', ['devices'], { body }).then(
        (answer) => bulkFailures(answer.body),
        (error: unknown) => {
          const failures = bulkFailures(responseBody(error));
          if (failures.length === 0) throw error;
          return failures;
        },
      );
    const turn = { urgency: 'ACTIVE', cost: piece.length, signal } as const;
    try {
      const { value } = await withoutSecrets(body, write('REGISTRY', exchange, turn));
      return value;
    } catch (error) {
      const { code, message } = toHubError(error);
      return piece.map(({ deviceId }) => [deviceId, { code, message }]);
    }
  }

  return {
    hostname,

    async readModuleTwin(name, readOptions = {}) {
      const { value, askedAt } = await read('TWIN_READS', readOptions, () =>
        send('GET', twinPath(name)),
      );
      return toReading(name, value.body, { askedAt, date: value.date });
    },

    async patchTwin(name, { tags, desired }: TwinPatch, etag) {
      const body = {
        ...(tags && { tags }),
        ...(desired && { properties: { desired } }),
      };
      const { value, askedAt } = await write('TWIN_WRITES', () =>
        send('PATCH', twinPath(name), { body, ifMatch: etag }),
      );
      return written(() => toReading(name, value.body, { askedAt, date: value.date }));
    },

    async readIdentity(name, readOptions = {}) {
      const { value } = await read('REGISTRY', readOptions, () => send('GET', identityPath(name)));
      return identityOf(value.body);
    },

    async listModules(deviceId) {
      const { value } = await read('REGISTRY', {}, () =>
        send('GET', ['devices', deviceId, 'modules']),
      );
      if (!Array.isArray(value.body)) throw malformed('a list of modules');
      return value.body.map(identityOf);
    },

    async createModule(name, settings) {
      const body = { ...settings, deviceId: name.deviceId, moduleId: name.moduleId };
      const answer = await writeIdentity('PUT', name, { body });
      return written(() => identityOf(answer.body));
    },

    async updateIdentity(identity) {
      const { document: body, etag: ifMatch } = identity;
      const answer = await writeIdentity('PUT', identity, { body, ifMatch });
      return written(() => identityOf(answer.body));
    },

    async deleteIdentity(name, etag = '*') {
      await writeIdentity('DELETE', name, { ifMatch: etag });
    },

    async writeDevices(writes, signal) {
      const failures = new Map<string, DeviceWriteFailure>();
      // A piece larger than the budget allows at once would take more than its share.
      const limit = budget?.lines().find(({ requestClass }) => requestClass === 'REGISTRY')?.limit;
      const size = Math.min(PIECE, limit ?? PIECE);
      for (let start = 0; start < writes.length; start += size) {
        const piece = writes.slice(start, start + size);
        for (const [id, failure] of await writePiece(piece, signal)) {
          failures.set(id, failure);
        }
      }
      return failures;
    },
  };
}

function twinPath({ deviceId, moduleId }: IdentityName): readonly string[] {
  return moduleId === undefined ? ['twins', deviceId] : ['twins', deviceId, 'modules', moduleId];
}

function identityPath({ deviceId, moduleId }: IdentityName): readonly string[] {
  return moduleId === undefined
    ? ['devices', deviceId]
    : ['devices', deviceId, 'modules', moduleId];
}

/** As ExportImportDevice of the hub's REST interface. */
function formatWrite({ deviceId, mode, etag, settings }: DeviceWrite): JsonObject {
  return {
    ...settings,
    id: deviceId,
    importMode: mode,
    ...(etag !== undefined && { eTag: etag }),
  };
}

function responseBody(error: unknown): unknown {
  if (!(error instanceof Error) || !('responseBody' in error)) return undefined;
  try {
    return JSON.parse(String(error.responseBody));
  } catch {
    return undefined;
  }
}

function identityOf(body: unknown): Identity {
  const identity = parseIdentity(body);
  if (!identity) throw malformed('about an identity');
  return identity;
}

/** Reads the answer to a write, which was carried out as far as its status tells. */
function written<T>(readAnswer: () => T): T {
  try {
    return readAnswer();
  } catch (error) {
    throw unknownOutcome(toHubError(error));
  }
}

function malformed(what: string): HubError {
  return new HubError('UNAVAILABLE', `IoT Hub answered ${what} with something else`);
}

function unknownOutcome({ message }: HubError): HubError {
  return new HubError('OUTCOME_UNKNOWN', message);
}
