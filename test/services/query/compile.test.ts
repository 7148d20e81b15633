import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../../src/emulator/query/index.js';
import { RequestError } from '../../../src/services/errors.js';
import type { JsonValue } from '../../../src/services/json.js';
import { compileDeviceQuery } from '../../../src/services/query/compile.js';
import type { DeviceFilter, PropertyCondition } from '../../../src/services/query/device-filter.js';

const rebootPaths = [['iothubDM', 'reboot', 'lastReboot'], ['rebootTime']];
const node = 'properties.reported.$metadata.iothubDM.reboot.lastReboot.$lastUpdated';
const python = 'properties.reported.$metadata.rebootTime.$lastUpdated';

/** The WHERE body of a filter, in a query that the emulator understands. */
function whereOf(filter: DeviceFilter): string {
  const { text } = compileDeviceQuery(filter, rebootPaths);
  compileQuery(text);
  return text.replace(/^SELECT \* FROM devices(?: WHERE )?/, '');
}

function tag(condition: Omit<PropertyCondition, 'path'>): DeviceFilter {
  return { tags: [{ path: ['site'], ...condition }] };
}

function refusalOf(filter: DeviceFilter): RequestError {
  try {
    compileDeviceQuery(filter, rebootPaths);
  } catch (error) {
    if (error instanceof RequestError) return error;
  }
  throw new TypeError('it was not refused');
}

describe('a filter as the hub takes it', () => {
  it.each<[DeviceFilter, string]>([
    [{}, ''],
    [{ deviceId: {} }, ''],
    [{ deviceId: { eq: 'd1' } }, "deviceId = 'd1'"],
    [{ deviceId: { in: ['d1', 'd2'] } }, "deviceId IN ['d1', 'd2']"],
    [{ deviceId: { startsWith: 'pump-' } }, "STARTSWITH(deviceId, 'pump-')"],
    [
      { deviceId: { eq: 'a', in: ['a'], startsWith: 'a' } },
      "deviceId = 'a' AND deviceId IN ['a'] AND STARTSWITH(deviceId, 'a')",
    ],
    [{ status: 'ENABLED' }, "status = 'enabled'"],
    [{ status: 'DISABLED' }, "status = 'disabled'"],
    [{ connectionState: 'CONNECTED' }, "connectionState = 'Connected'"],
    [{ connectionState: 'DISCONNECTED' }, "connectionState = 'Disconnected'"],
    [tag({ eq: 'muc' }), "tags.site = 'muc'"],
    [tag({ eq: true }), 'tags.site = true'],
    [tag({ lt: 1, gt: -1 }), 'tags.site < 1 AND tags.site > -1'],
    [tag({ lte: 1.5, gte: 0 }), 'tags.site <= 1.5 AND tags.site >= 0'],
    [tag({ ne: 'muc' }), "(NOT IS_DEFINED(tags.site) OR tags.site != 'muc')"],
    [tag({ in: ['muc', 7, false] }), "tags.site IN ['muc', 7, false]"],
    [tag({ in: [-1] }), 'tags.site IN [-1]'],
    [tag({ nin: ['muc'] }), "(NOT IS_DEFINED(tags.site) OR tags.site NIN ['muc'])"],
    [tag({ exists: true }), 'IS_DEFINED(tags.site)'],
    [tag({ exists: false }), 'NOT IS_DEFINED(tags.site)'],
    [
      { desired: [{ path: ['firmware', 'version'], eq: '1.2' }] },
      "properties.desired.firmware.version = '1.2'",
    ],
    [
      {
        reported: [
          { path: ['a'], eq: 1 },
          { path: ['b'], exists: true },
        ],
        status: 'ENABLED',
      },
      "status = 'enabled' AND properties.reported.a = 1 AND IS_DEFINED(properties.reported.b)",
    ],
  ])('%j', (filter, where) => {
    expect(whereOf(filter)).toBe(where);
  });

  it('is no condition at all where there is no filter', () => {
    expect(compileDeviceQuery(undefined, rebootPaths).text).toBe('SELECT * FROM devices');
  });
});

describe('a name', () => {
  it.each([
    ['site', 'tags.site'],
    ['_x9', 'tags._x9'],
    ['9x', 'tags.[[9x]]'],
    ['a-b', 'tags.[[a-b]]'],
    ["o'neil", "tags.[[o'neil]]"],
    ['straße', 'tags.[[straße]]'],
    ['a"b', 'tags.[[a"b]]'],
    ['a[b', 'tags.[[a[b]]'],
    ['a]b', 'tags.[[a]b]]'],
    ['select', 'tags.[[select]]'],
    ['Group', 'tags.[[Group]]'],
    ['NIN', 'tags.[[NIN]]'],
    ['undefined', 'tags.[[undefined]]'],
    ['grouped', 'tags.grouped'],
    ['order', 'tags.order'],
  ])('%s is written %s', (name, written) => {
    expect(whereOf({ tags: [{ path: [name], exists: true }] })).toBe(`IS_DEFINED(${written})`);
  });

  it('that is a word of the language is the name of a property all the same', () => {
    const words =
      'select top from where group by as and or not in nin true false null undefined is_defined startswith count devices modules';
    for (const word of words.split(' ').flatMap((one) => [one, one.toUpperCase()])) {
      const { text } = compileDeviceQuery({ tags: [{ path: [word, word], eq: 1 }] }, []);
      const twin = { deviceId: 'd1', tags: { [word]: { [word]: 1 } } };

      expect(compileQuery(text).run([twin])).toEqual([twin]);
    }
  });

  it.each(['a]] OR [[b', ']]', 'a]'])(
    'such as %s, which cannot be written, is never written',
    (name) => {
      expect(() => compileDeviceQuery({ tags: [{ path: [name], exists: true }] }, [])).toThrow(
        TypeError,
      );
    },
  );
});

