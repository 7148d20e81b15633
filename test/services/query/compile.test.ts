import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../../src/emulator/query/index.js';
import { RequestError } from '../../../src/services/errors.js';
import type { JsonValue } from '../../../src/services/json.js';
import { checkFilter } from '../../../src/services/query/check-filter.js';
import { compileFilter, deviceQuery, moduleQuery } from '../../../src/services/query/compile.js';
import type { Condition } from '../../../src/services/query/condition.js';
import type { DeviceFilter, PropertyCondition } from '../../../src/services/query/device-filter.js';

const rebootPaths = [['iothubDM', 'reboot', 'lastReboot'], ['rebootTime']];
const node = 'properties.reported.$metadata.iothubDM.reboot.lastReboot.$lastUpdated';
const python = 'properties.reported.$metadata.rebootTime.$lastUpdated';

const withModule = () => new Set(['d2', 'd1']);

function compile(filter: DeviceFilter, plain = false): Condition {
  checkFilter(filter);
  return compileFilter(filter, { hub: 'pumps', rebootPaths, withModule, plain }).condition;
}

/** The query of a filter, which the emulator understands. */
function queryOf(filter: DeviceFilter): string {
  const text = deviceQuery('*', compile(filter));
  compileQuery(text);
  return text;
}

function whereOf(filter: DeviceFilter): string {
  return queryOf(filter).replace(/^SELECT \* FROM devices(?: WHERE )?/, '');
}

function tag(condition: Omit<PropertyCondition, 'path'>): DeviceFilter {
  return { tags: [{ path: ['site'], ...condition }] };
}

function refusalOf(filter: DeviceFilter): RequestError {
  try {
    checkFilter(filter);
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
    [
      tag({ ne: 'muc' }),
      "NOT IS_DEFINED(tags.site) OR tags.site != 'muc' OR tags.site < 0 OR tags.site >= 0 OR tags.site IN [true, false]",
    ],
    [
      tag({ ne: true }),
      "NOT IS_DEFINED(tags.site) OR tags.site >= '' OR tags.site < 0 OR tags.site >= 0 OR tags.site IN [false]",
    ],
    [tag({ in: ['muc', 7, false] }), "tags.site IN ['muc', 7, false]"],
    [tag({ in: [-1] }), 'tags.site IN [-1]'],
    [
      tag({ nin: ['muc', 'ber', 1, true, false], exists: true }),
      "(NOT IS_DEFINED(tags.site) OR tags.site NIN ['muc', 'ber'] OR tags.site != 1) AND IS_DEFINED(tags.site)",
    ],
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
    [{ and: [tag({ eq: 1 }), { status: 'ENABLED' }] }, "tags.site = 1 AND status = 'enabled'"],
    [
      { status: 'ENABLED', or: [tag({ eq: 1 }), { and: [tag({ eq: 2 }), tag({ exists: true })] }] },
      "(tags.site = 1 OR tags.site = 2 AND IS_DEFINED(tags.site)) AND status = 'enabled'",
    ],
    [{ and: [] }, ''],
    [{ or: [{}, { status: 'ENABLED' }] }, ''],
    [{ not: { not: { status: 'ENABLED' } } }, "status = 'enabled'"],
    [{ not: { status: 'ENABLED' } }, "status != 'enabled'"],
    [{ not: { connectionState: 'CONNECTED' } }, "connectionState != 'Connected'"],
    [{ not: { deviceId: { eq: 'd1' } } }, "deviceId != 'd1'"],
    [{ not: { deviceId: { in: ['d1'] } } }, "deviceId NIN ['d1']"],
    [
      { not: { deviceId: { startsWith: 'a', eq: 'b' } } },
      "deviceId != 'b' OR NOT STARTSWITH(deviceId, 'a')",
    ],
    [{ not: tag({ exists: true }) }, 'NOT IS_DEFINED(tags.site)'],
    [
      { not: { or: [{ status: 'ENABLED' }, { deviceId: { eq: 'd1' } }] } },
      "status != 'enabled' AND deviceId != 'd1'",
    ],
    [{ modules: { moduleId: { eq: 'm' } } }, "deviceId IN ['d1', 'd2']"],
    [{ not: { modules: {} } }, "deviceId NIN ['d1', 'd2']"],
  ])('%j', (filter, where) => {
    const { exact } = compile(filter);

    expect(whereOf(filter)).toBe(where);
    expect(exact).toBe(true);
  });

  it.each<DeviceFilter>([
    { not: {} },
    { or: [{ not: {} }, { not: {} }] },
    { and: [{ not: {} }, { status: 'ENABLED' }] },
    { not: { or: [{ status: 'ENABLED' }, {}] } },
  ])('%j selects nothing, without asking', (filter) => {
    expect(compile(filter)).toEqual({ sql: false, exact: true });
  });
});

