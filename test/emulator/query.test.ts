import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/emulator/json.js';
import {
  compileCondition,
  compileQuery,
  QuerySyntaxError,
} from '../../src/emulator/query/index.js';

const pump: JsonObject = { deviceId: 'pump-1', status: 'enabled', tags: { site: 'muc', floor: 2 } };
const valve: JsonObject = { deviceId: 'valve-1', status: 'disabled', tags: { site: 'ber' } };

describe('a query', () => {
  it('gives the very rows for SELECT *', () => {
    const query = compileQuery("SELECT * FROM devices WHERE tags.site = 'muc'");
    expect(query).toMatchObject({ source: 'devices', itemType: 'Twin' });
    expect(query.run([pump, valve])[0]).toBe(pump);
  });

  it('counts groups', () => {
    const query = compileQuery('SELECT status, COUNT() AS n FROM devices GROUP BY status');
    expect(query.run([pump, valve])).toEqual([
      { status: 'enabled', n: 1 },
      { status: 'disabled', n: 1 },
    ]);
  });

  it('is refused when a parenthesis stays open', () => {
    expect(() => compileQuery('SELECT * FROM devices WHERE (')).toThrow(QuerySyntaxError);
  });
});

describe('a condition', () => {
  it('is not satisfied by what is missing, nor is its NOT', () => {
    expect(compileCondition('tags.floor = 2')(valve)).toBe(false);
    expect(compileCondition('NOT tags.floor = 2')(valve)).toBe(false);
  });
});
