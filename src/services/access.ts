import type { DeviceRef } from './device-id.js';
import { RequestError } from './errors.js';

/** What a caller may do, as `resource:action`. */
export const permissions = ['device:read', 'device:reboot', 'operation:read'] as const;

export type Permission = (typeof permissions)[number];

/** Whoever sends a request. */
export interface Caller {
  /** Stands in `Operation.requestedBy`. */
  readonly id: string;
  readonly permissions: ReadonlySet<Permission>;
}

/** The one caller while no authentication is configured: whoever reaches the loopback address. */
export const localDeveloper: Caller = {
  id: 'local-developer',
  permissions: new Set(permissions),
};

/**
 * Passes, or throws RequestError FORBIDDEN. What is not granted is denied, and so is what has no
 * rule. `device` is what a grant may be limited to.
 */
export function authorize(
  caller: Caller,
  permission: Permission | undefined,
  _device?: DeviceRef,
): void {
  if (permission !== undefined && caller.permissions.has(permission)) return;
  throw new RequestError('FORBIDDEN', `you may not do this: it needs ${permission ?? 'a rule'}`);
}
