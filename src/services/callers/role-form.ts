import { z } from 'zod';
import { checkScope, type Permission } from '../access.js';
import { RequestError } from '../errors.js';
import { nameForm } from '../forms.js';
import type { DeviceFilter } from '../query/device-filter.js';
import { deviceFilterForm } from '../query/filter-form.js';
import { bindValues } from './claim-values.js';
import { builtInRoles, permissionsLike, type Role, type Roles } from './roles.js';

const permissionForm = z
  .string()
  .refine(
    (text) => permissionsLike(text).length > 0,
    'there is no such permission; expected one of docs/permissions.md, such as device:read, device:* or *',
  );

const scopeForm = deviceFilterForm.superRefine((scope, context) => {
  try {
    // Whatever the claims will be: how large it is does not depend on them.
    checkScope(
      bindValues(scope, () => ['some value']),
      'scope',
    );
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const message = error.message.replace(/^scope(\.\S+)?: /, '');
    context.addIssue({ code: 'custom', message });
  }
});

const roleForm = z
  .strictObject({
    /** A role whose permissions it has, too, within the scope of both. */
    extends: z.string().optional(),
    permissions: z.array(permissionForm, 'expected a list of permissions').default([]),
    scope: scopeForm.optional(),
  })
  .refine(
    (role) => role.extends !== undefined || role.permissions.length > 0,
    'expected permissions, or a role that it extends',
  );

type GivenRole = z.infer<typeof roleForm>;

/** The roles of the configuration file beside those built in, which they may replace. */
export const rolesForm: z.ZodType<Roles> = z
  .record(nameForm, roleForm)
  .transform((given, context): Roles => {
    const resolved: Record<string, Role> = { ...builtInRoles };
    for (const name of Object.keys(given)) {
      const role = resolve(name, given, []);
      if (typeof role === 'object') resolved[name] = role;
      else context.addIssue({ code: 'custom', path: [name, 'extends'], message: role });
    }
    return resolved;
  });

/** A role with all that it takes over, or what is wrong with whom it takes over from. */
function resolve(
  name: string,
  given: Readonly<Record<string, GivenRole>>,
  extending: readonly string[],
): Role | string {
  // A role that extends one of its own name extends the one built in.
  const own = extending.at(-1) === name || !Object.hasOwn(given, name) ? undefined : given[name];
  if (!own) {
    const builtIn = Object.hasOwn(builtInRoles, name) && builtInRoles[name as 'viewer'];
    const names = [...new Set([...Object.keys(builtInRoles), ...Object.keys(given)])];
    return builtIn || `there is no such role; expected one of ${names.join(', ')}`;
  }
  if (extending.includes(name)) return 'it extends itself, by way of others';
  const permitted = own.permissions.flatMap(permissionsLike);
  if (own.extends === undefined) return role(permitted, own.scope);
  const base = resolve(own.extends, given, [...extending, name]);
  if (typeof base === 'string') return base;
  return role([...base.permissions, ...permitted], both(base.scope, own.scope));
}

function role(permitted: readonly Permission[], scope: DeviceFilter | undefined): Role {
  return { permissions: new Set(permitted), ...(scope && { scope }) };
}

function both(a: DeviceFilter | undefined, b: DeviceFilter | undefined): DeviceFilter | undefined {
  return a && b ? { and: [a, b] } : (a ?? b);
}
