import { authorize, type Caller, type Permission, type Scope, scopeOf } from './access.js';
import type { Cancel, Clock } from './clock.js';
import { type DeviceRef, deviceKey } from './device-id.js';
import { RequestError } from './errors.js';
import { asRequest } from './etag.js';
import { FAST_AGE } from './fast-reads.js';
import { HubError, type ReadOptions } from './hub/hub.js';
import type { Twin, TwinReading } from './hub/twin.js';
import type { Hubs } from './hubs.js';
import { inTurns } from './in-turns.js';
import type { FilterTerms } from './query/compile.js';
import type { DeviceFilter } from './query/device-filter.js';
import { matchesFilter } from './query/match.js';

/** How fresh a device must be: FAST spares the hub (see fastReads), FRESH is a point read. */
export type Consistency = 'FAST' | 'FRESH';

/** How the twin is read that a check may take. */
export interface CheckOptions extends ReadOptions {
  /**
   * Default: FRESH, for what changes a device, does something to it or shows its keys. FAST, for
   * what shows no more than a list does.
   */
  readonly consistency?: Consistency;
}

export interface DeviceAccessOptions {
  readonly hubs: Hubs;
  /** Where devices of any convention report their last reboot. */
  readonly rebootPaths: readonly (readonly string[])[];
  readonly clock: Clock;
}

/** Devices of one question that are read at the same time. */
const AT_ONCE = 10;

/**
 * Decides which devices a caller may do what to, and reads devices for callers. Where all that is
 * asked for is granted without a scope it knows at once; else it looks at the twin. A device
 * outside is one that is not there: the same error, for the same price. So what the gateway
 * remembers may let somebody in, but only the hub's word, asked for now, keeps somebody out.
 */
export class DeviceAccess {
  readonly #options: DeviceAccessOptions;

  constructor(options: DeviceAccessOptions) {
    this.#options = options;
  }

  /** Whether a caller may do all of this to a device of which this is the twin. */
  permits(caller: Caller, permissions: readonly Permission[], hub: string, twin: Twin): boolean {
    return this.#isWithin(scopesOf(caller, permissions), hub, twin);
  }

  /** As permits. Throws HubError DEVICE_NOT_FOUND where not. */
  require(caller: Caller, permissions: readonly Permission[], hub: string, twin: Twin): void {
    if (!this.permits(caller, permissions, hub, twin)) throw outside();
  }

  /**
   * Passes where a caller may do all of this to a device, and gives the reading that this took, if
   * it took one. Throws RequestError: FORBIDDEN where something is granted for no device,
   * DEVICE_NOT_FOUND where the device is outside, or not there, or what the hub fails with.
   */
  check(
    caller: Caller,
    permissions: readonly Permission[],
    device: DeviceRef,
    options?: CheckOptions,
  ): Promise<TwinReading | undefined> {
    return asRequest(this.checkAtHub(caller, permissions, device, options));
  }

