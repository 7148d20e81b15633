import { randomBytes as secureRandomBytes } from 'node:crypto';
import { authorize, type Caller, type Permission } from './access.js';
import { type AccessKeys, accessKeysOf } from './access-keys.js';
import type { RandomBytes } from './authentication.js';
import { type Clock, systemClock } from './clock.js';
import type { Device, DeviceService } from './device.js';
import type { DeviceAccess } from './device-access.js';
import { type DeviceRef, deviceKey } from './device-id.js';
import { badInput, RequestError } from './errors.js';
import { parseEtag } from './etag.js';
import { HubError, type HubErrorCode } from './hub/hub.js';
import { type Identity, parseIdentity, settingsOf } from './hub/identity.js';
import type { DeviceWrite, DeviceWriteFailure } from './hub/registry.js';
import type { Hubs } from './hubs.js';
import { checkReason, type DeviceStatusChange, withStatus } from './identity.js';
import { inTurns } from './in-turns.js';
import { firstTwinOf, type NewDevice, newDeviceSettings } from './new-device.js';
import { toRequestError } from './request-failure.js';

/** Of the codes of errors, those that tell of one device. */
export type ChangeFailureCode =
  | 'DEVICE_NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'ETAG_MISMATCH'
  | 'LIMIT_REACHED'
  | 'BAD_USER_INPUT'
  | 'HUB_THROTTLED'
  | 'HUB_UNAUTHORIZED'
  | 'HUB_UNAVAILABLE'
  | 'OUTCOME_UNKNOWN';

/** Why one device of many was not changed. */
export interface ChangeFailure {
  readonly code: ChangeFailureCode;
  readonly message: string;
  /** The same may well succeed later. */
  readonly retryable: boolean;
}

/** What became of one device of many. */
export interface DeviceResult {
  readonly hub: string;
  readonly deviceId: string;
  /** Null where it was not changed, or is no more. */
  readonly device: Device | null;
  /** Of a new device. */
  readonly accessKeys: AccessKeys | null;
  readonly failure: ChangeFailure | null;
}

export interface BulkResult {
  readonly results: readonly DeviceResult[];
  readonly succeeded: number;
  readonly failed: number;
}

export interface BulkServiceOptions {
  readonly hubs: Hubs;
  readonly access: DeviceAccess;
  readonly devices: DeviceService;
  readonly clock?: Clock;
  readonly randomBytes?: RandomBytes;
}

/** The most devices of one request. */
const MOST = 1000;
/** How long the devices of one request wait for their turns in the budget (ms). */
const PATIENCE = 60_000;
/** Identities that are read at the same time. */
const AT_ONCE = 10;

/** A write that is ready to be sent, or why it cannot be. */
interface Prepared {
  readonly ref: DeviceRef;
  readonly write?: DeviceWrite | undefined;
  readonly accessKeys?: AccessKeys | null;
  readonly failure?: ChangeFailure;
}

/**
 * Changes many devices with as few requests as the hub allows. What is wrong with the request is an
 * error, before anything is sent; what becomes of each device is data.
 */
export class BulkService {
  readonly #options: Required<BulkServiceOptions>;

  constructor(options: BulkServiceOptions) {
    this.#options = { clock: systemClock, randomBytes: secureRandomBytes, ...options };
  }

  create(caller: Caller, devices: readonly NewDevice[]): Promise<BulkResult> {
    const refs = this.#parseAll(caller, 'device:create', 'devices', devices);
    const prepared = devices.map((device, index) =>
      this.#prepareNew(caller, refs[index] as DeviceRef, device, `devices[${index}].`),
    );
    return this.#carryOut(caller, async () => prepared);
  }

  /** As create, for one: what goes wrong is thrown. */
  async createOne(caller: Caller, input: NewDevice): Promise<DeviceResult & { device: Device }> {
    const ref = this.#options.hubs.parseNew(input.deviceId, input.hub);
    authorize(caller, 'device:create');
    const prepared = this.#prepareNew(caller, ref, input, '');
    const { results } = await this.#carryOut(caller, async () => [prepared]);
    const [result] = results;
    if (result?.failure) throw new RequestError(result.failure.code, result.failure.message);
    if (!result?.device) throw new TypeError('a device without a result');
    return { ...result, device: result.device };
  }

