import { badInput, RequestError } from './errors.js';
import { checkFilter } from './query/check-filter.js';
import { type DeviceFilter, moduleFiltersIn } from './query/device-filter.js';

/** What a caller may do, as `resource:action`. */
export const permissions = [
  'device:read',
  'device:reboot',
  'device:wipe',
  'device:update',
  'method:invoke',
  'message:send',
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
  'audit:read',
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

/** What these permit belongs to no device, so that only a grant without a scope gives them. */
const beyondDevices: ReadonlySet<Permission> = new Set([
  'action:read',
  'audit:read',
  'hub:read',
  'query:raw',
]);

/** The devices that a permission is held for: those of a filter, none, or, undefined, all. */
export type Scope = DeviceFilter | 'NOTHING' | undefined;

/** For which devices a caller holds a permission: those of any of the grants that give it. */
export function scopeOf({ grants }: Caller, permission: Permission): Scope {
  const given = grants.filter(({ permissions }) => permissions.has(permission));
  if (given.some(({ scope }) => scope === undefined)) return undefined;
  const scopes = given.flatMap(({ scope }) => scope ?? []);
  const [first, ...others] = scopes;
  if (!first || beyondDevices.has(permission)) return 'NOTHING';
  return others.length === 0 ? first : { or: scopes };
}

/**
 * The first door: gives what a permission is limited to, or throws RequestError FORBIDDEN where it
 * is held for no device at all. What is not granted is denied, and so is what has no rule. Whether
 * it is held for the device that is meant, DeviceAccess says.
 */
export function authorize(
  caller: Caller,
  permission: Permission | undefined,
): DeviceFilter | undefined {
  const scope = permission === undefined ? 'NOTHING' : scopeOf(caller, permission);
  if (scope !== 'NOTHING') return scope;
  throw new RequestError('FORBIDDEN', `you may not do this: it needs ${permission ?? 'a rule'}`);
}

/**
 * Throws RequestError, naming the argument, for a filter that no grant can be limited by: what its
 * twin does not tell of a device cannot be looked at each time.
 */
export function checkScope(scope: DeviceFilter, argument: string): void {
  checkFilter(scope, argument);
  if (moduleFiltersIn(scope).length === 0) return;
  throw badInput(argument, "a scope cannot rest on modules, which are not in a device's twin");
}
