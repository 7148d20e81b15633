import type { JsonObject } from '../json.js';
import type { Comparison, Constant, Expression, Membership } from './ast.js';
import { compileExpression, type Scope } from './evaluate.js';
import type { Evaluate, Value } from './values.js';

/** Tells whether a row satisfies a condition. */
export type Predicate = (row: JsonObject) => boolean;

/**
 * Compiles a condition. Only `true` satisfies it, so within the outermost ANDs and ORs "false" and "undefined" need no
 * telling apart: each stops at its first decisive operand, equality with a constant is one comparison, and membership
 * in a list one look-up however long the list.
 */
export function compilePredicate(expression: Expression, scope: Scope): Predicate {
  switch (expression.kind) {
    case 'and':
      return all(expression.operands.map((operand) => compilePredicate(operand, scope)));
    case 'or':
      return any(expression.operands.map((operand) => compilePredicate(operand, scope)));
    case 'comparison':
      return compileComparison(expression, scope);
    case 'membership':
      return compileMembership(expression, scope);
    default:
      return isTrue(compileExpression(expression, scope));
  }
}

function compileComparison(comparison: Comparison, scope: Scope): Predicate {
  const { operator, left, right } = comparison;
  if (right.kind === 'literal' && operator === '=') {
    return equals(compileExpression(left, scope), right.value);
  }
  if (right.kind === 'literal' && (operator === '!=' || operator === '<>')) {
    return differs(compileExpression(left, scope), right.value);
  }
  return isTrue(compileExpression(comparison, scope));
}

function compileMembership({ negated, operand, list }: Membership, scope: Scope): Predicate {
  const evaluate = compileExpression(operand, scope);
  return negated ? isNoneOf(evaluate, list) : isOneOf(evaluate, list);
}

function equals(evaluate: Evaluate, constant: Constant): Predicate {
  return isComparable(constant) ? (row) => evaluate(row) === constant : never;
}

/** Different, but of one type (protocol §4.4). There is only one null, so from null nothing differs. */
function differs(evaluate: Evaluate, constant: Constant): Predicate {
  if (!isComparable(constant) || constant === null) return never;
  const type = typeof constant;
  return (row) => {
    const value = evaluate(row);
    return value !== constant && typeof value === type;
  };
}

function isOneOf(evaluate: Evaluate, list: readonly Constant[]): Predicate {
  const elements = new Set<Value>(list.filter(isComparable));
  return (row) => elements.has(evaluate(row));
}

/** Different from each element, so also of each element's type: a list of several types excludes everything. */
function isNoneOf(evaluate: Evaluate, list: readonly Constant[]): Predicate {
  const elements = new Set<Value>(list.filter(isComparable));
  const types = new Set(list.map((constant) => typeof constant));
  const [type] = types;
  if (types.size > 1 || elements.has(null) || !list.every(isComparable)) return never;
  return (row) => {
    const value = evaluate(row);
    return typeof value === type && !elements.has(value);
  };
}

/** Lists and undefined compare with nothing. */
function isComparable(constant: Constant): constant is string | number | boolean | null {
  return constant === null || (constant !== undefined && typeof constant !== 'object');
}

function isTrue(evaluate: Evaluate): Predicate {
  return (row) => evaluate(row) === true;
}

function never(): boolean {
  return false;
}

function all(predicates: readonly Predicate[]): Predicate {
  return (row) => {
    for (const predicate of predicates) if (!predicate(row)) return false;
    return true;
  };
}

function any(predicates: readonly Predicate[]): Predicate {
  return (row) => {
    for (const predicate of predicates) if (predicate(row)) return true;
    return false;
  };
}
