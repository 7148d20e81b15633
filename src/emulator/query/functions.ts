import { isJsonObject } from '../json.js';
import { order } from './compare.js';
import { finite, type Value } from './values.js';

/** A function of the language. Missing or mistyped operands give undefined unless it says otherwise. */
export interface QueryFunction {
  readonly operands: readonly [least: number, most: number];
  readonly apply: (operands: readonly Value[]) => Value;
}

/**
 * Functions that twin queries were seen to take (protocol §4.3); IS_DEFINED, which wants a path rather than a value,
 * is the evaluator's.
 */
const STRICT: Readonly<Record<string, QueryFunction>> = {
  STARTSWITH: onTexts((text, start) => text.startsWith(start)),
  ARRAY_CONTAINS: { operands: [2, 2], apply: ([list, wanted]) => arrayContains(list, wanted) },
};

/** Functions documented for message routes only; Azure refuses them in twin queries (protocol §9 row 4). */
const LENIENT: Readonly<Record<string, QueryFunction>> = {
  STARTS_WITH: onTexts((text, start) => text.startsWith(start)),
  ENDS_WITH: onTexts((text, end) => text.endsWith(end)),
  ENDSWITH: onTexts((text, end) => text.endsWith(end)),
  CONTAINS: onTexts((text, part) => text.includes(part)),
  INDEX_OF: onTexts((text, part) => text.indexOf(part)),
  CONCAT: { operands: [2, Number.POSITIVE_INFINITY], apply: concat },
  LENGTH: onText((text) => text.length),
  LOWER: onText((text) => text.toLowerCase()),
  UPPER: onText((text) => text.toUpperCase()),
  SUBSTRING: { operands: [2, 3], apply: substring },
  ABS: onNumber(Math.abs),
  CEILING: onNumber(Math.ceil),
  EXP: onNumber(Math.exp),
  FLOOR: onNumber(Math.floor),
  SIGN: onNumber(Math.sign),
  SQRT: onNumber(Math.sqrt),
  SQUARE: onNumber((x) => x * x),
  POWER: { operands: [2, 2], apply: ([base, exponent]) => power(base, exponent) },
  AS_NUMBER: { operands: [1, 1], apply: ([value]) => asNumber(value) },
  IS_ARRAY: isA(Array.isArray),
  IS_BOOL: isA((value) => typeof value === 'boolean'),
  IS_NULL: isA((value) => value === null),
  IS_NUMBER: isA((value) => typeof value === 'number'),
  IS_OBJECT: isA(isJsonObject),
  IS_PRIMITIVE: isA((value) => order(value, value) !== undefined),
  IS_STRING: isA((value) => typeof value === 'string'),
};

/** The function of that name, in any letter case, if the mode knows it. */
export function findFunction(name: string, lenient: boolean): QueryFunction | undefined {
  const key = name.toUpperCase();
  if (Object.hasOwn(STRICT, key)) return STRICT[key];
  return lenient && Object.hasOwn(LENIENT, key) ? LENIENT[key] : undefined;
}

function onText(apply: (text: string) => Value): QueryFunction {
  return {
    operands: [1, 1],
    apply: ([text]) => (typeof text === 'string' ? apply(text) : undefined),
  };
}

function onTexts(apply: (text: string, other: string) => Value): QueryFunction {
  return {
    operands: [2, 2],
    apply: ([text, other]) =>
      typeof text === 'string' && typeof other === 'string' ? apply(text, other) : undefined,
  };
}

function onNumber(apply: (number: number) => number): QueryFunction {
  return {
    operands: [1, 1],
    apply: ([number]) => (typeof number === 'number' ? finite(apply(number)) : undefined),
  };
}

/** A question about a value's type, which a missing value answers with no. */
function isA(test: (value: Value) => boolean): QueryFunction {
  return { operands: [1, 1], apply: ([value]) => test(value) };
}

function arrayContains(list: Value, wanted: Value): Value {
  if (!Array.isArray(list) || wanted === undefined) return undefined;
  return list.some((element) => order(element, wanted) === 0);
}

function concat(texts: readonly Value[]): Value {
  return texts.every((text) => typeof text === 'string') ? texts.join('') : undefined;
}

/** The third operand is a length: so says the description, whatever the heading calls it. */
function substring([text, start, length]: readonly Value[]): Value {
  if (typeof text !== 'string' || !isOffset(start)) return undefined;
  if (length === undefined) return text.slice(start);
  return isOffset(length) ? text.slice(start, start + length) : undefined;
}

function isOffset(value: Value): value is number {
  return Number.isInteger(value) && typeof value === 'number' && value >= 0;
}

function power(base: Value, exponent: Value): Value {
  if (typeof base !== 'number' || typeof exponent !== 'number') return undefined;
  return finite(base ** exponent);
}

function asNumber(value: Value): Value {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return finite(Number(value));
}
