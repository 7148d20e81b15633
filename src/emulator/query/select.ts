import { type Accumulator, findAggregate, firstValue } from './aggregate.js';
import type { Aggregate, Path, Projection, Query } from './ast.js';
import { createReader, resolvePath } from './paths.js';
import { refuse } from './query-syntax-error.js';
import type { QuerySource } from './sources.js';
import type { Evaluate } from './values.js';

/** What a query makes of the rows that its condition lets through. */
export type Selection =
  | { readonly kind: 'all' }
  | { readonly kind: 'projected'; readonly columns: readonly Column[] }
  | {
      readonly kind: 'grouped';
      readonly columns: readonly GroupColumn[];
      readonly keys: readonly Evaluate[];
    };

/** One member of a result: its name and where its value comes from. */
export interface Column {
  readonly name: string;
  readonly read: Evaluate;
}

/** A column of a grouped query: an aggregate of what it reads, or what the whole group has in common. */
export interface GroupColumn extends Column {
  readonly createAccumulator: () => Accumulator;
}

type Names = readonly string[];

/** Checks the SELECT and GROUP BY clauses against what the hub takes, and makes them ready to run. */
export function compileSelection(query: Query, source: QuerySource): Selection {
  if (source === 'devices.jobs') checkJobQuery(query);
  const { projections, groupBy } = query;
  if (projections === '*') {
    if (groupBy.length > 0) refuse(query.selectStart, 'expected named columns beside GROUP BY');
    return { kind: 'all' };
  }
  checkNames(projections, query.selectStart);
  if (groupBy.length === 0 && projections.every(({ value }) => value.kind === 'path')) {
    return { kind: 'projected', columns: projections.map((it) => createColumn(it, source)) };
  }
  const groupPaths = groupBy.map((path) => resolvePath(path, source));
  return {
    kind: 'grouped',
    columns: projections.map((it) => createGroupColumn(it, groupPaths, source)),
    keys: groupPaths.map(createReader),
  };
}

/** D:iot-hub-devguide-query-language: of jobs, nothing but `SELECT *`, ungrouped. */
function checkJobQuery({ projections, top, groupBy, selectStart }: Query): void {
  if (projections !== '*' || top !== undefined || groupBy.length > 0) {
    refuse(selectStart, 'expected SELECT * without TOP or GROUP BY, as devices.jobs demands');
  }
}

/** Two columns of one name would silently lose one of them. */
function checkNames(projections: readonly Projection[], start: number): void {
  const seen = new Set<string>();
  for (const name of projections.map(columnName)) {
    if (seen.has(name)) refuse(start, `expected an alias, for there are two columns '${name}'`);
    seen.add(name);
  }
}

/** Protocol §9 rows 5 and 6: without an alias, the last part of the path as typed, or the aggregate's name. */
function columnName({ value, alias }: Projection): string {
  if (alias !== undefined) return alias;
  return value.kind === 'path' ? (value.names.at(-1) ?? '') : value.name.toLowerCase();
}

function createColumn(projection: Projection, source: QuerySource): Column {
  const { value } = projection;
  const path = value.kind === 'path' ? value : value.argument;
  const read: Evaluate =
    path === undefined ? () => undefined : createReader(resolvePath(path, source));
  return { name: columnName(projection), read };
}

function createGroupColumn(
  projection: Projection,
  groupPaths: readonly Names[],
  source: QuerySource,
): GroupColumn {
  const { value } = projection;
  if (value.kind === 'path') checkIsGrouped(value, groupPaths, source);
  const createAccumulator = value.kind === 'path' ? firstValue : aggregateOf(value);
  return { ...createColumn(projection, source), createAccumulator };
}

/** A property that a group does not share has no one value in it. */
function checkIsGrouped(path: Path, groupPaths: readonly Names[], source: QuerySource): void {
  const names = resolvePath(path, source);
  if (groupPaths.some((group) => isSamePath(group, names))) return;
  refuse(path.start, `expected an aggregate or a GROUP BY path, found '${path.names.join('.')}'`);
}

function isSamePath(left: Names, right: Names): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}

function aggregateOf({ name, argument, start }: Aggregate): () => Accumulator {
  const found = findAggregate(name);
  if (found === undefined) {
    return refuse(start, `expected COUNT, AVG, SUM, MIN or MAX, found '${name}'`);
  }
  const takesPath = name.toUpperCase() !== 'COUNT';
  if (takesPath !== (argument !== undefined)) {
    refuse(start, takesPath ? `expected a path in ${name}` : `expected nothing in ${name}`);
  }
  return found;
}
