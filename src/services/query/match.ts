import type { Twin } from '../hub/twin.js';
import { type JsonValue, valueAt } from '../json.js';
import { lastRebootOf } from '../last-reboot.js';
import { isComparable } from './check-filter.js';
import { isHub } from './choose-hubs.js';
import type { FilterTerms } from './compile.js';
import type {
  DateTimeCondition,
  DeviceFilter,
  PropertyCondition,
  StringCondition,
} from './device-filter.js';

/**
 * Whether a twin is what a filter asks for. The hub's rows pass through here once more: the hub has
 * no words for some conditions, and the newest reading that is shown in place of a stale row may
 * not match.
 */
export function matchesFilter(twin: Twin, filter: DeviceFilter, terms: FilterTerms): boolean {
  const { and = [], or, not, hub, deviceId, status, connectionState, modules } = filter;
  const matches = (part: DeviceFilter) => matchesFilter(twin, part, terms);
  return (
    and.every(matches) &&
    (!or || or.some(matches)) &&
    !(not && matches(not)) &&
    (!hub || isHub(terms.hub, hub)) &&
    (!deviceId || matchesText(twin.deviceId, deviceId)) &&
    (!status || twin.status === status.toLowerCase()) &&
    (!connectionState || twin.connectionState.toUpperCase() === connectionState) &&
    matchesTime(twin.lastActivityTime, filter.lastActivity) &&
    matchesAll(twin.tags, filter.tags) &&
    matchesAll(twin.desired.values, filter.desired) &&
    matchesAll(twin.reported.values, filter.reported) &&
    (!filter.lastReboot ||
      matchesTime(lastRebootOf(twin, terms.rebootPaths)?.at ?? null, filter.lastReboot)) &&
    (!modules || terms.withModule(modules).has(twin.deviceId))
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
  const isNone = (bounds: readonly JsonValue[]) =>
    value === undefined ||
    (isComparable(value) && bounds.every((bound) => compare(value, bound) !== 0));
  return (
    (eq === undefined || order(eq) === 0) &&
    (ne === undefined || isNone([ne])) &&
    (lt === undefined || isWithin(order(lt), (o) => o < 0)) &&
    (lte === undefined || isWithin(order(lte), (o) => o <= 0)) &&
    (gt === undefined || isWithin(order(gt), (o) => o > 0)) &&
    (gte === undefined || isWithin(order(gte), (o) => o >= 0)) &&
    (oneOf === undefined || oneOf.some((one) => order(one) === 0)) &&
    (nin === undefined || isNone(nin)) &&
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

function isWithin(order: number | undefined, holds: (order: number) => boolean): boolean {
  return order !== undefined && holds(order);
}

function matchesTime(time: Date | null, condition: DateTimeCondition | undefined): boolean {
  if (!condition) return true;
  const { lt, lte, gt, gte, exists } = condition;
  if (exists !== undefined && (time !== null) !== exists) return false;
  if (!lt && !lte && !gt && !gte) return true;
  if (time === null) return false;
  return (!lt || time < lt) && (!lte || time <= lte) && (!gt || time > gt) && (!gte || time >= gte);
}