describe('a comparison that is negated', () => {
  it.each<[Omit<PropertyCondition, 'path'>, string]>([
    [{ eq: 'a' }, ''],
    [{ in: ['a'] }, ''],
    [{ lt: 1 }, ''],
    [{ ne: 'a' }, 'IS_DEFINED(tags.site)'],
    [{ nin: ['a'] }, 'IS_DEFINED(tags.site)'],
  ])('%j lets the hub give too much, never too little', (condition, where) => {
    const filter = { not: tag(condition) };

    expect(compile(filter).exact).toBe(false);
    expect(whereOf(filter)).toBe(where);
  });

  it.each<[Omit<PropertyCondition, 'path'>, string]>([
    [
      { eq: 'a' },
      "NOT IS_DEFINED(tags.site) OR tags.site != 'a' OR tags.site < 0 OR tags.site >= 0 OR tags.site IN [true, false]",
    ],
    [
      { in: [1, 2] },
      "NOT IS_DEFINED(tags.site) OR tags.site >= '' OR tags.site NIN [1, 2] OR tags.site IN [true, false]",
    ],
    [
      { lt: 1 },
      "NOT IS_DEFINED(tags.site) OR tags.site >= 1 OR tags.site >= '' OR tags.site IN [true, false]",
    ],
    [
      { gte: 'a' },
      "NOT IS_DEFINED(tags.site) OR tags.site < 'a' OR tags.site < 0 OR tags.site >= 0 OR tags.site IN [true, false]",
    ],
    [{ ne: 'a' }, "tags.site IN ['a']"],
    [{ nin: ['a', 1] }, "tags.site IN ['a', 1]"],
  ])('%j is said in full where no object or list is in the way', (condition, where) => {
    const filter = { not: tag(condition) };

    expect(compile(filter, true)).toMatchObject({ sql: where, exact: true });
  });

  it('narrows by what stands beside it all the same', () => {
    expect(whereOf({ not: tag({ eq: 'a' }), status: 'ENABLED' })).toBe("status = 'enabled'");
    expect(whereOf({ or: [{ not: tag({ eq: 'a' }) }, { status: 'ENABLED' }] })).toBe('');
  });
});