  delete(
    caller: Caller,
    devices: readonly { readonly deviceId: string; readonly ifMatch?: string | undefined }[],
  ): Promise<BulkResult> {
    const refs = this.#parseAll(caller, 'device:delete', 'devices', devices);
    const prepared = devices.map(({ ifMatch }, index): Prepared => {
      const ref = refs[index] as DeviceRef;
      if (ifMatch === undefined) return { ref, write: { deviceId: ref.deviceId, mode: 'Delete' } };
      const etag = parseEtag(ifMatch, `devices[${index}].ifMatch`);
      return { ref, write: { deviceId: ref.deviceId, mode: 'DeleteIfMatchETag', etag } };
    });
    return this.#carryOut(caller, (signal) =>
      inTurns(prepared, AT_ONCE, ({ ref, write }) =>
        this.#prepare(ref, async () => {
          await this.#check(caller, 'device:delete', ref, signal);
          return write;
        }),
      ),
    );
  }

  /**
   * Enables or disables. An update replaces the whole identity, keys included, so each is read
   * first and written back under its ETag.
   */
  setStatus(
    caller: Caller,
    deviceIds: readonly string[],
    change: DeviceStatusChange,
  ): Promise<BulkResult> {
    checkReason(change.reason);
    const named = deviceIds.map((deviceId) => ({ deviceId }));
    const refs = this.#parseAll(caller, 'device:enable', 'deviceIds', named);
    return this.#carryOut(caller, (signal) =>
      inTurns(refs, AT_ONCE, (ref) =>
        this.#prepare(ref, async () => {
          await this.#check(caller, 'device:enable', ref, signal);
          return this.#statusWrite(ref, change, signal);
        }),
      ),
    );
  }

  /** The devices that are named, each once; throws RequestError naming the argument. */
  #parseAll(
    caller: Caller,
    permission: Permission,
    argument: string,
    devices: readonly { readonly deviceId: string; readonly hub?: string | undefined }[],
  ): readonly DeviceRef[] {
    authorize(caller, permission);
    if (devices.length === 0 || devices.length > MOST) {
      throw badInput(argument, `${devices.length}; expected 1 to ${MOST}`);
    }
    const seen = new Map<string, string>();
    const { hubs } = this.#options;
    return devices.map(({ deviceId, hub }, index) => {
      const bare = argument === 'deviceIds';
      const place = bare ? `[${index}]` : `[${index}].deviceId`;
      const ref = bare
        ? hubs.parseId(deviceId, argument + place)
        : hubs.parseNew(deviceId, hub, `${argument}[${index}].`);
      const first = seen.get(deviceKey(ref));
      if (first !== undefined) throw badInput(argument + place, `the same device as ${first}`);
      seen.set(deviceKey(ref), argument + place);
      return ref;
    });
  }

  #prepareNew(caller: Caller, ref: DeviceRef, device: NewDevice, place: string): Prepared {
    const { hubs, access, randomBytes } = this.#options;
    const { deviceId } = ref;
    const settings = newDeviceSettings(device, place, randomBytes);
    const identity = parseIdentity({ ...settings, deviceId }) as Identity;
    const twin = firstTwinOf(deviceId, settings);
    if (!access.permits(caller, ['device:create', 'device:read'], ref.hub, twin)) {
      throw new RequestError(
        'FORBIDDEN',
        `${place}deviceId: you may not create this device, as it would be outside of your scope`,
        `${place}deviceId`,
      );
    }
    return {
      ref,
      write: { deviceId, mode: 'create', settings },
      accessKeys: accessKeysOf(identity, hubs.of(ref).registry.hostname),
    };
  }

  async #check(
    caller: Caller,
    permission: Permission,
    ref: DeviceRef,
    signal: AbortSignal,
  ): Promise<void> {
    const turn = { urgency: 'ACTIVE', signal } as const;
    await this.#options.access.checkAtHub(caller, [permission, 'device:read'], ref, turn);
  }

  /** The write for a device, if one is needed; what the hub fails with keeps back no other. */
  async #prepare(ref: DeviceRef, write: () => Promise<DeviceWrite | undefined>): Promise<Prepared> {
    try {
      return { ref, write: await write() };
    } catch (error) {
      if (error instanceof HubError) return { ref, failure: toFailure(error) };
      throw error;
    }
  }

  async #statusWrite(
    ref: DeviceRef,
    change: DeviceStatusChange,
    signal: AbortSignal,
  ): Promise<DeviceWrite | undefined> {
    const { deviceId } = ref;
    const turn = { urgency: 'ACTIVE', signal } as const;
    const { registry } = this.#options.hubs.of(ref);
    const identity = await registry.readIdentity({ deviceId }, turn);
    const changed = withStatus(identity, change);
    if (changed === identity) return undefined;
    const settings = settingsOf(changed);
    return { deviceId, mode: 'UpdateIfMatchETag', etag: changed.etag, settings };
  }

  async #carryOut(
    caller: Caller,
    prepare: (signal: AbortSignal) => Promise<readonly Prepared[]>,
  ): Promise<BulkResult> {
    const { clock, devices } = this.#options;
    const patience = new AbortController();
    const cancel = clock.after(PATIENCE, () =>
      patience.abort(new HubError('THROTTLED', 'the budget left it no turn in time')),
    );
    try {
      const prepared = await prepare(patience.signal);
      const failures = await this.#write(prepared, patience.signal);
      const results = prepared.map(({ ref, write, accessKeys = null, failure }): DeviceResult => {
        const { hub, deviceId } = ref;
        const refused = failures.get(deviceKey(ref));
        const failed =
          failure ?? (refused && toFailure(new HubError(refused.code, refused.message)));
        if (failed) return { hub, deviceId, device: null, accessKeys: null, failure: failed };
        const gone = write?.mode.startsWith('Delete') === true;
        // Many are read at once: each waits for its turn, and none is refused for coming late.
        const device = gone ? null : devices.current(caller, ref, 'ACTIVE');
        return { hub, deviceId, device, accessKeys, failure: null };
      });
      const failed = results.filter(({ failure }) => failure !== null).length;
      return { results, succeeded: results.length - failed, failed };
    } finally {
      cancel();
    }
  }

  /** What failed, by device. Each hub takes its own at its own pace. */
  async #write(
    prepared: readonly Prepared[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, DeviceWriteFailure>> {
    const failures = new Map<string, DeviceWriteFailure>();
    await Promise.all(
      this.#options.hubs.all.map(async ({ name: hub, registry }) => {
        const writes = prepared.flatMap(({ ref, write }) =>
          ref.hub === hub && write ? [write] : [],
        );
        if (writes.length === 0) return;
        for (const [deviceId, failure] of await registry.writeDevices(writes, signal)) {
          failures.set(deviceKey({ hub, deviceId }), failure);
        }
      }),
    );
    return failures;
  }
}

function toFailure(error: HubError): ChangeFailure {
  const code = failureCode(error.code);
  const retryable = code === 'HUB_THROTTLED' || code === 'HUB_UNAVAILABLE';
  return { code, message: toRequestError(error).message, retryable };
}

function failureCode(code: HubErrorCode): ChangeFailureCode {
  switch (code) {
    case 'DEVICE_NOT_FOUND':
    case 'MODULE_NOT_FOUND':
      return 'DEVICE_NOT_FOUND';
    case 'ALREADY_EXISTS':
    case 'OUTCOME_UNKNOWN':
      return code;
    case 'PRECONDITION_FAILED':
      return 'ETAG_MISMATCH';
    case 'TOO_MANY':
      return 'LIMIT_REACHED';
    case 'INVALID':
      return 'BAD_USER_INPUT';
    case 'THROTTLED':
    case 'QUOTA_EXCEEDED':
      return 'HUB_THROTTLED';
    case 'UNAUTHORIZED':
      return 'HUB_UNAUTHORIZED';
    case 'UNAVAILABLE':
      return 'HUB_UNAVAILABLE';
  }
}
