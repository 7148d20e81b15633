import { Extensions } from 'type-graphql';
import type { Permission } from '../services/access.js';

/** What is kept in the extensions of a type or field. */
export interface AccessRule {
  readonly permission: Permission;
}

/**
 * The permission that a field needs. On a type: that all its fields need, unless one says otherwise.
 * A schema in which any field is without is refused at start-up.
 */
export function Requires(permission: Permission): ReturnType<typeof Extensions> {
  return Extensions({ permission } satisfies AccessRule);
}