  /** As check, for those who tell failures of the hub as data: throws HubError for them. */
  async checkAtHub(
    caller: Caller,
    permissions: readonly Permission[],
    device: DeviceRef,
    { consistency = 'FRESH', ...options }: CheckOptions = {},
  ): Promise<TwinReading | undefined> {
    const scopes = permissions.flatMap((permission) => authorize(caller, permission) ?? []);
    if (scopes.length === 0) return undefined;
    const known = consistency === 'FAST' ? this.#recent(device) : undefined;
    if (known && this.#isWithin(scopes, device.hub, known.twin)) return known;
    const reading = await this.#options.hubs.of(device).hub.readTwin(device.deviceId, options);
    if (this.#isWithin(scopes, device.hub, reading.twin)) return reading;
    throw outside();
  }

  /** The twin of a device that a caller may read. Throws RequestError, as check does. */
  async read(
    caller: Caller,
    device: DeviceRef,
    options: CheckOptions & { readonly consistency: Consistency },
  ): Promise<TwinReading> {
    const { consistency, ...rest } = options;
    if (consistency === 'FAST') {
      const fast = await this.#readFast(caller, device);
      if (fast) return fast;
    }
    const checked = await this.check(caller, ['device:read'], device, rest);
    return checked ?? asRequest(this.#options.hubs.of(device).hub.readTwin(device.deviceId, rest));
  }

  /** Undefined where what was read is too old to keep the caller out by. */
  async #readFast(caller: Caller, device: DeviceRef): Promise<TwinReading | undefined> {
    const { hubs, clock } = this.#options;
    authorize(caller, 'device:read');
    const asked = clock.now();
    const reading = await asRequest(hubs.of(device).readFast(device.deviceId));
    if (this.permits(caller, ['device:read'], device.hub, reading.twin)) return reading;
    if (reading.source !== 'POINT_READ' || reading.askedAt < asked) return undefined;
    return asRequest(Promise.reject(outside()));
  }

  /**
   * For each of some devices, whether a caller may do this to it. Who holds the permission for all
   * devices may, whether they are there or not; else it is as of FAST_AGE ago at most.
   */
  async can(
    caller: Caller,
    permission: Permission,
    devices: readonly DeviceRef[],
  ): Promise<readonly boolean[]> {
    const scope = scopeOf(caller, permission);
    if (scope === undefined || scope === 'NOTHING') return devices.map(() => scope === undefined);
    const distinct = new Map(devices.map((device) => [deviceKey(device), device]));
    const looked = await inTurns([...distinct], AT_ONCE, async ([key, device]) => {
      // Many are read at once: each waits for its turn, and none is refused for coming late.
      const check = this.check(caller, [permission], device, {
        consistency: 'FAST',
        urgency: 'ACTIVE',
      });
      return [key, await check.then(() => true, unlessNotFound)] as const;
    });
    const permitted = new Map(looked);
    return devices.map((device) => permitted.get(deviceKey(device)) === true);
  }

  /**
   * Looks at a device over and over, as long as a caller is shown something of it; tells when it is
   * outside, or is no more. Does nothing where all is granted without a scope.
   */
  follow(
    caller: Caller,
    permissions: readonly Permission[],
    device: DeviceRef,
    { interval, onLeft }: { readonly interval: number; readonly onLeft: () => void },
  ): Cancel {
    if (scopesOf(caller, permissions).length === 0) return () => {};
    const watch = this.#options.hubs.of(device).watcher.watch(device.deviceId, interval, {
      onReading: ({ twin }) => {
        if (!this.permits(caller, permissions, device.hub, twin)) onLeft();
      },
      // The hub will be back; until then nobody learns anything new from it.
      onUnreadable: () => {},
      onGone: onLeft,
    });
    return () => watch.close();
  }

  #recent(device: DeviceRef): TwinReading | undefined {
    const { hubs, clock } = this.#options;
    const known = hubs.of(device).hub.latest(device.deviceId);
    return known && clock.now() - known.observedAt <= FAST_AGE ? known : undefined;
  }

  #isWithin(scopes: readonly Limit[], hub: string, twin: Twin): boolean {
    const { rebootPaths } = this.#options;
    const terms: FilterTerms = { hub, rebootPaths, withModule: notInTwin };
    return scopes.every((scope) => scope !== 'NOTHING' && matchesFilter(twin, scope, terms));
  }
}

/** Anything but all devices. */
type Limit = Exclude<Scope, undefined>;

/** What permissions are limited to, all of it together. */
function scopesOf(caller: Caller, permissions: readonly Permission[]): readonly Limit[] {
  return permissions
    .map((permission) => scopeOf(caller, permission))
    .filter((scope): scope is DeviceFilter | 'NOTHING' => scope !== undefined);
}

function notInTwin(): never {
  throw new TypeError('a scope that rests on modules; see checkScope');
}

function outside(): HubError {
  return new HubError('DEVICE_NOT_FOUND', 'outside of the scope');
}

function unlessNotFound(error: unknown): false {
  if (error instanceof RequestError && error.code === 'DEVICE_NOT_FOUND') return false;
  throw error;
}
