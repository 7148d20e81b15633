import { canonicalJson, type JsonValue } from '../json.js';
import { deviceQuery } from './compile.js';
import { propertyName } from './compile-property.js';
import { all, type Condition, says } from './condition.js';
import type { PropertyRef } from './device-filter.js';
import { type HubQueries, numberIn } from './hub-queries.js';

/** What devices are counted by. */
export type DeviceGrouping = 'STATUS' | 'CONNECTION_STATE' | PropertyRef;

/** The devices that have one value in common; null is that they have none. */
export interface DeviceGroup {
  readonly value: JsonValue;
  readonly count: number;
}

/**
 * Counts by value what an exact condition lets through.
 * Throws RequestError RESULT_TOO_LARGE where there are too many different values.
 */
export async function countByValue(
  queries: HubQueries,
  condition: Condition,
  groupBy: DeviceGrouping,
): Promise<readonly DeviceGroup[]> {
  if (condition.sql === false) return [];
  return typeof groupBy === 'string'
    ? countByState(queries, condition, states[groupBy])
    : countByProperty(queries, condition, propertyName(groupBy.section, groupBy.path));
}

/** The groups of several hubs as those of one, largest first. */
export function mergeGroups(parts: readonly (readonly DeviceGroup[])[]): readonly DeviceGroup[] {
  const counts = new Map<string, DeviceGroup>();
  for (const { value, count } of parts.flat()) {
    const key = canonicalJson(value);
    counts.set(key, { value, count: (counts.get(key)?.count ?? 0) + count });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || compareValues(a.value, b.value));
}

const states = { STATUS: 'status', CONNECTION_STATE: 'connectionState' } as const;

async function countByState(
  queries: HubQueries,
  condition: Condition,
  name: string,
): Promise<readonly DeviceGroup[]> {
  const groups = await countGroups(queries, condition, name);
  return groups.map(({ value, count }) => ({ value: String(value).toUpperCase(), count }));
}

/** Whether GROUP BY counts what has no such property is not documented: so it is asked apart. */
async function countByProperty(
  queries: HubQueries,
  condition: Condition,
  property: string,
): Promise<readonly DeviceGroup[]> {
  const [groups, without] = await Promise.all([
    countGroups(queries, all([condition, says(`IS_DEFINED(${property})`)]), property),
    queries.count(all([condition, says(`NOT IS_DEFINED(${property})`)])),
  ]);
  return without > 0 ? [...groups, { value: null, count: without }] : groups;
}

async function countGroups(
  queries: HubQueries,
  condition: Condition,
  name: string,
): Promise<readonly DeviceGroup[]> {
  const select = `${name} AS groupValue, COUNT() AS numberOfDevices`;
  const sql = deviceQuery(select, condition, { groupBy: name });
  const rows = await queries.allRows(sql, 'there are more different values');
  return rows.map((row) => ({
    value: row['groupValue'] ?? null,
    count: numberIn(row, 'numberOfDevices'),
  }));
}

function compareValues(a: JsonValue, b: JsonValue): number {
  return canonicalJson(a) < canonicalJson(b) ? -1 : 1;
}