describe('modules', () => {
  it('are asked for by themselves', () => {
    const sql = moduleQuery({
      moduleId: { startsWith: '$edge' },
      connectionState: 'CONNECTED',
      reported: [{ path: ['version'], eq: '1.4' }],
    });

    compileQuery(sql);
    expect(sql).toBe(
      "SELECT deviceId FROM devices.modules WHERE STARTSWITH(moduleId, '$edge') AND connectionState = 'Connected' AND properties.reported.version = '1.4'",
    );
    expect(moduleQuery({})).toBe('SELECT deviceId FROM devices.modules');
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
      const text = queryOf({ tags: [{ path: [word, word], eq: 1 }] });
      const twin = { deviceId: 'd1', tags: { [word]: { [word]: 1 } } };

      expect(compileQuery(text).run([twin])).toEqual([twin]);
    }
  });

  it.each(['a]] OR [[b', ']]', 'a]'])(
    'such as %s, which cannot be written, is never written',
    (name) => {
      expect(() => queryOf({ tags: [{ path: [name], exists: true }] })).toThrow(TypeError);
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

  it.each<[string, DeviceFilter, string, string]>([
    [
      'levels',
      Array.from({ length: 10 }).reduce<DeviceFilter>((filter) => ({ not: filter }), {}),
      `where${'.not'.repeat(10)}`,
      'the filter is nested deeper than 10 levels',
    ],
    [
      'conditions',
      { or: Array.from({ length: 101 }, () => ({ status: 'ENABLED' as const })) },
      'where.or[100]',
      'the filter has more than 100 conditions',
    ],
    [
      'values',
      { and: [tag({ in: Array.from({ length: 501 }, (_, i) => i) })] },
      'where.and[0].tags[0].in',
      '501 values; expected at most 500',
    ],
    [
      'ids',
      { deviceId: { in: Array.from({ length: 501 }, String) } },
      'where.deviceId.in',
      '501 values; expected at most 500',
    ],
    [
      'modules',
      { and: Array.from({ length: 4 }, () => ({ modules: {} })) },
      'where.and[3].modules',
      'the filter asks for more than 3 modules',
    ],
    ['too few alternatives', { not: { or: [] } }, 'where.not.or', 'expected at least one filter'],
    [
      'a module that nothing can be like',
      { modules: { desired: [{ path: ['a'], eq: null }] } },
      'where.modules.desired[0].eq',
      'a twin cannot hold null (use exists: false); expected a string, a number or a boolean',
    ],
  ])('is refused for its %s, by name', (_what, filter, argument, problem) => {
    expect(refusalOf(filter)).toMatchObject({ argument, message: `${argument}: ${problem}` });
  });

  it('is taken up to those limits', () => {
    const levels = Array.from({ length: 9 }).reduce<DeviceFilter>((one) => ({ not: one }), {});

    expect(() => checkFilter(levels)).not.toThrow();
    expect(() =>
      checkFilter({ or: Array.from({ length: 100 }, () => ({ status: 'ENABLED' as const })) }),
    ).not.toThrow();
    expect(() => checkFilter(tag({ in: Array.from({ length: 500 }, (_, i) => i) }))).not.toThrow();
  });
});

describe('the bounds on a time', () => {
  const at = (time: string) => new Date(`2026-03-09T07:00:${time}Z`);
  const known = `(IS_DEFINED(${node}) OR IS_DEFINED(${python}))`;
  const text = (second: string) => `'2026-03-09T07:00:${second}'`;
  const since = (second: string) =>
    `${known} AND (${node} >= ${text(second)} OR ${python} >= ${text(second)})`;
  const until = (second: string) =>
    [known, ...[node, python].map((path) => before(path, second))].join(' AND ');
  const before = (path: string, second: string) =>
    `(NOT IS_DEFINED(${path}) OR ${path} < ${text(second)})`;

  it.each<[DeviceFilter['lastReboot'], string]>([
    [{}, ''],
    [{ gte: at('02') }, since('02')],
    [{ gte: at('02'), gt: at('03.999') }, since('04')],
    [{ lt: at('02') }, until('02')],
    [{ lte: at('01.999'), lt: at('04') }, until('02')],
    [{ exists: true }, known.slice(1, -1)],
    [{ exists: false }, `NOT IS_DEFINED(${node}) AND NOT IS_DEFINED(${python})`],
  ])('%j hold in every convention', (lastReboot, where) => {
    expect(whereOf({ ...(lastReboot && { lastReboot }) })).toBe(where);
  });

  it('name the earlier times that text would put later', () => {
    const lastActivity = { lt: at('02.520') };

    expect(whereOf({ lastActivity })).toBe(
      "lastActivityTime >= '1970-01-01T00:00:00' AND (NOT IS_DEFINED(lastActivityTime)" +
        ` OR lastActivityTime < ${text('02.52')}` +
        ` OR lastActivityTime IN [${text('02Z')}, ${text('02.5Z')}])`,
    );
  });
});
