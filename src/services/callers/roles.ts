import { type Grant, type Permission, permissions } from '../access.js';
import type { DeviceFilter } from '../query/device-filter.js';
import { bindClaims } from './claim-values.js';
import type { Claims } from './claims.js';

/** What a role permits, and of which devices. */
export interface Role {
  readonly permissions: ReadonlySet<Permission>;
  /** As configured: it may refer to claims. Absent: all devices, and what belongs to none. */
  readonly scope?: DeviceFilter | undefined;
}

export type Roles = Readonly<Record<string, Role>>;

const viewing = ['device:read', 'operation:read', 'action:read', 'hub:read'] as const;

/**
 * The roles that there are without any configuration. An operator does nothing that cannot be
 * undone from here, calls no method by its bare name and sends no message, for that may be any action.
 */
export const builtInRoles = {
  viewer: role(viewing),
  operator: role([
    ...viewing,
    'device:reboot',
    'device:update',
    'device:enable',
    'action:run',
    'operation:cancel',
    'operation:repeat',
    'twin:update',
  ]),
  admin: role(permissions),
} satisfies Roles;

/** What those roles grant to whom these claims are of. A role that is not there grants nothing. */
export function grantsOf(
  names: readonly string[],
  { roles, claims }: { readonly roles: Roles; readonly claims: Claims },
): readonly Grant[] {
  return names.flatMap((name): readonly Grant[] => {
    const found = Object.hasOwn(roles, name) ? roles[name] : undefined;
    if (!found) return [];
    if (!found.scope) return [{ permissions: found.permissions }];
    const scope = bindClaims(found.scope, claims);
    return scope ? [{ permissions: found.permissions, scope }] : [];
  });
}

/** The permissions that a text stands for: one, or with `*` for either part, all that are like it. */
export function permissionsLike(text: string): readonly Permission[] {
  if (text === '*') return permissions;
  const [resource, action, ...rest] = text.split(':');
  if (rest.length > 0) return [];
  return permissions.filter((permission) => {
    const [its, does] = permission.split(':');
    return (resource === '*' || resource === its) && (action === '*' || action === does);
  });
}

function role(granted: readonly Permission[]): Role {
  return { permissions: new Set(granted) };
}
