import { randomBytes as secureRandomBytes } from 'node:crypto';
import type { Caller } from './access.js';
import { type AccessKeys, accessKeysOf } from './access-keys.js';
import {
  type AuthenticationChoice,
  parseAuthentication,
  type RandomBytes,
} from './authentication.js';
import { batched } from './batch.js';
import type { DeviceService } from './device.js';
import type { DeviceAccess } from './device-access.js';
import { type DeviceRef, formatModuleId, type ModuleRef, parseModuleId } from './device-id.js';
import { driftOf, type PropertyDrift } from './drift.js';
import { badInput, RequestError } from './errors.js';
import { asRequest, etagMismatch, parseEtag } from './etag.js';
import { HubError } from './hub/hub.js';
import { formatAuthentication } from './hub/identity.js';
import type { AuthenticationType, TwinReading, TwinSource } from './hub/twin.js';
import type { Hubs, ServedHub } from './hubs.js';
import type { JsonObject } from './json.js';
import { LazyReading, type MaybePromise } from './lazy-reading.js';
import { LARGEST_PAGE } from './query/hub-queries.js';
import { moduleTwinQueries } from './query/twin-query.js';
import { toRequestError } from './request-failure.js';
import { type PropertyKeys, propertiesOf, type TwinProperty } from './twin-properties.js';

/** A module of a device: an identity and a twin of its own. Read only when more than its name is asked for. */
export class Module implements ModuleRef {
  readonly id: string;
  readonly hub: string;
  readonly deviceId: string;
  readonly moduleId: string;
  readonly #reading: LazyReading;

  constructor(ref: ModuleRef, reading: TwinReading | (() => Promise<TwinReading>)) {
    this.id = formatModuleId(ref);
    this.hub = ref.hub;
    this.deviceId = ref.deviceId;
    this.moduleId = ref.moduleId;
    this.#reading = new LazyReading(reading);
  }

  get authenticationType(): MaybePromise<AuthenticationType> {
    return this.#reading.fromTwin((twin) => twin.authenticationType);
  }
  get connectionState(): MaybePromise<'CONNECTED' | 'DISCONNECTED'> {
    return this.#reading.fromTwin(({ connectionState }) =>
      connectionState === 'Connected' ? 'CONNECTED' : 'DISCONNECTED',
    );
  }
  get lastActivityAt(): MaybePromise<Date | null> {
    return this.#reading.fromTwin((twin) => twin.lastActivityTime);
  }
  get tags(): MaybePromise<JsonObject> {
    return this.#reading.fromTwin((twin) => twin.tags);
  }
  get desired(): MaybePromise<JsonObject> {
    return this.#reading.fromTwin((twin) => twin.desired.values);
  }
  get reported(): MaybePromise<JsonObject> {
    return this.#reading.fromTwin((twin) => twin.reported.values);
  }
  get etag(): MaybePromise<string> {
    return this.#reading.fromTwin((twin) => twin.etag);
  }
  get identityEtag(): MaybePromise<string> {
    return this.#reading.fromTwin((twin) => twin.deviceEtag);
  }
  get version(): MaybePromise<number> {
    return this.#reading.fromTwin((twin) => twin.version);
  }
  get observedAt(): MaybePromise<Date> {
    return this.#reading.from((reading) => new Date(reading.observedAt));
  }
  get source(): MaybePromise<TwinSource> {
    return this.#reading.from((reading) => reading.source);
  }

  /** See propertiesOf. */
  desiredProperties(paths?: readonly PropertyKeys[]): MaybePromise<readonly TwinProperty[]> {
    return this.#reading.fromTwin((twin) => propertiesOf(twin.desired, paths));
  }

  /** See propertiesOf. */
  reportedProperties(paths?: readonly PropertyKeys[]): MaybePromise<readonly TwinProperty[]> {
    return this.#reading.fromTwin((twin) => propertiesOf(twin.reported, paths));
  }

  /** See driftOf. */
  drift(paths?: readonly PropertyKeys[]): MaybePromise<readonly PropertyDrift[]> {
    return this.#reading.fromTwin((twin) => driftOf(twin, paths));
  }
}

