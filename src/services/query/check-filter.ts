import { badInput } from '../errors.js';
import { isJsonObject, type JsonValue } from '../json.js';
import type {
  Comparable,
  DeviceFilter,
  ModuleFilter,
  PropertyCondition,
  StringCondition,
} from './device-filter.js';

/** How large a filter may be. Beyond this no hub would take its query, or nobody would mean it. */
export const filterLimits = {
  /** Levels of `and`, `or` and `not`, the filter itself included. */
  depth: 10,
  conditions: 100,
  /** Values of one `in` or `nin`. */
  values: 500,
  /** Each takes a query of its own. */
  modules: 3,
} as const;

/**
 * Throws RequestError BAD_USER_INPUT, naming the argument, for a filter that is too large or
 * compares with what nothing can be compared with.
 */
export function checkFilter(filter: DeviceFilter, argument = 'where'): void {
  checkLevel(filter, { argument, depth: 1, seen: { conditions: 0, modules: 0 } });
}

/** The argument of the condition that is longest, to be named when a filter is too long. */
export function longestCondition(filter: DeviceFilter): string {
  const sizes = conditionSizes(filter, 'where');
  return sizes.reduce((a, b) => (b.size > a.size ? b : a), { argument: 'where', size: 0 }).argument;
}

interface ConditionSize {
  readonly argument: string;
  readonly size: number;
}

function conditionSizes(filter: DeviceFilter, argument: string): readonly ConditionSize[] {
  return Object.entries(filter).flatMap(([name, part]): readonly ConditionSize[] => {
    const at = `${argument}.${name}`;
    if (name === 'not' || name === 'modules') return conditionSizes(part, at);
    if (name === 'and' || name === 'or') {
      const parts: readonly DeviceFilter[] = part;
      return parts.flatMap((one, index) => conditionSizes(one, `${at}[${index}]`));
    }
    if (!Array.isArray(part)) return [{ argument: at, size: JSON.stringify(part).length }];
    return part.map((one, index) => ({
      argument: `${at}[${index}]`,
      size: JSON.stringify(one).length,
    }));
  });
}

interface Place {
  readonly argument: string;
  readonly depth: number;
  /** Of the whole filter so far. */
  readonly seen: { conditions: number; modules: number };
}

function checkLevel(filter: DeviceFilter, place: Place): void {
  const { argument, depth } = place;
  if (depth > filterLimits.depth) {
    throw badInput(argument, `the filter is nested deeper than ${filterLimits.depth} levels`);
  }
  const below = (part: DeviceFilter, name: string) =>
    checkLevel(part, { ...place, argument: `${argument}.${name}`, depth: depth + 1 });
  filter.and?.forEach((part, index) => {
    below(part, `and[${index}]`);
  });
  if (filter.or?.length === 0) throw badInput(`${argument}.or`, 'expected at least one filter');
  filter.or?.forEach((part, index) => {
    below(part, `or[${index}]`);
  });
  if (filter.not) below(filter.not, 'not');
  if (filter.modules) checkModules(filter.modules, { ...place, argument: `${argument}.modules` });
  checkText(filter.hub, place, 'hub');
  checkText(filter.deviceId, place, 'deviceId');
  checkProperties(filter, place);
  const others = [filter.status, filter.connectionState, filter.lastActivity, filter.lastReboot];
  count(others.filter((one) => one !== undefined).length, place);
}

function checkModules(filter: ModuleFilter, place: Place): void {
  place.seen.modules += 1;
  if (place.seen.modules > filterLimits.modules) {
    throw badInput(place.argument, `the filter asks for more than ${filterLimits.modules} modules`);
  }
  checkText(filter.moduleId, place, 'moduleId');
  checkProperties(filter, place);
  count(1, place);
}

function checkText(condition: StringCondition | undefined, place: Place, name: string): void {
  if (!condition) return;
  if (condition.in) checkList(condition.in, `${place.argument}.${name}.in`);
  count(Object.keys(condition).length, place);
}

function checkProperties(
  filter: Pick<DeviceFilter, 'tags' | 'desired' | 'reported'>,
  place: Place,
): void {
  for (const section of ['tags', 'desired', 'reported'] as const) {
    filter[section]?.forEach((condition, index) => {
      checkProperty(condition, { ...place, argument: `${place.argument}.${section}[${index}]` });
    });
  }
}

const comparisons = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const;

function checkProperty(condition: PropertyCondition, place: Place): void {
  const { argument } = place;
  const given = Object.entries(condition).filter(([, value]) => value !== undefined).length - 1;
  if (given === 0) {
    throw badInput(
      argument,
      'expected a condition beside the path: eq, ne, lt, lte, gt, gte, in, nin or exists',
    );
  }
  count(given, place);
  for (const name of comparisons) {
    const value = condition[name];
    if (value !== undefined) checkComparable(value, `${argument}.${name}`);
  }
  for (const name of ['in', 'nin'] as const) {
    const values = condition[name];
    if (!values) continue;
    checkList(values, `${argument}.${name}`);
    values.forEach((value, index) => {
      checkComparable(value, `${argument}.${name}[${index}]`);
    });
  }
}

function checkList(values: readonly unknown[], argument: string): void {
  if (values.length === 0) throw badInput(argument, 'expected at least one value');
  if (values.length > filterLimits.values) {
    throw badInput(argument, `${values.length} values; expected at most ${filterLimits.values}`);
  }
}

function count(conditions: number, { argument, seen }: Place): void {
  seen.conditions += conditions;
  if (seen.conditions <= filterLimits.conditions) return;
  throw badInput(argument, `the filter has more than ${filterLimits.conditions} conditions`);
}

function checkComparable(value: JsonValue, argument: string): void {
  if (isComparable(value)) return;
  throw badInput(argument, `${describe(value)}; expected a string, a number or a boolean`);
}

export function isComparable(value: JsonValue | undefined): value is Comparable {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' || typeof value === 'boolean';
}

function describe(value: JsonValue): string {
  if (value === null) return 'a twin cannot hold null (use exists: false)';
  if (typeof value === 'number') return 'the number is too large';
  return `IoT Hub cannot compare ${isJsonObject(value) ? 'an object' : 'a list'}`;
}
