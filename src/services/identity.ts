import { randomBytes as secureRandomBytes } from 'node:crypto';
import type { Caller } from './access.js';
import { type AccessKeys, accessKeysOf } from './access-keys.js';
import { createKey, createKeys, type RandomBytes } from './authentication.js';
import type { Device, DeviceService } from './device.js';
import type { DeviceAccess } from './device-access.js';
import { type DeviceRef, parseModuleId } from './device-id.js';
import { badInput, RequestError } from './errors.js';
import { asRequest, changeGuarded, etagMismatch, parseEtag } from './etag.js';
import { HubError } from './hub/hub.js';
import {
  changeIdentity,
  formatAuthentication,
  type Identity,
  type SymmetricKeys,
} from './hub/identity.js';
import type { IdentityName } from './hub/registry.js';
import type { Hubs } from './hubs.js';
import { type Module, type ModuleService, moduleFailure } from './module.js';

/** Which keys a rotation makes anew; SWAP exchanges them and makes none. */
export type KeyRotation = 'PRIMARY' | 'SECONDARY' | 'BOTH' | 'SWAP';

/** What a device is set to, and why. */
export interface DeviceStatusChange {
  readonly status: 'ENABLED' | 'DISABLED';
  readonly reason: string | null;
}

export interface RotatedKeys {
  readonly device: Device;
  readonly module: Module | null;
  readonly accessKeys: AccessKeys | null;
}

export interface IdentityServiceOptions {
  readonly hubs: Hubs;
  readonly access: DeviceAccess;
  readonly devices: DeviceService;
  readonly modules: ModuleService;
  readonly randomBytes?: RandomBytes;
}

const LONGEST_REASON = 128;

/** Changes the identities of single devices, and shows keys to those who may see them. */
export class IdentityService {
  readonly #options: Required<IdentityServiceOptions>;

  constructor(options: IdentityServiceOptions) {
    this.#options = { randomBytes: secureRandomBytes, ...options };
  }

  /** The keys of a device or module; null where it has none. */
  async accessKeys(
    caller: Caller,
    { hub, ...name }: DeviceRef & IdentityName,
  ): Promise<AccessKeys | null> {
    const { access, hubs } = this.#options;
    await access.check(caller, ['key:read'], { hub, ...name });
    const { registry } = hubs.of({ hub });
    return accessKeysOf(
      await this.#explained({ hub, ...name }, registry.readIdentity(name)),
      registry.hostname,
    );
  }

  /** Lets a device connect, or keeps it from it. */
  async setStatus(
    caller: Caller,
    input: { readonly deviceId: string; readonly ifMatch?: string | undefined },
    change: DeviceStatusChange,
  ): Promise<Device> {
    const { devices, access } = this.#options;
    const device = devices.parseId(input.deviceId, 'deviceId');
    checkReason(change.reason);
    await access.check(caller, ['device:enable', 'device:read'], device);
    await this.#change(device, input.ifMatch, (identity) => withStatus(identity, change));
    return devices.current(caller, device);
  }

  /** Deletes a device with its twin and modules. */
  async delete(
    caller: Caller,
    input: { readonly deviceId: string; readonly ifMatch?: string | undefined },
  ): Promise<DeviceRef> {
    const { devices, access, hubs } = this.#options;
    const device = devices.parseId(input.deviceId, 'deviceId');
    const etag = input.ifMatch === undefined ? undefined : parseEtag(input.ifMatch, 'ifMatch');
    await access.check(caller, ['device:delete'], device);
    const { registry } = hubs.of(device);
    const name = { deviceId: device.deviceId };
    try {
      await registry.deleteIdentity(name, etag);
    } catch (error) {
      const stale = error instanceof HubError && error.code === 'PRECONDITION_FAILED';
      if (stale && etag !== undefined) {
        throw etagMismatch((await asRequest(registry.readIdentity(name))).etag);
      }
      await asRequest(Promise.reject(error));
    }
    return device;
  }

