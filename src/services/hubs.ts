import type { DeviceRef } from './device-id.js';
import { parseDeviceId } from './device-id.js';
import { badInput, RequestError } from './errors.js';
import type { FastRead } from './fast-reads.js';
import type { Budget } from './hub/budget.js';
import type { HubHealth } from './hub/hub-health.js';
import type { MonotonicHub } from './hub/monotonic-hub.js';
import type { HubRegistry } from './hub/registry.js';
import type { Tier } from './hub/throttles.js';
import type { Watcher } from './watch/watcher.js';

/** How the gateway proves to a hub who it is. */
export type HubAuthentication = 'SHARED_ACCESS_KEY' | 'ENTRA_ID';

/** A hub that the gateway serves, with all that is its own. */
export interface ServedHub {
  /** Its short name. */
  readonly name: string;
  readonly authentication: HubAuthentication;
  readonly tier: Tier;
  readonly units: number;
  readonly hub: MonotonicHub;
  readonly registry: HubRegistry;
  readonly watcher: Watcher;
  readonly budget: Budget;
  readonly health: HubHealth;
  readonly readFast: FastRead;
}

/** The hubs that the gateway serves, by name. */
export class Hubs {
  /** In the order of their names, which is the order of lists. */
  readonly all: readonly ServedHub[];
  readonly #byName: ReadonlyMap<string, ServedHub>;

  constructor(hubs: readonly ServedHub[]) {
    this.all = [...hubs].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.#byName = new Map(hubs.map((hub) => [hub.name, hub]));
  }

  /**
   * The hub of a device. The journal may know devices of hubs that are served no more: throws
   * RequestError DEVICE_NOT_FOUND.
   */
  of({ hub }: Pick<DeviceRef, 'hub'>): ServedHub {
    const served = this.#byName.get(hub);
    if (served) return served;
    throw new RequestError('DEVICE_NOT_FOUND', `hub '${hub}' is not served by this gateway`);
  }

  /**
   * The name of a device that is to be: within a hub that is named, or as parseId reads it.
   * Throws RequestError naming the argument, `hub` or `deviceId`, which stands at `place`.
   */
  parseNew(deviceId: string, hub: string | undefined, place = ''): DeviceRef {
    if (hub === undefined) return this.parseId(deviceId, `${place}deviceId`);
    return parseDeviceId(deviceId, `${place}deviceId`, [this.named(hub, `${place}hub`).name]);
  }

  /** A hub by its name. Throws RequestError naming the argument. */
  named(name: string, argument: string): ServedHub {
    const served = this.#byName.get(name);
    if (served) return served;
    const names = this.all.map((hub) => hub.name).join(', ');
    throw badInput(argument, `there is no such hub here; expected one of ${names}`);
  }

  /** Reads a `Device.id`, or a bare device id of the only hub. Throws RequestError naming the argument. */
  parseId(text: string, argument: string): DeviceRef {
    return parseDeviceId(text, argument, [...this.#byName.keys()]);
  }
}
