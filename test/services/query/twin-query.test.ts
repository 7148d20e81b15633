import { describe, expect, it } from 'vitest';
import { LONGEST_QUERY } from '../../../src/services/query/compile.js';
import { deviceTwinQueries, moduleTwinQueries } from '../../../src/services/query/twin-query.js';

const ids = (count: number, length: number) =>
  Array.from({ length: count }, (_, index) => `${index}`.padStart(length, '-'));

describe('a query for the twins of some devices', () => {
  it('names them', () => {
    expect(deviceTwinQueries(['pump-1', "o'neil"], 100)).toEqual([
      {
        sql: "SELECT * FROM devices WHERE deviceId IN ['pump-1', 'o\\'neil']",
        deviceIds: ['pump-1', "o'neil"],
      },
    ]);
    expect(moduleTwinQueries(['pump-1']).map(({ sql }) => sql)).toEqual([
      "SELECT * FROM devices.modules WHERE deviceId IN ['pump-1']",
    ]);
  });

  it('is none where there are none', () => {
    expect(deviceTwinQueries([], 100)).toEqual([]);
  });

  it.each([
    ['of as many as a page holds', 100, 10, [100]],
    ['of more', 101, 10, [100, 1]],
    ['of much more', 250, 10, [100, 100, 50]],
    ['of the longest ids', 100, 128, [61, 39]],
  ])('%s: %i ids of %i characters', (_name, count, length, sizes) => {
    const all = ids(count, length);
    const queries = deviceTwinQueries(all, 100);

    expect(queries.map(({ deviceIds }) => deviceIds.length)).toEqual(sizes);
    expect(queries.flatMap(({ deviceIds }) => deviceIds)).toEqual(all);
    expect(Math.max(...queries.map(({ sql }) => sql.length))).toBeLessThanOrEqual(LONGEST_QUERY);
  });

  it('of modules has no end but its length: a device has many', () => {
    expect(moduleTwinQueries(ids(250, 10)).map(({ deviceIds }) => deviceIds.length)).toEqual([250]);
  });
});
