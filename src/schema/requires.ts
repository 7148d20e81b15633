import { Extensions } from 'type-graphql';
import type { Permission } from '../services/access.js';

/**
 * A permission; `inherited` for types that are as open as the field that gives them, and for what is
 * open to whoever is let in.
 */
export type Rule = Permission | 'inherited';

/** What is kept in the extensions of a type or field. */
export interface AccessRule {
  readonly permission: Rule;
}

/**
 * What a field needs. On a type: what all its fields need, unless one says otherwise.
 * A schema in which any field is without is refused at start-up.
 */
export function Requires(permission: Rule): ReturnType<typeof Extensions> {
  return Extensions({ permission } satisfies AccessRule);
}
