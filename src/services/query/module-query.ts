import { quoteValue } from './escape.js';

/** The hub reads no longer query than this (characters). */
const LONGEST_QUERY = 8192;

/** Queries for the module twins of all these devices: as few as name them all. */
export function moduleQueries(deviceIds: readonly string[]): readonly string[] {
  const queries: string[] = [];
  let list = '';
  const write = (ids: string) => `SELECT * FROM devices.modules WHERE deviceId IN [${ids}]`;
  for (const id of deviceIds) {
    const longer = list === '' ? quoteValue(id) : `${list}, ${quoteValue(id)}`;
    if (write(longer).length > LONGEST_QUERY) {
      queries.push(write(list));
      list = quoteValue(id);
    } else list = longer;
  }
  return list === '' ? queries : [...queries, write(list)];
}
