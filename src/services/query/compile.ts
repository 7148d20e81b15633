import { badInput } from '../errors.js';
import { isJsonObject, type JsonValue } from '../json.js';
import type {
  Comparable,
  DateTimeCondition,
  DeviceFilter,
  PropertyCondition,
  StringCondition,
} from './device-filter.js';
import { quoteName, quoteValue } from './escape.js';

/** A query in the hub's language. */
export interface DeviceQuery {
  readonly text: string;
}

/** The hub takes no longer ones. */
const LONGEST_QUERY = 8192;

/**
 * The hub's query for a filter. Its rows are checked again by `matchesFilter`: times are compared
 * as text here and may let too much through, never too little.
 * Throws RequestError BAD_USER_INPUT naming the condition that cannot be expressed.
 */
export function compileDeviceQuery(
  filter: DeviceFilter | undefined,
  rebootPaths: readonly (readonly string[])[],
): DeviceQuery {
  const conditions = compileFilter(filter ?? {}, rebootPaths);
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  const text = `SELECT * FROM devices${where}`;
  if (text.length > LONGEST_QUERY) {
    throw badInput(
      'where',
      `the filter is too long for IoT Hub: ${text.length} characters, expected at most ${LONGEST_QUERY}`,
    );
  }
  return { text };
}

function compileFilter(
  filter: DeviceFilter,
  rebootPaths: readonly (readonly string[])[],
): readonly string[] {
  return [
    ...compileDeviceId(filter.deviceId),
    ...(filter.status ? [`status = ${quoteValue(filter.status.toLowerCase())}`] : []),
    ...(filter.connectionState
      ? [`connectionState = ${quoteValue(hubConnectionState[filter.connectionState])}`]
      : []),
    ...compileProperties('tags', 'tags', filter.tags),
    ...compileProperties('desired', 'properties.desired', filter.desired),
    ...compileProperties('reported', 'properties.reported', filter.reported),
    ...compileLastReboot(filter.lastReboot, rebootPaths),
  ];
}

const hubConnectionState = { CONNECTED: 'Connected', DISCONNECTED: 'Disconnected' } as const;

function compileDeviceId(condition: StringCondition | undefined): readonly string[] {
  if (!condition) return [];
  const { eq, in: oneOf, startsWith } = condition;
  return [
    ...(eq === undefined ? [] : [`deviceId = ${quoteValue(eq)}`]),
    ...(oneOf === undefined ? [] : [`deviceId IN ${list('where.deviceId.in', oneOf)}`]),
    ...(startsWith === undefined ? [] : [`STARTSWITH(deviceId, ${quoteValue(startsWith)})`]),
  ];
}

function compileProperties(
  section: string,
  root: string,
  conditions: readonly PropertyCondition[] | undefined,
): readonly string[] {
  return (conditions ?? []).flatMap((condition, index) =>
    compileProperty(`where.${section}[${index}]`, root, condition),
  );
}

const comparisons = [
  ['eq', '='],
  ['lt', '<'],
  ['lte', '<='],
  ['gt', '>'],
  ['gte', '>='],
] as const;

function compileProperty(
  argument: string,
  root: string,
  condition: PropertyCondition,
): readonly string[] {
  const property = `${root}.${condition.path.map(quoteName).join('.')}`;
  const compiled: string[] = [];
  for (const [name, operator] of comparisons) {
    const value = condition[name];
    if (value === undefined) continue;
    compiled.push(`${property} ${operator} ${constant(`${argument}.${name}`, value)}`);
  }
  const { ne, in: oneOf, nin, exists } = condition;
  const absent = `NOT IS_DEFINED(${property})`;
  if (ne !== undefined) {
    compiled.push(`(${absent} OR ${property} != ${constant(`${argument}.ne`, ne)})`);
  }
  if (oneOf !== undefined) compiled.push(`${property} IN ${list(`${argument}.in`, oneOf)}`);
  if (nin !== undefined) {
    compiled.push(`(${absent} OR ${property} NIN ${list(`${argument}.nin`, nin)})`);
  }
  if (exists !== undefined) compiled.push(exists ? `IS_DEFINED(${property})` : absent);
  if (compiled.length === 0) {
    throw badInput(
      argument,
      'expected a condition beside the path: eq, ne, lt, lte, gt, gte, in, nin or exists',
    );
  }
  return compiled;
}

function list(argument: string, values: readonly JsonValue[]): string {
  if (values.length === 0) throw badInput(argument, 'expected at least one value');
  const constants = values.map((value, index) => constant(`${argument}[${index}]`, value));
  return `[${constants.join(', ')}]`;
}

function constant(argument: string, value: JsonValue): string {
  if (!isComparable(value)) {
    throw badInput(argument, `${describe(value)}; expected a string, a number or a boolean`);
  }
  return quoteValue(value);
}

export function isComparable(value: JsonValue | undefined): value is Comparable {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' || typeof value === 'boolean';
}

function describe(value: JsonValue): string {
  if (value === null) return 'a twin cannot hold null (use exists: false)';
  return `IoT Hub cannot compare ${isJsonObject(value) ? 'an object' : 'a list'}`;
}

/**
 * Hub times are text with zero to seven digits after the second, and text does not order those.
 * Cut at the second it does: so these bounds take in the whole second of the one asked for.
 */
function compileLastReboot(
  condition: DateTimeCondition | undefined,
  rebootPaths: readonly (readonly string[])[],
): readonly string[] {
  if (!condition) return [];
  const { lt, lte, gt, gte, exists } = condition;
  const times = rebootPaths.map(
    (path) => `properties.reported.$metadata.${path.map(quoteName).join('.')}.$lastUpdated`,
  );
  const known = any(times.map((time) => `IS_DEFINED(${time})`));
  const upper = earliest(lt, lte);
  const lower = latest(gt, gte);
  const compiled: string[] = [];
  if (lower) {
    compiled.push(any(times.map((time) => `${time} >= ${quoteValue(second(lower))}`)));
  }
  if (upper) {
    // A fraction comes before the Z, also as text.
    const bound = quoteValue(`${second(upper)}Z`);
    const before = times.map((time) => `(NOT IS_DEFINED(${time}) OR ${time} <= ${bound})`);
    compiled.push(known, ...before);
  }
  if (exists !== undefined) compiled.push(exists ? known : `NOT ${known}`);
  return compiled;
}

function any(conditions: readonly string[]): string {
  return `(${conditions.join(' OR ')})`;
}

function earliest(a: Date | undefined, b: Date | undefined): Date | undefined {
  return a && b ? (a < b ? a : b) : (a ?? b);
}

function latest(a: Date | undefined, b: Date | undefined): Date | undefined {
  return a && b ? (a > b ? a : b) : (a ?? b);
}

function second(date: Date): string {
  return date.toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
}
