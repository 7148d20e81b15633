import type { ComparisonOperator } from './ast.js';
import type { Value } from './values.js';

/** True, false, or undefined: not comparable (protocol §4.4). */
export type Truth = boolean | undefined;

/**
 * Compares two values. Only primitives of one type compare; for all others, and where either is missing, the answer is
 * undefined, which neither a condition nor its NOT accepts.
 */
export function compare(operator: ComparisonOperator, left: Value, right: Value): Truth {
  const ordering = order(left, right);
  return ordering === undefined ? undefined : holds(operator, ordering);
}

/** Negative, zero or positive, as `left` comes before, with or after `right`; text by UTF-16 unit, as .NET's ordinal. */
export function order(left: Value, right: Value): number | undefined {
  if (typeof left === 'string' && typeof right === 'string') return sign(left, right);
  if (typeof left === 'number' && typeof right === 'number') return sign(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return left === null && right === null ? 0 : undefined;
}

function sign<T extends string | number>(left: T, right: T): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function holds(operator: ComparisonOperator, ordering: number): boolean {
  switch (operator) {
    case '=':
      return ordering === 0;
    case '!=':
    case '<>':
      return ordering !== 0;
    case '<':
      return ordering < 0;
    case '<=':
      return ordering <= 0;
    case '>':
      return ordering > 0;
    case '>=':
      return ordering >= 0;
  }
}

/** `value IN list` as the disjunction of `value = element`, which fixes what a missing or mistyped value means. */
export function isMember(value: Value, list: readonly Value[]): Truth {
  let truth: Truth = false;
  for (const element of list) {
    const equal = compare('=', value, element);
    if (equal === true) return true;
    if (equal === undefined) truth = undefined;
  }
  return truth;
}
