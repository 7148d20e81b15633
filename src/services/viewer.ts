import { type Caller, type Permission, permissions, scopeOf } from './access.js';
import type { DeviceAccess } from './device-access.js';
import { badInput } from './errors.js';
import type { Hubs } from './hubs.js';

/** Who asks, and what they may. */
export interface Viewer {
  readonly id: string;
  readonly roles: readonly string[];
  /** Of at least some devices, in alphabetical order. */
  readonly permissions: readonly Permission[];
  readonly expiresAt: Date | null;
}

/** Whether a caller may do something to a device. */
export interface DevicePermission {
  /** As it was asked for. */
  readonly deviceId: string;
  readonly permitted: boolean;
}

/** More are not answered at once. */
const MOST_DEVICES = 100;

/** Tells callers what they may, so that pages offer nothing else. */
export class ViewerService {
  readonly #hubs: Hubs;
  readonly #access: DeviceAccess;

  constructor(hubs: Hubs, access: DeviceAccess) {
    this.#hubs = hubs;
    this.#access = access;
  }

  describe(caller: Caller): Viewer {
    const { id, roles = [], expiresAt = null } = caller;
    const held = permissions.filter((permission) => scopeOf(caller, permission) !== 'NOTHING');
    return { id, roles, permissions: held.sort(), expiresAt };
  }

  /** Of each device, in their order. Throws RequestError naming the argument. */
  async can(
    caller: Caller,
    permission: string,
    deviceIds: readonly string[],
  ): Promise<readonly DevicePermission[]> {
    const known = permissions.find((one) => one === permission);
    if (!known) throw badInput('permission', `expected one of ${permissions.join(', ')}`);
    if (deviceIds.length > MOST_DEVICES) {
      throw badInput('deviceIds', `${deviceIds.length}; expected at most ${MOST_DEVICES}`);
    }
    const devices = deviceIds.map((id, index) => this.#hubs.parseId(id, `deviceIds[${index}]`));
    const permitted = await this.#access.can(caller, known, devices);
    return deviceIds.map((deviceId, index) => ({ deviceId, permitted: permitted[index] ?? false }));
  }
}
