import { ticksFromMilliseconds } from '../hub/hub-time.js';
import type { Twin } from '../hub/twin.js';
import { type JsonValue, valueAt } from '../json.js';
import { lastRebootOf } from '../last-reboot.js';
import { isComparable } from './compile.js';
import type {
  DateTimeCondition,
  DeviceFilter,
  PropertyCondition,
  StringCondition,
} from './device-filter.js';

/**
 * Whether a twin is what a filter asks for. The hub's rows pass through here once more: the newest
 * reading that is shown in place of a stale row may not match, and times are exact here.
 */
export function matchesFilter(
  twin: Twin,
  filter: DeviceFilter | undefined,
  rebootPaths: readonly (readonly string[])[],
): boolean {
  if (!filter) return true;
  const { deviceId, status, connectionState, tags, desired, reported, lastReboot } = filter;
  return (
    (!deviceId || matchesText(twin.deviceId, deviceId)) &&
    (!status || twin.status === status.toLowerCase()) &&
    (!connectionState || twin.connectionState.toUpperCase() === connectionState) &&
    matchesAll(twin.tags, tags) &&
    matchesAll(twin.desired.values, desired) &&
    matchesAll(twin.reported.values, reported) &&
    (!lastReboot || matchesTime(lastRebootOf(twin, rebootPaths)?.ticks, lastReboot))
  );
}

function matchesText(text: string, { eq, in: oneOf, startsWith }: StringCondition): boolean {
  return (
    (eq === undefined || text === eq) &&
    (oneOf === undefined || oneOf.includes(text)) &&
    (startsWith === undefined || text.startsWith(startsWith))
  );
}

function matchesAll(
  document: JsonValue,
  conditions: readonly PropertyCondition[] | undefined,
): boolean {
  return (conditions ?? []).every((condition) =>
    matchesProperty(valueAt(document, condition.path), condition),
  );
}

function matchesProperty(value: JsonValue | undefined, condition: PropertyCondition): boolean {
  const { eq, ne, lt, lte, gt, gte, in: oneOf, nin, exists } = condition;
  const order = (bound: JsonValue) => compare(value, bound);
  return (
    (eq === undefined || order(eq) === 0) &&
    (ne === undefined || value === undefined || isOther(order(ne))) &&
    (lt === undefined || isWithin(order(lt), (o) => o < 0)) &&
    (lte === undefined || isWithin(order(lte), (o) => o <= 0)) &&
    (gt === undefined || isWithin(order(gt), (o) => o > 0)) &&
    (gte === undefined || isWithin(order(gte), (o) => o >= 0)) &&
    (oneOf === undefined || oneOf.some((one) => order(one) === 0)) &&
    (nin === undefined || value === undefined || nin.every((one) => isOther(order(one)))) &&
    (exists === undefined || (value !== undefined) === exists)
  );
}

/** As the hub compares: like with like, text by code unit; undefined where it does not compare. */
function compare(value: JsonValue | undefined, bound: JsonValue): number | undefined {
  if (!isComparable(value) || !isComparable(bound) || typeof value !== typeof bound) {
    return undefined;
  }
  return value < bound ? -1 : value > bound ? 1 : 0;
}

function isOther(order: number | undefined): boolean {
  return order !== undefined && order !== 0;
}

function isWithin(order: number | undefined, holds: (order: number) => boolean): boolean {
  return order !== undefined && holds(order);
}

function matchesTime(
  time: bigint | undefined,
  { lt, lte, gt, gte, exists }: DateTimeCondition,
): boolean {
  if (exists !== undefined && (time !== undefined) !== exists) return false;
  if (!lt && !lte && !gt && !gte) return true;
  if (time === undefined) return false;
  const ticks = (date: Date) => ticksFromMilliseconds(date.getTime());
  return (
    (!lt || time < ticks(lt)) &&
    (!lte || time <= ticks(lte)) &&
    (!gt || time > ticks(gt)) &&
    (!gte || time >= ticks(gte))
  );
}
