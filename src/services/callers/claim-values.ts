import { isJsonObject, type JsonValue } from '../json.js';
import { filterLimits, isComparable } from '../query/check-filter.js';
import type { Comparable, DeviceFilter, PropertyCondition } from '../query/device-filter.js';
import { type Claims, claimAt } from './claims.js';

type ValuesOf = (claim: string) => readonly Comparable[];

/** A claim that a filter needs is not there, or is nothing that a property can be compared with. */
class MissingClaim extends Error {}

/**
 * A filter of the configuration with the claims of a caller in place of each `{ claim: name }`; in
 * a list, with all values of the claim. Undefined where a claim is missing, empty, or not one value
 * where one is expected: then it selects nothing.
 */
export function bindClaims(filter: DeviceFilter, claims: Claims): DeviceFilter | undefined {
  try {
    return bindValues(filter, (claim) => valuesOf(claimAt(claims, claim)));
  } catch (error) {
    if (error instanceof MissingClaim) return undefined;
    throw error;
  }
}

/** The same with whatever `values` gives for each claim. */
export function bindValues(filter: DeviceFilter, values: ValuesOf): DeviceFilter {
  const { and, or, not, tags, desired, reported } = filter;
  const below = (part: DeviceFilter) => bindValues(part, values);
  const bind = (condition: PropertyCondition) => bindCondition(condition, values);
  return {
    ...filter,
    ...(tags && { tags: tags.map(bind) }),
    ...(desired && { desired: desired.map(bind) }),
    ...(reported && { reported: reported.map(bind) }),
    ...(and && { and: and.map(below) }),
    ...(or && { or: or.map(below) }),
    ...(not && { not: below(not) }),
  };
}

function bindCondition(condition: PropertyCondition, values: ValuesOf): PropertyCondition {
  const { eq, ne, in: oneOf, nin } = condition;
  const one = (value: JsonValue): JsonValue => {
    const [first, ...others] = bindValue(value, values);
    if (first === undefined || others.length > 0) throw new MissingClaim();
    return first;
  };
  const list = (given: readonly JsonValue[]): readonly JsonValue[] => {
    const bound = given.flatMap((value) => bindValue(value, values));
    if (bound.length > filterLimits.values) throw new MissingClaim();
    return bound;
  };
  return {
    ...condition,
    ...(eq !== undefined && { eq: one(eq) }),
    ...(ne !== undefined && { ne: one(ne) }),
    ...(oneOf && { in: list(oneOf) }),
    ...(nin && { nin: list(nin) }),
  };
}

function bindValue(value: JsonValue, values: ValuesOf): readonly JsonValue[] {
  return isJsonObject(value) ? values(String(value['claim'])) : [value];
}

function valuesOf(claim: JsonValue | undefined): readonly Comparable[] {
  const values: readonly (JsonValue | undefined)[] = Array.isArray(claim) ? claim : [claim];
  if (values.length > 0 && values.every(isValue)) return values;
  throw new MissingClaim();
}

function isValue(value: JsonValue | undefined): value is Comparable {
  return isComparable(value) && value !== '';
}
