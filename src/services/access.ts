import type { DeviceRef } from './device-id.js';
import { RequestError } from './errors.js';
import type { DeviceFilter } from './query/device-filter.js';

/** What a caller may do, as `resource:action`. */
export const permissions = [
  'device:read',
  'device:reboot',
  'device:wipe',
  'device:update',
  'method:invoke',
  'action:read',
  'action:run',
  'device:create',
  'device:delete',
  'device:enable',
  'module:create',
  'module:delete',
  'twin:update',
  'key:read',
  'key:rotate',
  'operation:read',
  'operation:cancel',
  'operation:repeat',
  'hub:read',
  'query:raw',
] as const;

export type Permission = (typeof permissions)[number];

/** What is permitted, and of which devices. */
export interface Grant {
  readonly permissions: ReadonlySet<Permission>;
  /** The devices that it is limited to; absent: all, and what belongs to no device. */
  readonly scope?: DeviceFilter | undefined;
}

/** Whoever sends a request. */
export interface Caller {
  /** Stands in `Operation.requestedBy`. */
  readonly id: string;
  /** What is granted by any of these is granted. */
  readonly grants: readonly Grant[];
}

/** The one caller while no authentication is configured: whoever reaches the loopback address. */
export const localDeveloper: Caller = {
  id: 'local-developer',
  grants: [{ permissions: new Set(permissions) }],
};

/**
 * Passes, or throws RequestError FORBIDDEN. What is not granted is denied, and so is what has no
 * rule. `device` is what a grant may be limited to.
 */
export function authorize(
  caller: Caller,
  permission: Permission | undefined,
  device?: DeviceRef,
): void {
  if (permission !== undefined && permits(caller, permission, device)) return;
  throw new RequestError('FORBIDDEN', `you may not do this: it needs ${permission ?? 'a rule'}`);
}

/** Whether a caller may; for lists, which leave out what one may not see. */
export function permits(caller: Caller, permission: Permission, _device?: DeviceRef): boolean {
  return caller.grants.some(
    (grant) => grant.scope === undefined && grant.permissions.has(permission),
  );
}
