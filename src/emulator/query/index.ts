import type { JsonObject, JsonValue } from '../json.js';
import type { Query } from './ast.js';
import type { Scope } from './evaluate.js';
import { parseCondition, parseQuery } from './parse.js';
import { compilePredicate, type Predicate } from './predicate.js';
import { refuse } from './query-syntax-error.js';
import { run } from './run.js';
import { compileSelection, type Selection } from './select.js';
import { parseSource, type QuerySource } from './sources.js';

export { QuerySyntaxError, QueryTooLongError } from './query-syntax-error.js';
export type { QuerySource } from './sources.js';

/** A query of the IoT Hub query language, ready to run over any number of row sets. */
export interface CompiledQuery {
  readonly source: QuerySource;
  /** The value of the answer's `x-ms-item-type` header (protocol §4.1). */
  readonly itemType: 'Twin' | 'Raw' | 'DeviceJob';
  /** The results, in the order of the rows; `SELECT *` gives the rows themselves, not copies. */
  run(rows: Iterable<JsonObject>): JsonValue[];
}

export interface QueryOptions {
  /**
   * Whether to take also what is documented for message routes only, which Azure refuses in twin queries: the type,
   * text and number functions, and quotes escaped by doubling (protocol §4.3, §9 row 4).
   * @default false
   */
  readonly lenient?: boolean;
}

/** Compiles a query. Throws a QuerySyntaxError when the hub would not run it. */
export function compileQuery(text: string, { lenient = false }: QueryOptions = {}): CompiledQuery {
  const query = parseQuery(text, { lenient });
  const source = requireSource(query);
  const plan = {
    where: compileWhere(query, { source, lenient }),
    selection: compileSelection(query, source),
    top: requireLimit(query),
  };
  return {
    source,
    itemType: itemTypeOf(source, plan.selection),
    run: (rows) => run(plan, rows),
  };
}

/**
 * Compiles the WHERE body of a job or a configuration; `*` matches every row. Throws a QuerySyntaxError when it is not
 * one. A body does not say whether it is about devices or modules, so paths may carry either collection's prefix.
 */
export function compileCondition(text: string, { lenient = false }: QueryOptions = {}): Predicate {
  return compilePredicate(parseCondition(text, { lenient }), {
    source: 'devices.modules',
    lenient,
  });
}

function requireSource({ source: { name, start } }: Query): QuerySource {
  return (
    parseSource(name) ??
    refuse(start, `expected devices, devices.modules or devices.jobs, found '${name}'`)
  );
}

function requireLimit({ top = Number.POSITIVE_INFINITY, selectStart }: Query): number {
  if (top === Number.POSITIVE_INFINITY || Number.isInteger(top)) return top;
  return refuse(selectStart, `expected TOP with a whole number, found ${top}`);
}

function compileWhere({ where }: Query, scope: Scope): Predicate {
  return where === undefined ? () => true : compilePredicate(where, scope);
}

function itemTypeOf(source: QuerySource, selection: Selection): CompiledQuery['itemType'] {
  if (selection.kind !== 'all') return 'Raw';
  return source === 'devices.jobs' ? 'DeviceJob' : 'Twin';
}
