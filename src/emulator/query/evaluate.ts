import type {
  Arithmetic,
  ArithmeticOperator,
  Call,
  Comparison,
  Constant,
  Expression,
  Junction,
  Membership,
} from './ast.js';
import { compare, isMember } from './compare.js';
import { findFunction } from './functions.js';
import { createReader, resolvePath } from './paths.js';
import { refuse } from './query-syntax-error.js';
import type { QuerySource } from './sources.js';
import { type Evaluate, finite, type Value } from './values.js';

/** What compiling an expression depends on beside the expression. */
export interface Scope {
  readonly source: QuerySource;
  readonly lenient: boolean;
}

/** Compiles an expression to what it comes to in a row: a value, or undefined. */
export function compileExpression(expression: Expression, scope: Scope): Evaluate {
  switch (expression.kind) {
    case 'literal':
      return constant(toValue(expression.value));
    case 'path':
      return createReader(resolvePath(expression, scope.source));
    case 'call':
      return compileCall(expression, scope);
    case 'comparison':
      return compileComparison(expression, scope);
    case 'membership':
      return compileMembership(expression, scope);
    case 'arithmetic':
      return compileArithmetic(expression, scope);
    case 'and':
      return compileJunction(expression, false, scope);
    case 'or':
      return compileJunction(expression, true, scope);
    case 'not':
      return negateTruth(compileExpression(expression.operand, scope));
    case 'negate':
      return negateNumber(compileExpression(expression.operand, scope));
  }
}

function constant(value: Value): Evaluate {
  return () => value;
}

/** A constant as JSON, in which a list has no place for undefined; no comparison looks inside a list. */
function toValue(value: Constant): Value {
  return isList(value) ? value.map((element) => toValue(element) ?? null) : value;
}

function isList(value: Constant): value is readonly Constant[] {
  return Array.isArray(value);
}

function compileComparison({ operator, left, right }: Comparison, scope: Scope): Evaluate {
  const evaluateLeft = compileExpression(left, scope);
  const evaluateRight = compileExpression(right, scope);
  return (row) => compare(operator, evaluateLeft(row), evaluateRight(row));
}

function compileMembership({ negated, operand, list }: Membership, scope: Scope): Evaluate {
  const evaluate = compileExpression(operand, scope);
  const elements = list.map(toValue);
  const member: Evaluate = (row) => isMember(evaluate(row), elements);
  return negated ? negateTruth(member) : member;
}

/**
 * AND and OR over true, false and undefined: the decisive value (false for AND, true for OR) wins wherever it stands,
 * else one undefined makes all undefined. What is not Boolean counts as undefined.
 */
function compileJunction({ operands }: Junction, decisive: boolean, scope: Scope): Evaluate {
  const evaluators = operands.map((operand) => compileExpression(operand, scope));
  return (row) => {
    let result: Value = !decisive;
    for (const evaluate of evaluators) {
      const value = evaluate(row);
      if (value === decisive) return decisive;
      if (value !== !decisive) result = undefined;
    }
    return result;
  };
}

function negateTruth(evaluate: Evaluate): Evaluate {
  return (row) => {
    const value = evaluate(row);
    return typeof value === 'boolean' ? !value : undefined;
  };
}

function negateNumber(evaluate: Evaluate): Evaluate {
  return (row) => {
    const value = evaluate(row);
    return typeof value === 'number' ? -value : undefined;
  };
}

function compileArithmetic({ first, rest }: Arithmetic, scope: Scope): Evaluate {
  const evaluateFirst = compileExpression(first, scope);
  const steps = rest.map(({ operator, operand }) => ({
    operator,
    evaluate: compileExpression(operand, scope),
  }));
  return (row) => {
    let result = evaluateFirst(row);
    for (const { operator, evaluate } of steps) {
      result = calculate(operator, result, evaluate(row));
      if (result === undefined) return undefined;
    }
    return result;
  };
}

function calculate(operator: ArithmeticOperator, left: Value, right: Value): Value {
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  switch (operator) {
    case '+':
      return finite(left + right);
    case '-':
      return finite(left - right);
    case '*':
      return finite(left * right);
    case '/':
      return finite(left / right);
    case '%':
      return finite(left % right);
  }
}

function compileCall(call: Call, scope: Scope): Evaluate {
  if (call.name.toUpperCase() === 'IS_DEFINED') return compileIsDefined(call, scope);
  const found = findFunction(call.name, scope.lenient);
  if (found === undefined) {
    return refuse(call.start, `expected a function of twin queries, found '${call.name}'`);
  }
  const [least, most] = found.operands;
  if (call.operands.length < least || call.operands.length > most) {
    refuse(
      call.start,
      `expected ${call.name} with ${least} operands, found ${call.operands.length}`,
    );
  }
  const operands = call.operands.map((operand) => compileExpression(operand, scope));
  return (row) => found.apply(operands.map((operand) => operand(row)));
}

/** True also for null: the property is there. */
function compileIsDefined({ operands, start }: Call, scope: Scope): Evaluate {
  const [path] = operands;
  if (path?.kind !== 'path' || operands.length !== 1) {
    return refuse(start, 'expected IS_DEFINED with one property path');
  }
  const read = createReader(resolvePath(path, scope.source));
  return (row) => read(row) !== undefined;
}
