import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/emulator/json.js';
import { compileCondition } from '../../src/emulator/query/index.js';

const twin: JsonObject = {
  deviceId: 'pump-1',
  status: 'enabled',
  tags: {
    site: 'muc',
    floor: 2,
    zero: 0,
    on: true,
    off: false,
    gone: null,
    quote: 'it\'s "so"',
    city: 'München',
    group: { region: 'US' },
    'two words': 1,
    'a]b': 1,
    list: ['a', 1, null],
    order: 1,
    straße: 1,
  },
  properties: {
    desired: { $version: 2 },
    reported: { deep: { deeper: { deepest: 1 } }, $metadata: { $lastUpdated: '2025-11-20' } },
  },
  configurations: { 'c-1': { status: 'Applied' } },
  parentScopes: ['ms-azure-iot-edge://edge-1'],
  capabilities: { iotEdge: true },
};

const matches = (text: string, lenient = false): boolean =>
  compileCondition(text, { lenient })(twin);

describe.each<[construct: string, matching: string[], notMatching: string[]]>([
  ['*', ['*'], []],
  [
    'comparison',
    [
      "tags.site = 'muc'",
      "'muc' = tags.site",
      "tags.site != 'ber'",
      "tags.site <> 'ber'",
      'tags.floor > 1',
      'tags.floor >= 2',
      'tags.floor < 3',
      'tags.floor <= 2',
      "tags.site > 'ber'",
      // Ordinal: capitals come before small letters.
      "'Z' < tags.site",
      'tags.on = true',
      'tags.off < tags.on',
      'tags.gone = null',
      'tags.gone <= null',
      'tags.floor = tags.floor',
      '(tags.floor = 2) = tags.on',
    ],
    [
      "tags.site = 'MUC'",
      "tags.Site = 'muc'",
      "tags.site != 'muc'",
      "tags.site <> 'muc'",
      'tags.floor > 2',
      'tags.floor < 2',
      'tags.gone != null',
      'tags.gone < null',
    ],
  ],
  [
    'types that do not compare',
    [],
    [
      "tags.floor = '2'",
      "tags.floor != '2'",
      "tags.floor <> '2'",
      "NOT tags.floor = '2'",
      "tags.floor < 'a'",
      'tags.on = 1',
      'tags.zero = false',
      'tags.zero = null',
      'tags.floor != null',
      'null != tags.floor',
      'tags.[[group]] = tags.[[group]]',
      'tags.list = tags.list',
      "tags.list = ['a', 1, null]",
      "tags.list != ['b']",
      "NOT tags.list = ['b']",
    ],
  ],
  [
    'undefined',
    [
      'NOT IS_DEFINED(tags.nowhere)',
      "tags.nowhere = 1 OR tags.site = 'muc'",
      "tags.site = 'muc' OR tags.nowhere = 1",
      'NOT (tags.nowhere = 1 AND tags.floor = 3)',
      'NOT (tags.floor = 3 AND tags.nowhere = 1)',
    ],
    [
      'tags.nowhere = 1',
      'tags.nowhere != 1',
      'NOT tags.nowhere = 1',
      'NOT (tags.nowhere = 1)',
      'NOT NOT tags.nowhere = 1',
      'tags.nowhere = tags.nowhere',
      'tags.nowhere = undefined',
      'tags.nowhere != undefined',
      'tags.floor = undefined',
      'tags.floor != undefined',
      'undefined = undefined',
      'tags.nowhere = null',
      'tags.nowhere IN [1, 2]',
      'tags.nowhere NIN [1, 2]',
      "tags.nowhere = 1 AND tags.site = 'muc'",
      'NOT (tags.nowhere = 1 OR tags.floor = 3)',
      'NOT (tags.nowhere = 1 AND tags.floor = 2)',
      'undefined',
      'NOT undefined',
    ],
  ],
  [
    'precedence',
    [
      // AND before OR.
      'true OR false AND false',
      'false AND false OR true',
      // NOT before AND, and after comparison.
      'NOT false AND true',
      'NOT true OR true',
      'NOT tags.floor = 3',
      'NOT NOT tags.floor = 2',
      // Multiplication before addition before comparison, from left to right.
      'tags.floor + 3 * 2 = 8',
      '(tags.floor + 3) * 2 = 10',
      '10 - 4 - 3 = 3',
      '12 / 2 * 3 = 18',
      '7 % 4 + 1 = 4',
      '-tags.floor + 3 = 1',
      'tags.floor - -2 = 4',
      '- - tags.floor = 2',
    ],
    ['(true OR false) AND false', 'NOT (false OR true)', 'NOT (NOT false)'],
  ],
  [
    'arithmetic outside the numbers',
    [],
    [
      "tags.site + 'x' = 'mucx'",
      'tags.floor / 0 > 0',
      'tags.floor % 0 = 0',
      'NOT tags.floor / 0 > 0',
      '-tags.site = 1',
      '1e308 * 10 > 0',
      'tags.nowhere + 1 = 1',
    ],
  ],
  [
    'IN and NIN',
    [
      "tags.site IN ['ber', 'muc']",
      'tags.floor in [1, -2, 0x2]',
      'tags.on IN [true]',
      'tags.gone IN [null]',
      "tags.site IN [undefined, ['muc'], 'muc']",
      "tags.site NIN ['ber']",
      "NOT tags.site IN ['ber']",
      'tags.floor + 1 IN [3]',
    ],
    [
      "tags.site IN ['ber']",
      "tags.site NIN ['ber', 'muc']",
      // As a disjunction of comparisons, one of which is undefined.
      "tags.site NIN ['ber', 1]",
      "tags.site IN [['muc']]",
      'tags.list IN [1]',
      'tags.list NIN [1]',
    ],
  ],
  [
    'constants',
    [
      'tags.floor = 2.0',
      'tags.floor = 20e-1',
      'tags.floor = 0x2',
      'tags.floor = 0X02',
      'tags.floor > .5',
      'tags.zero = -0',
      'tags.on = TRUE',
      'tags.off = False',
      'tags.gone = NULL',
      'tags.site = "muc"',
      String.raw`tags.quote = 'it\'s "so"'`,
      String.raw`tags.quote = "it's \"so\""`,
      String.raw`tags.quote = 'it\u0027s \"so\"'`,
      String.raw`tags.city = 'M\u00fcnchen'`,
      "tags.city = 'München'",
      String.raw`'\\' = "\\"`,
      String.raw`'a""b' = 'a\"\"b'`,
      'true',
    ],
    ['false', 'null', '1', "'true'", "['a']", "NOT 'true'", 'NOT null', "tags.site = 'muc '"],
  ],
  [
    'paths',
    [
      "devices.tags.site = 'muc'",
      "tags.[[site]] = 'muc'",
      "tags.[[group]].region = 'US'",
      "tags . [[group]] . region = 'US'",
      'tags.[[two words]] = 1',
      'tags.[[a]b]] = 1',
      'tags.order = 1',
      'tags.straße = 1',
      "configurations.[[c-1]].status = 'Applied'",
      "properties.reported.$metadata.$lastUpdated > '2025'",
      'properties.desired.$version = 2',
      'properties.reported.deep.deeper.deepest = 1',
      "DEVICEID = 'pump-1'",
      'capabilities.iotEdge',
      'capabilities.iotEdge = true',
      'tags.on',
    ],
    [
      "[['muc']] = tags.site",
      'tags.off',
      'tags.site.length = 3',
      'tags.list.length = 3',
      "tags.list.[[0]] = 'a'",
      'IS_DEFINED(tags.__proto__)',
      'IS_DEFINED(tags.constructor)',
      'IS_DEFINED(tags.constructor.name)',
      'IS_DEFINED(tags.[[toString]])',
      'IS_DEFINED(constructor)',
      'IS_DEFINED(tags.site.length)',
      'properties.reported.deep.deeper.deepest.x = 1',
      'properties.reported.deep.nowhere.deepest = 1',
    ],
  ],
  [
    'functions',
    [
      'IS_DEFINED(tags.gone)',
      'is_defined(tags)',
      "STARTSWITH(deviceId, 'pump')",
      "startswith(deviceId, '')",
      "NOT STARTSWITH(deviceId, 'valve')",
      "STARTSWITH(deviceId, 'pump') = true",
      "ARRAY_CONTAINS(parentScopes, 'ms-azure-iot-edge://edge-1')",
      'ARRAY_CONTAINS(tags.list, 1)',
      'ARRAY_CONTAINS(tags.list, null)',
    ],
    [
      "STARTSWITH(deviceId, 'Pump')",
      "STARTSWITH(tags.nowhere, 'x')",
      "NOT STARTSWITH(tags.nowhere, 'x')",
      "STARTSWITH(tags.floor, '2')",
      "ARRAY_CONTAINS(tags.list, 'b')",
      "ARRAY_CONTAINS(tags.list, '1')",
      "NOT ARRAY_CONTAINS(tags.site, 'm')",
      'NOT ARRAY_CONTAINS(tags.list, undefined)',
    ],
  ],
])('%s', (_construct, matching, notMatching) => {
  it.each(matching)('matches %s', (text) => {
    expect(matches(text)).toBe(true);
  });
  it.each(notMatching)('does not match %s', (text) => {
    expect(matches(text)).toBe(false);
  });
});

