import type { JsonObject } from '../json.js';
import type { HubErrorCode, ReadOptions } from './hub.js';
import type { Identity } from './identity.js';
import type { TwinReading } from './twin.js';

/** Names a device, or one of its modules. */
export interface IdentityName {
  readonly deviceId: string;
  readonly moduleId?: string | undefined;
}

export interface ModuleName {
  readonly deviceId: string;
  readonly moduleId: string;
}

/**
 * What operators change: twins and identities. The second half of the port to IoT Hub.
 * Whatever throws, throws HubError. A write is sent again only while it is certain that nothing of
 * it was written; OUTCOME_UNKNOWN says that it may or may not have been carried out.
 */
export interface HubRegistry {
  /** Where devices connect to. */
  readonly hostname: string;

  /** A point read of the twin of a module. DEVICE_NOT_FOUND also where only the module is missing. */
  readModuleTwin(name: ModuleName, options?: ReadOptions): Promise<TwinReading>;

  /**
   * Merges a patch into tags and desired properties, where the twin still has this ETag, and gives
   * the twin as it then is. PRECONDITION_FAILED where it has another.
   */
  patchTwin(name: IdentityName, patch: TwinPatch, etag: string): Promise<TwinReading>;

  readIdentity(name: IdentityName, options?: ReadOptions): Promise<Identity>;

  /** The modules of a device. UNAUTHORIZED where the device is disabled or not there. */
  listModules(deviceId: string): Promise<readonly Identity[]>;

  /** ALREADY_EXISTS where there is one of that name. */
  createModule(name: ModuleName, settings: JsonObject): Promise<Identity>;

  /** Writes all of an identity, where it still has the ETag that it was read with. */
  updateIdentity(identity: Identity): Promise<Identity>;

  /** Only where it still has this ETag, if one is given. */
  deleteIdentity(name: IdentityName, etag?: string): Promise<void>;

  /**
   * Carries out many writes of device identities, in pieces that the budget takes, and gives what
   * failed. Those whose turn has not come when the signal is aborted fail with its reason, a
   * HubError. Never throws.
   */
  writeDevices(
    writes: readonly DeviceWrite[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, DeviceWriteFailure>>;
}

/** Null removes, objects merge, anything else replaces; what is left out stays. */
export interface TwinPatch {
  readonly tags?: JsonObject | undefined;
  readonly desired?: JsonObject | undefined;
}

/** One write among many, as the hub's bulk door takes it. */
export interface DeviceWrite {
  readonly deviceId: string;
  readonly mode: 'create' | 'Update' | 'UpdateIfMatchETag' | 'Delete' | 'DeleteIfMatchETag';
  readonly etag?: string | undefined;
  /** Identity settings and, with `create`, the twin to begin with. */
  readonly settings?: JsonObject | undefined;
}

export interface DeviceWriteFailure {
  readonly code: HubErrorCode;
  readonly message: string;
}
