import type { JsonObject, JsonValue } from '../json.js';
import type { Accumulator } from './aggregate.js';
import type { Predicate } from './predicate.js';
import type { GroupColumn, Selection } from './select.js';
import type { Evaluate, Value } from './values.js';

/** A query ready to run: which rows, what of them, and how many results at most. */
export interface Plan {
  readonly where: Predicate;
  readonly selection: Selection;
  readonly top: number;
}

/** Runs a plan over rows, in their order; groups come in the order of their first rows. */
export function run({ where, selection, top }: Plan, rows: Iterable<JsonObject>): JsonValue[] {
  switch (selection.kind) {
    case 'all':
      return take(rows, where, top, (row) => row);
    case 'projected':
      return take(rows, where, top, (row) =>
        createRow(selection.columns.map(({ name, read }) => [name, read(row)])),
      );
    case 'grouped':
      return group(rows, where, selection.keys, selection.columns).slice(0, top);
  }
}

function take(
  rows: Iterable<JsonObject>,
  where: Predicate,
  top: number,
  shape: (row: JsonObject) => JsonObject,
): JsonObject[] {
  const taken: JsonObject[] = [];
  if (top === 0) return taken;
  for (const row of rows) {
    if (!where(row)) continue;
    taken.push(shape(row));
    if (taken.length === top) break;
  }
  return taken;
}

function group(
  rows: Iterable<JsonObject>,
  where: Predicate,
  keys: readonly Evaluate[],
  columns: readonly GroupColumn[],
): JsonObject[] {
  const groups = new Map<string, Accumulator[]>();
  // Without GROUP BY all rows are one group, and it is there even when no row is: COUNT() of nothing is 0.
  if (keys.length === 0) groups.set('', startGroup(columns));
  for (const row of rows) {
    if (!where(row)) continue;
    const key = keys.map((read) => groupKey(read(row))).join(',');
    let accumulators = groups.get(key);
    if (accumulators === undefined) {
      accumulators = startGroup(columns);
      groups.set(key, accumulators);
    }
    columns.forEach(({ read }, index) => {
      accumulators[index]?.add(read(row));
    });
  }
  return [...groups.values()].map((accumulators) => finishGroup(columns, accumulators));
}

function startGroup(columns: readonly GroupColumn[]): Accumulator[] {
  return columns.map(({ createAccumulator }) => createAccumulator());
}

function finishGroup(columns: readonly GroupColumn[], accumulators: Accumulator[]): JsonObject {
  return createRow(columns.map(({ name }, index) => [name, accumulators[index]?.result()]));
}

/** JSON tells all values apart, and nothing at all from each of them. */
function groupKey(value: Value): string {
  return value === undefined ? '' : JSON.stringify(value);
}

/** A result without the members that have no value; by entries, for an alias may be `__proto__`. */
function createRow(members: readonly (readonly [string, Value])[]): JsonObject {
  return Object.fromEntries(
    members.filter((member): member is [string, JsonValue] => member[1] !== undefined),
  );
}
