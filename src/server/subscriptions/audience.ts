import type { Caller } from '../../services/access.js';

const audiences = new WeakMap<Caller, string>();

/** Equal for those who see the same: who they are, and what they may. */
export function audienceOf(caller: Caller): string {
  const known = audiences.get(caller);
  if (known !== undefined) return known;
  const audience = JSON.stringify([caller.id, [...caller.permissions].sort()]);
  audiences.set(caller, audience);
  return audience;
}