  /** Gives a device or module new keys, or swaps the two that it has. */
  async rotateKeys(
    caller: Caller,
    input: {
      readonly deviceId: string;
      readonly moduleId?: string | undefined;
      readonly keys: KeyRotation;
      readonly ifMatch?: string | undefined;
    },
  ): Promise<RotatedKeys> {
    const { devices, modules, access, hubs, randomBytes } = this.#options;
    const device = devices.parseId(input.deviceId, 'deviceId');
    const moduleId =
      input.moduleId === undefined ? undefined : parseModuleId(input.moduleId, 'moduleId');
    await access.check(caller, ['key:rotate', 'device:read'], device);
    const identity = await this.#change({ ...device, moduleId }, input.ifMatch, (known) => {
      if (known.keys === null) throw withoutKeys(known);
      const keys = rotated(known.keys, input.keys, randomBytes);
      return changeIdentity(known, { authentication: formatAuthentication({ type: 'SAS', keys }) });
    });
    return {
      device: devices.current(caller, device),
      module: moduleId === undefined ? null : modules.current({ ...device, moduleId }),
      accessKeys: accessKeysOf(identity, hubs.of(device).registry.hostname),
    };
  }

  /** Reads, changes and writes an identity, as long as nobody else did in between. */
  #change(
    { hub, ...name }: DeviceRef & IdentityName,
    ifMatch: string | undefined,
    change: (identity: Identity) => Identity,
  ): Promise<Identity> {
    const { registry } = this.#options.hubs.of({ hub });
    const guard = ifMatch === undefined ? undefined : parseEtag(ifMatch, 'ifMatch');
    const changed = changeGuarded(
      {
        read: () => registry.readIdentity(name),
        etagOf: (identity: Identity) => identity.etag,
        change: (identity) => {
          const next = change(identity);
          return next === identity ? Promise.resolve(identity) : registry.updateIdentity(next);
        },
      },
      guard,
    );
    return this.#explained({ hub, ...name }, changed);
  }

  async #explained<T>(
    { hub, deviceId, moduleId }: DeviceRef & IdentityName,
    request: Promise<T>,
  ): Promise<T> {
    if (moduleId === undefined) return asRequest(request);
    const module = { hub, deviceId, moduleId };
    try {
      return await request;
    } catch (error) {
      await this.#options.modules.refuseDisabled(module, error);
      throw error instanceof Error ? moduleFailure(module, error) : error;
    }
  }
}

/** The identity with this status; the same one where it has it already. */
export function withStatus(identity: Identity, { status, reason }: DeviceStatusChange): Identity {
  const word = status === 'ENABLED' ? 'enabled' : 'disabled';
  if (identity.status === word && identity.statusReason === reason) return identity;
  return changeIdentity(identity, { status: word, statusReason: reason });
}

/** Throws RequestError for a reason that no hub takes. */
export function checkReason(reason: string | null, argument = 'reason'): void {
  if (reason === null || (reason.length > 0 && reason.length <= LONGEST_REASON)) return;
  throw badInput(argument, `${reason.length} characters; expected 1 to ${LONGEST_REASON}`);
}

function rotated(
  { primaryKey, secondaryKey }: SymmetricKeys,
  rotation: KeyRotation,
  randomBytes: RandomBytes,
): SymmetricKeys {
  switch (rotation) {
    case 'PRIMARY':
      return { primaryKey: createKey(randomBytes), secondaryKey };
    case 'SECONDARY':
      return { primaryKey, secondaryKey: createKey(randomBytes) };
    case 'BOTH':
      return createKeys(randomBytes);
    case 'SWAP':
      return { primaryKey: secondaryKey, secondaryKey: primaryKey };
  }
}

function withoutKeys({ authenticationType }: Identity): RequestError {
  return new RequestError(
    'NO_KEYS',
    `it has no symmetric keys: it proves itself by ${authenticationType}`,
  );
}
