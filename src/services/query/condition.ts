/**
 * A condition of the hub's language that lets through every row that it should, and maybe more.
 * It is never negated as a whole: to the hub a comparison with what is not there is neither true
 * nor false, and its NOT is not true either. So NOT is pushed down to where it can be said.
 */
export interface Condition {
  /** As text; or true: every row passes; or false: none does. */
  readonly sql: string | boolean;
  /** Whether it lets through no row beyond those that it should. */
  readonly exact: boolean;
  /** It is alternatives, which need parentheses among what AND joins. */
  readonly alternatives?: true;
}

export const everyRow: Condition = { sql: true, exact: true };
export const noRow: Condition = { sql: false, exact: true };
/** What the hub has no words for: it lets every row through, and the gateway looks. */
export const unsayable: Condition = { sql: true, exact: false };

export function says(sql: string): Condition {
  return { sql, exact: true };
}

/** Lets through what is meant, and maybe more. */
export function saysAtLeast(sql: string): Condition {
  return { sql, exact: false };
}

export function all(conditions: readonly Condition[]): Condition {
  if (conditions.some(({ sql }) => sql === false)) return noRow;
  const exact = conditions.every((condition) => condition.exact);
  const said = conditions.filter(({ sql }) => sql !== true);
  const [first, ...others] = said;
  if (!first) return exact ? everyRow : unsayable;
  if (others.length === 0) return { ...first, exact };
  const texts = said.map(({ sql, alternatives }) => (alternatives ? `(${sql})` : String(sql)));
  return { sql: texts.join(' AND '), exact };
}

export function any(conditions: readonly Condition[]): Condition {
  const open = conditions.filter(({ sql }) => sql === true);
  if (open.length > 0) return open.some(({ exact }) => exact) ? everyRow : unsayable;
  const said = conditions.filter(({ sql }) => sql !== false);
  const [first, ...others] = said;
  if (!first) return noRow;
  if (others.length === 0) return first;
  return {
    sql: said.map(({ sql }) => String(sql)).join(' OR '),
    exact: said.every(({ exact }) => exact),
    alternatives: true,
  };
}