describe('lenient mode', () => {
  it.each([
    "STARTS_WITH(deviceId, 'pump')",
    "ENDS_WITH(deviceId, '-1') AND ENDSWITH(deviceId, '-1')",
    "CONTAINS(deviceId, 'mp')",
    "INDEX_OF(deviceId, '-') = 4 AND INDEX_OF(deviceId, 'x') = -1",
    "CONCAT(tags.site, '-', deviceId) = 'muc-pump-1'",
    'LENGTH(tags.site) = 3',
    "UPPER(tags.site) = 'MUC' AND lower('MUC') = tags.site",
    "SUBSTRING(deviceId, 2, 2) = 'mp' AND SUBSTRING(deviceId, 5) = '1'",
    'ABS(-2) = 2 AND CEILING(1.5) = 2 AND FLOOR(1.5) = 1 AND SIGN(-3) = -1',
    'SQRT(4) = 2 AND SQUARE(3) = 9 AND POWER(2, 3) = 8 AND EXP(0) = 1',
    "AS_NUMBER('2.5') = 2.5 AND AS_NUMBER(2) = 2",
    'IS_ARRAY(tags.list) AND IS_BOOL(tags.on) AND IS_NULL(tags.gone) AND IS_NUMBER(tags.floor)',
    'IS_OBJECT(tags) AND IS_STRING(tags.site) AND IS_PRIMITIVE(tags.gone)',
    'NOT IS_STRING(tags.nowhere) AND NOT IS_PRIMITIVE(tags.nowhere) AND NOT IS_PRIMITIVE(tags)',
    "tags.quote = 'it''s \"so\"'",
    'tags.quote = "it\'s ""so"""',
  ])('matches %s', (text) => {
    expect(matches(text, true)).toBe(true);
  });

  it.each([
    'NOT SQRT(-1) = 1',
    "NOT AS_NUMBER('two') = 2",
    "NOT AS_NUMBER('') = 0",
    "NOT LOWER(tags.floor) = '2'",
    "NOT CONTAINS(tags.nowhere, 'a')",
    "NOT CONCAT(tags.site, 1) = 'muc1'",
    'NOT ABS(tags.site) = 1',
    "NOT POWER(2, 'x') = 2",
    'NOT SUBSTRING(deviceId, -1) = deviceId',
    "SUBSTRING(deviceId, 0, 'x') = deviceId",
  ])('has no answer, hence no match, for %s', (text) => {
    expect(matches(text, true)).toBe(false);
  });
});
