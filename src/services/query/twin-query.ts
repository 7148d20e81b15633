import { LONGEST_QUERY } from './compile.js';
import { quoteValue } from './escape.js';

/** A query for the twins of some devices, which it names. */
export interface TwinQuery {
  readonly sql: string;
  readonly deviceIds: readonly string[];
}

/** Queries for the twins of all these devices, as few as name them all; each gives at most `most` rows. */
export function deviceTwinQueries(
  deviceIds: readonly string[],
  most: number,
): readonly TwinQuery[] {
  return pack(deviceIds, 'SELECT * FROM devices WHERE deviceId IN ', most);
}

/** Queries for the module twins of all these devices: as few as name them all. */
export function moduleTwinQueries(deviceIds: readonly string[]): readonly TwinQuery[] {
  return pack(deviceIds, 'SELECT * FROM devices.modules WHERE deviceId IN ');
}

function pack(
  deviceIds: readonly string[],
  select: string,
  most = Number.POSITIVE_INFINITY,
): readonly TwinQuery[] {
  const write = (ids: readonly string[]) => `${select}[${ids.map(quoteValue).join(', ')}]`;
  const packs: string[][] = [];
  let last: string[] = [];
  for (const id of deviceIds) {
    const isFull = last.length === most || write([...last, id]).length > LONGEST_QUERY;
    if (packs.length === 0 || isFull) {
      last = [];
      packs.push(last);
    }
    last.push(id);
  }
  return packs.map((ids) => ({ sql: write(ids), deviceIds: ids }));
}
