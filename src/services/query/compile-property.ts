import type { JsonValue } from '../json.js';
import { isComparable } from './check-filter.js';
import { all, any, type Condition, noRow, says, saysAtLeast, unsayable } from './condition.js';
import type { Comparable, PropertyCondition, PropertySection } from './device-filter.js';
import { quoteName, quoteValue } from './escape.js';

const roots: Readonly<Record<PropertySection, string>> = {
  TAG: 'tags',
  DESIRED: 'properties.desired',
  REPORTED: 'properties.reported',
};

/** A property as the hub's language names it. */
export function propertyName(section: PropertySection, path: readonly string[]): string {
  return [roots[section], ...path.map(quoteName)].join('.');
}

/** That a property holds a string, a number or a boolean; the hub has no words for the others. */
export function isPrimitive(property: string): Condition {
  return otherPrimitive(property, []);
}

const comparisons = [
  ['eq', '='],
  ['lt', '<'],
  ['lte', '<='],
  ['gt', '>'],
  ['gte', '>='],
] as const;

/** All that a condition says of a property. It has been checked. */
export function compileProperty(property: string, condition: PropertyCondition): Condition {
  const { ne, in: oneOf, nin, exists } = condition;
  const compared = comparisons.flatMap(([name, operator]) => {
    const value = condition[name];
    return value === undefined ? [] : [says(`${property} ${operator} ${constant(value)}`)];
  });
  return all([
    ...compared,
    ...(ne === undefined ? [] : [absentOrOther(property, [ne])]),
    ...(oneOf === undefined ? [] : [says(`${property} IN ${list(oneOf)}`)]),
    ...(nin === undefined ? [] : [absentOrOther(property, nin)]),
    ...(exists === undefined ? [] : [isDefined(property, exists)]),
  ]);
}

/**
 * That a condition does not hold of a property. Objects and lists are in the complement of every
 * comparison, and the hub cannot find them: unless it is known that the property never holds one
 * (`plain`), the hub lets through too much.
 */
export function compileNegatedProperty(
  property: string,
  condition: PropertyCondition,
  plain: boolean,
): Condition {
  const { eq, ne, in: oneOf, nin, exists } = condition;
  const given = <T>(value: T | undefined, negate: (value: T) => Condition) =>
    value === undefined ? [] : [negate(value)];
  const excluded = (values: readonly JsonValue[]) =>
    plain ? absentOrOther(property, values) : unsayable;
  const among = (values: readonly JsonValue[]) =>
    plain ? says(`${property} IN ${list(values)}`) : saysAtLeast(`IS_DEFINED(${property})`);
  const beyond = (operator: string) => (value: JsonValue) =>
    plain ? outside(property, operator, value) : unsayable;
  return any([
    ...given(eq, (value) => excluded([value])),
    ...given(oneOf, excluded),
    ...given(ne, (value) => among([value])),
    ...given(nin, among),
    ...given(condition.lt, beyond('>=')),
    ...given(condition.lte, beyond('>')),
    ...given(condition.gt, beyond('<=')),
    ...given(condition.gte, beyond('<')),
    ...given(exists, (value) => isDefined(property, !value)),
  ]);
}

function isDefined(property: string, defined: boolean): Condition {
  return says(`${defined ? '' : 'NOT '}IS_DEFINED(${property})`);
}

function absentOrOther(property: string, values: readonly JsonValue[]): Condition {
  return any([isDefined(property, false), otherPrimitive(property, values)]);
}

/** On the other side of a bound, or nothing that compares with it. */
function outside(property: string, operator: string, bound: JsonValue): Condition {
  const others = types.filter((type) => type.name !== typeof bound);
  return any([
    isDefined(property, false),
    says(`${property} ${operator} ${constant(bound)}`),
    ...others.map((type) => type.isOther(property, [])),
  ]);
}

/** A string, a number or a boolean that is none of these. */
function otherPrimitive(property: string, values: readonly JsonValue[]): Condition {
  return any(
    types.map(({ name, isOther }) =>
      isOther(
        property,
        values.filter((value) => typeof value === name),
      ),
    ),
  );
}

interface PrimitiveType {
  readonly name: 'string' | 'number' | 'boolean';
  /** Of this type, and none of these values of it. The hub compares like with like only. */
  readonly isOther: (property: string, values: readonly JsonValue[]) => Condition;
}

const types: readonly PrimitiveType[] = [
  {
    name: 'string',
    isOther: (property, values) =>
      values.length === 0 ? says(`${property} >= ''`) : isNone(property, values),
  },
  {
    name: 'number',
    isOther: (property, values) =>
      values.length === 0
        ? any([says(`${property} < 0`), says(`${property} >= 0`)])
        : isNone(property, values),
  },
  {
    name: 'boolean',
    isOther(property, values) {
      const others = [true, false].filter((value) => !values.includes(value));
      return others.length === 0 ? noRow : says(`${property} IN ${list(others)}`);
    },
  },
];

function isNone(property: string, values: readonly JsonValue[]): Condition {
  const [only] = values;
  return values.length === 1 && only !== undefined
    ? says(`${property} != ${constant(only)}`)
    : says(`${property} NIN ${list(values)}`);
}

function list(values: readonly JsonValue[]): string {
  return `[${values.map(constant).join(', ')}]`;
}

function constant(value: JsonValue): string {
  return quoteValue(comparable(value));
}

function comparable(value: JsonValue): Comparable {
  if (isComparable(value)) return value;
  throw new TypeError('a filter is checked before it is compiled');
}