export interface NewModule {
  readonly deviceId: string;
  readonly moduleId: string;
  readonly authentication?: AuthenticationChoice | undefined;
  readonly managedBy?: string | undefined;
}

export interface CreatedModule {
  readonly module: Module;
  readonly accessKeys: AccessKeys | null;
}

export interface ModuleServiceOptions {
  readonly hubs: Hubs;
  readonly access: DeviceAccess;
  readonly devices: DeviceService;
  readonly randomBytes?: RandomBytes;
}

/** Lists, creates and deletes the modules of devices. Every door checks what the caller may. */
export class ModuleService {
  readonly #options: Required<ModuleServiceOptions>;
  readonly #loads: ReadonlyMap<
    string,
    (deviceId: string) => Promise<readonly Module[] | Error | undefined>
  >;

  constructor(options: ModuleServiceOptions) {
    this.#options = { randomBytes: secureRandomBytes, ...options };
    this.#loads = new Map(
      options.hubs.all.map((served) => [
        served.name,
        batched((deviceIds) => this.#listAll(served, deviceIds)),
      ]),
    );
  }

  /**
   * The modules of a device. Of one device the registry is asked, of several at once the query
   * index, which lags behind: their modules cost one query together.
   */
  async list(caller: Caller, device: DeviceRef): Promise<readonly Module[]> {
    const { access, hubs } = this.#options;
    await access.check(caller, ['device:read'], device, { consistency: 'FAST' });
    const { name } = hubs.of(device);
    const modules = (await this.#loads.get(name)?.(device.deviceId)) ?? [];
    if (modules instanceof Error) throw modules;
    return modules;
  }

  /** The module, or null where the hub knows none. */
  async get(caller: Caller, deviceId: string, moduleId: string): Promise<Module | null> {
    const ref = this.parseRef(deviceId, moduleId);
    try {
      await this.#options.access.check(caller, ['device:read'], ref);
      const { registry } = this.#options.hubs.of(ref);
      return this.of(ref, await asRequest(registry.readModuleTwin(ref)));
    } catch (error) {
      if (error instanceof RequestError && error.code === 'DEVICE_NOT_FOUND') return null;
      throw error;
    }
  }

  /** Reads the two ids of a module; throws RequestError naming the argument. */
  parseRef(deviceId: string, moduleId: string): ModuleRef {
    const device = this.#options.devices.parseId(deviceId, 'deviceId');
    return { ...device, moduleId: parseModuleId(moduleId, 'moduleId') };
  }

  of(ref: ModuleRef, reading: TwinReading): Module {
    return new Module(ref, reading);
  }

  /** A module by reference, read anew when more than its name is asked for. */
  current(ref: ModuleRef): Module {
    const { registry } = this.#options.hubs.of(ref);
    return new Module(ref, () =>
      registry.readModuleTwin(ref).catch((error: Error) => {
        throw moduleFailure(ref, error);
      }),
    );
  }

  async create(caller: Caller, input: NewModule): Promise<CreatedModule> {
    const ref = this.parseRef(input.deviceId, input.moduleId);
    if (ref.moduleId.startsWith('$')) {
      throw badInput('moduleId', 'names that start with $ are those of the Azure IoT Edge runtime');
    }
    const { hubs, access, randomBytes } = this.#options;
    const choice = input.authentication ?? {};
    const authentication = parseAuthentication(choice, 'authentication', randomBytes);
    const settings = {
      authentication: formatAuthentication(authentication),
      ...(input.managedBy !== undefined && { managedBy: input.managedBy }),
    };
    await access.check(caller, ['module:create', 'device:read'], ref);
    const { registry } = hubs.of(ref);
    const identity = await this.#explained(ref, registry.createModule(ref, settings));
    return {
      module: this.current(ref),
      accessKeys: accessKeysOf(identity, registry.hostname),
    };
  }

  /** Deletes a module with its twin; with `ifMatch` only where its identity still has that ETag. */
  async delete(
    caller: Caller,
    input: { deviceId: string; moduleId: string; ifMatch?: string | undefined },
  ): Promise<ModuleRef> {
    const ref = this.parseRef(input.deviceId, input.moduleId);
    const etag = input.ifMatch === undefined ? undefined : parseEtag(input.ifMatch, 'ifMatch');
    await this.#options.access.check(caller, ['module:delete'], ref);
    const { registry } = this.#options.hubs.of(ref);
    await this.#explained(ref, registry.deleteIdentity(ref, etag), etag);
    return ref;
  }

  /**
   * Throws DEVICE_DISABLED or DEVICE_NOT_FOUND where that is why the hub refused a request on a
   * module identity: of the modules of such a device it only says 401 (protocol §1.5).
   */
  async refuseDisabled(device: DeviceRef, error: unknown): Promise<void> {
    if (!(error instanceof HubError) || error.code !== 'UNAUTHORIZED') return;
    const { deviceId } = device;
    const { twin } = await asRequest(this.#options.hubs.of(device).hub.readTwin(deviceId));
    if (twin.status === 'enabled') return;
    throw new RequestError(
      'DEVICE_DISABLED',
      `device '${deviceId}' is disabled; IoT Hub touches its module identities only when it is enabled`,
    );
  }

  /** What a request on a module identity fails with, as a client is told. */
  async #explained<T>(ref: ModuleRef, request: Promise<T>, ifMatch?: string): Promise<T> {
    try {
      return await request;
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      await this.refuseDisabled(ref, error);
      if (ifMatch !== undefined && error.code === 'PRECONDITION_FAILED') {
        const { registry } = this.#options.hubs.of(ref);
        throw etagMismatch((await asRequest(registry.readIdentity(ref))).etag);
      }
      throw moduleFailure(ref, error);
    }
  }

  async #listAll(
    served: ServedHub,
    deviceIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Module[] | Error>> {
    const [only] = deviceIds;
    if (only === undefined || deviceIds.length > 1) return this.#queryAll(served, deviceIds);
    try {
      return new Map([[only, await this.#listOf(served, only)]]);
    } catch (error) {
      if (error instanceof RequestError && error.code === 'DEVICE_DISABLED') {
        return this.#queryAll(served, deviceIds);
      }
      return new Map([[only, error instanceof Error ? error : new Error(String(error))]]);
    }
  }

  async #listOf({ registry, hub }: ServedHub, deviceId: string): Promise<readonly Module[]> {
    try {
      const identities = await registry.listModules(deviceId);
      return identities.map(({ moduleId = '' }) =>
        this.current({ hub: hub.name, deviceId, moduleId }),
      );
    } catch (error) {
      await this.refuseDisabled({ hub: hub.name, deviceId }, error);
      throw error instanceof HubError ? toRequestError(error) : error;
    }
  }

  async #queryAll(
    { hub }: ServedHub,
    deviceIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Module[] | Error>> {
    const found = new Map<string, Module[]>(deviceIds.map((id) => [id, []]));
    for (const { sql } of moduleTwinQueries(deviceIds)) {
      let continuation: string | undefined;
      do {
        const page = await asRequest(hub.queryTwins(sql, { size: LARGEST_PAGE, continuation }));
        for (const reading of page.readings) {
          const { deviceId, moduleId } = reading.twin;
          if (moduleId === undefined) continue;
          found.get(deviceId)?.push(this.of({ hub: hub.name, deviceId, moduleId }, reading));
        }
        continuation = page.continuation;
      } while (continuation !== undefined);
    }
    return found;
  }
}

/** Of a missing module twin the hub says that the device is not there. */
export function moduleFailure({ deviceId, moduleId }: ModuleRef, error: Error): Error {
  if (error instanceof HubError && /^(DEVICE|MODULE)_NOT_FOUND$/.test(error.code)) {
    const message = `device '${deviceId}' has no module '${moduleId}', or is not there`;
    return new RequestError('MODULE_NOT_FOUND', message);
  }
  return toRequestError(error);
}
