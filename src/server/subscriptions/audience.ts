import type { Caller } from '../../services/access.js';

const audiences = new WeakMap<Caller, string>();

/** Equal for those who see the same: who they are, and what they may. */
export function audienceOf(caller: Caller): string {
  const known = audiences.get(caller);
  if (known !== undefined) return known;
  const grants = caller.grants.map(({ permissions, scope }) => [[...permissions].sort(), scope]);
  const audience = JSON.stringify([caller.id, grants]);
  audiences.set(caller, audience);
  return audience;
}
