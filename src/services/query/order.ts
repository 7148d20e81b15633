import type { Twin } from '../hub/twin.js';
import { type JsonValue, valueAt } from '../json.js';
import { lastRebootOf } from '../last-reboot.js';
import { isComparable } from './check-filter.js';
import type { Comparable, PropertyRef } from './device-filter.js';

/** What devices are sorted by, and which way. Those without it come last either way. */
export interface DeviceOrder {
  readonly by: 'DEVICE_ID' | 'LAST_ACTIVITY' | 'LAST_REBOOT' | PropertyRef;
  readonly direction: 'ASC' | 'DESC';
}

/** What a device is sorted by; null: it has none. */
export type SortKey = Comparable | null;

/** Where a device stands in a list that is sorted. */
export interface SortPosition {
  readonly key: SortKey;
  readonly hub: string;
  readonly deviceId: string;
}

/** What the order finds in a device. Times are milliseconds. */
export function sortKeyOf(
  twin: Twin,
  { by }: DeviceOrder,
  rebootPaths: readonly (readonly string[])[],
): SortKey {
  switch (by) {
    case 'DEVICE_ID':
      return twin.deviceId;
    case 'LAST_ACTIVITY':
      return twin.lastActivityTime?.getTime() ?? null;
    case 'LAST_REBOOT':
      return lastRebootOf(twin, rebootPaths)?.at.getTime() ?? null;
    default: {
      const value = propertyOf(twin, by);
      return isComparable(value) ? value : null;
    }
  }
}

/** The value of a property, or undefined where the device has none. */
export function propertyOf(twin: Twin, { section, path }: PropertyRef): JsonValue | undefined {
  const documents = {
    TAG: twin.tags,
    DESIRED: twin.desired.values,
    REPORTED: twin.reported.values,
  };
  return valueAt(documents[section], path);
}

/**
 * Compares by key, and, where keys are the same, by id and by hub: so no two devices are in the
 * same place.
 * Booleans come before numbers before strings; none at all comes last in either direction.
 */
export function comparePositions(
  a: SortPosition,
  b: SortPosition,
  direction: DeviceOrder['direction'],
): number {
  if (a.key === null || b.key === null) {
    return Number(a.key === null) - Number(b.key === null) || compareNames(a, b);
  }
  const order = compareKeys(a.key, b.key);
  return (direction === 'ASC' ? order : -order) || compareNames(a, b);
}

function compareNames(a: SortPosition, b: SortPosition): number {
  return compareTexts(a.deviceId, b.deviceId) || compareTexts(a.hub, b.hub);
}

const typeOrder = ['boolean', 'number', 'string'];

function compareKeys(a: Comparable, b: Comparable): number {
  if (typeof a !== typeof b) return typeOrder.indexOf(typeof a) - typeOrder.indexOf(typeof b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
