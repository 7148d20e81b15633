import { describe, expect, it } from 'vitest';
import { driftOf } from '../../src/services/drift.js';
import { parseTwin } from '../../src/services/hub/twin.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/services/json.js';
import { twinJson } from './support/twins.js';

const desiredAt = '2026-03-09T06:00:00.1234567Z';
const reportedAt = '2026-03-09T05:00:00Z';

/** `$metadata` as the hub keeps it: of every key, none within lists. */
function stamped(value: JsonValue, at: string): JsonObject {
  const inner = isJsonObject(value) ? Object.entries(value) : [];
  return {
    $lastUpdated: at,
    ...Object.fromEntries(inner.map(([key, each]) => [key, stamped(each, at)])),
  };
}

function drift(desired: JsonObject, reported: JsonObject, paths?: string[]) {
  const section = (values: JsonObject, at: string) => ({
    ...values,
    $metadata: stamped(values, at),
    $version: 2,
  });
  const properties = {
    desired: section(desired, desiredAt),
    reported: section(reported, reportedAt),
  };
  const twin = parseTwin({ ...twinJson(), properties });
  if (!twin) throw new TypeError('not a twin');
  return driftOf(
    twin,
    paths?.map((path) => path.split('.')),
  );
}

const acknowledged = (value: JsonValue, ac = 200) => ({ value, ac, av: 2, ad: 'why' });

describe('drift of what is reported from what is desired', () => {
  it('is told with both values and since when', () => {
    expect(drift({ interval: 60 }, { interval: 30 })).toEqual([
      {
        path: 'interval',
        kind: 'DIFFERENT',
        desired: 60,
        reported: 30,
        desiredUpdatedAt: new Date('2026-03-09T06:00:00.123Z'),
        reportedUpdatedAt: new Date('2026-03-09T05:00:00Z'),
      },
    ]);
  });

  it('is told where nothing is reported', () => {
    expect(drift({ a: { b: 1 } }, { a: 5 })).toEqual([
      {
        path: 'a.b',
        kind: 'MISSING',
        desired: 1,
        reported: null,
        desiredUpdatedAt: new Date('2026-03-09T06:00:00.123Z'),
        reportedUpdatedAt: null,
      },
    ]);
  });

  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['equal values', { a: 1, b: { c: 'x' } }, { b: { c: 'x' }, a: 1 }, []],
    ['objects, leaf by leaf', { a: { b: 1, c: 2, d: 3 } }, { a: { b: 1, c: 9 } }, ['a.c', 'a.d']],
    ['lists, whole', { a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, ['a']],
    ['equal lists', { a: [1, { b: 2, c: 3 }] }, { a: [1, { c: 3, b: 2 }] }, []],
    ['lists in another order', { a: [1, 2] }, { a: [2, 1] }, ['a']],
    ['values of another type', { a: 1, b: true }, { a: '1', b: 'true' }, ['a', 'b']],
    ['an object where a value is desired', { a: 1 }, { a: { b: 1 } }, ['a']],
    ['what is reported without being desired', {}, { a: 1 }, []],
    ['an object without keys, which asks for nothing', { a: {} }, {}, []],
    ['names that JavaScript has of its own', { constructor: 1 }, {}, ['constructor']],
  ])('looks at %s', (_name, desired, reported, expected) => {
    expect(drift(desired, reported).map(({ path }) => path)).toEqual(expected);
  });

  describe('by the convention of IoT Plug and Play', () => {
    it.each<[string, JsonObject, JsonObject, JsonValue[]]>([
      ['the value that is acknowledged', { a: 21 }, { a: acknowledged(21) }, []],
      ['another value than that', { a: 21 }, { a: acknowledged(19, 400) }, [acknowledged(19, 400)]],
      ['an acknowledged list', { a: [1, 2] }, { a: acknowledged([1, 2]) }, []],
      [
        'what is in an acknowledged object',
        { a: { b: 1, c: 2 } },
        { a: acknowledged({ b: 1, c: 3 }) },
        [3],
      ],
      [
        'what is in a component',
        { thermostat: { __t: 'c', target: 21 } },
        { thermostat: { __t: 'c', target: acknowledged(21) } },
        [],
      ],
      [
        'an object that is desired to look like that',
        { a: acknowledged(1) },
        { a: acknowledged(1) },
        [],
      ],
      ['a value with no status', { a: 1 }, { a: { value: 1, av: 2 } }, [{ value: 1, av: 2 }]],
    ])('takes %s', (_name, desired, reported, expected) => {
      expect(drift(desired, reported).map((each) => each.reported)).toEqual(expected);
    });

    it('is as old as the acknowledgement', () => {
      expect(drift({ a: { b: 1 } }, { a: acknowledged({ b: 2 }) })).toMatchObject([
        { path: 'a.b', kind: 'DIFFERENT', reportedUpdatedAt: new Date(reportedAt) },
      ]);
    });
  });

  it.each([
    [['a'], ['a.b', 'a.c']],
    [
      ['a.c', 'd'],
      ['a.c', 'd'],
    ],
    [['a.b.x', 'e', 'constructor'], []],
    [[], []],
  ])('of the paths %j alone', (paths, expected) => {
    const found = drift({ a: { b: 1, c: 2 }, ab: 3, d: [4] }, {}, paths);
    expect(found.map(({ path }) => path)).toEqual(expected);
  });
});