describe('a text', () => {
  it.each([
    ['plain', "'plain'"],
    ['', "''"],
    ["it's", "'it\\'s'"],
    ['say "no"', `'say "no"'`],
    ['C:\\', "'C:\\\\'"],
    ["\\'", "'\\\\\\''"],
    ["' OR 1 = 1 OR deviceId = '", "'\\' OR 1 = 1 OR deviceId = \\''"],
    ['münchen', "'m\\u00fcnchen'"],
    ['泵', "'\\u6cf5'"],
    ['😀', "'\\ud83d\\ude00'"],
    ['a\nb\u0000', "'a\\u000ab\\u0000'"],
    ['\u2028', "'\\u2028'"],
  ])('%j is written %s', (value, written) => {
    expect(whereOf(tag({ eq: value }))).toBe(`tags.site = ${written}`);
  });
});

describe('a number', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [-1.5, '-1.5'],
    [4503599627370495, '4503599627370495'],
    [1e20, '100000000000000000000'],
    [1e21, '1000000000000000000000'],
    [-1.5e21, '-1500000000000000000000'],
    [1.7976931348623157e308, `17976931348623157${'0'.repeat(292)}`],
    [1e-6, '0.000001'],
    [1e-7, '0.0000001'],
    [-1.25e-7, '-0.000000125'],
    [5e-324, `0.${'0'.repeat(323)}5`],
  ])('%d is written without an exponent, and is still itself', (value, written) => {
    expect(whereOf(tag({ eq: value }))).toBe(`tags.site = ${written}`);
    expect(Number(written)).toBe(value === 0 ? 0 : value);
  });
});

describe('a filter that the hub could not express', () => {
  it.each<[DeviceFilter, string, string]>([
    [
      tag({ eq: null }),
      'where.tags[0].eq',
      'a twin cannot hold null (use exists: false); expected a string, a number or a boolean',
    ],
    [
      tag({ ne: {} }),
      'where.tags[0].ne',
      'IoT Hub cannot compare an object; expected a string, a number or a boolean',
    ],
    [
      tag({ lt: [] }),
      'where.tags[0].lt',
      'IoT Hub cannot compare a list; expected a string, a number or a boolean',
    ],
    [
      tag({ in: ['a', null] }),
      'where.tags[0].in[1]',
      'a twin cannot hold null (use exists: false); expected a string, a number or a boolean',
    ],
    [
      tag({ nin: [[1] as JsonValue] }),
      'where.tags[0].nin[0]',
      'IoT Hub cannot compare a list; expected a string, a number or a boolean',
    ],
    [tag({ in: [] }), 'where.tags[0].in', 'expected at least one value'],
    [tag({ nin: [] }), 'where.tags[0].nin', 'expected at least one value'],
    [{ deviceId: { in: [] } }, 'where.deviceId.in', 'expected at least one value'],
    [
      { reported: [{ path: ['a'], eq: 1 }, { path: ['b'] }] },
      'where.reported[1]',
      'expected a condition beside the path: eq, ne, lt, lte, gt, gte, in, nin or exists',
    ],
    [
      { desired: [{ path: ['a'], gte: null }] },
      'where.desired[0].gte',
      'a twin cannot hold null (use exists: false); expected a string, a number or a boolean',
    ],
  ])('such as %j is refused by the name of its argument', (filter, argument, problem) => {
    expect(refusalOf(filter)).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument,
      message: `${argument}: ${problem}`,
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('such as %d is refused', (eq) => {
    expect(refusalOf(tag({ eq })).argument).toBe('where.tags[0].eq');
  });

  it('is refused when it is longer than a query may be, and not before', () => {
    const longest = 8192 - "SELECT * FROM devices WHERE deviceId = ''".length;

    expect(whereOf({ deviceId: { eq: 'x'.repeat(longest) } })).toHaveLength(longest + 13);
    expect(refusalOf({ deviceId: { eq: 'x'.repeat(longest + 1) } })).toMatchObject({
      argument: 'where',
      message: 'where: the filter is too long for IoT Hub: 8193 characters, expected at most 8192',
    });
  });
});

describe('the bounds on the last reboot', () => {
  const at = (time: string) => new Date(`2026-03-09T07:00:${time}Z`);
  const known = `(IS_DEFINED(${node}) OR IS_DEFINED(${python}))`;
  const since = (second: string) =>
    `(${node} >= '2026-03-09T07:00:${second}' OR ${python} >= '2026-03-09T07:00:${second}')`;
  const until = (second: string) =>
    [known, ...[node, python].map((path) => beforeEnd(path, second))].join(' AND ');
  const beforeEnd = (path: string, second: string) =>
    `(NOT IS_DEFINED(${path}) OR ${path} <= '2026-03-09T07:00:${second}Z')`;

  it.each<[DeviceFilter['lastReboot'], string]>([
    [{}, ''],
    [{ gt: at('02') }, since('02')],
    [{ gte: at('02.999') }, since('02')],
    [{ gt: at('02'), gte: at('04') }, since('04')],
    [{ lt: at('02') }, until('02')],
    [{ lte: at('02.999') }, until('02')],
    [{ lt: at('02'), lte: at('04') }, until('02')],
    [{ gte: at('01'), lt: at('02') }, `${since('01')} AND ${until('02')}`],
    [{ exists: true }, known],
    [{ exists: false }, `NOT ${known}`],
  ])('%j take in the whole second, in every convention', (lastReboot, where) => {
    expect(whereOf({ ...(lastReboot && { lastReboot }) })).toBe(where);
  });
});
