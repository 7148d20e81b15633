import { describe, expect, it } from 'vitest';
import {
  compileCondition,
  compileQuery,
  QuerySyntaxError,
  QueryTooLongError,
} from '../../src/emulator/query/index.js';

describe('a query is refused', () => {
  it.each([
    ['when empty', ''],
    ['without SELECT', 'FROM devices'],
    ['without FROM', 'SELECT *'],
    ['without columns', 'SELECT FROM devices'],
    ['with * beside columns', 'SELECT *, deviceId FROM devices'],
    ['with a second statement', 'SELECT * FROM devices; SELECT * FROM devices'],
    ['with a semicolon', 'SELECT * FROM devices;'],
    ['with an unknown source', 'SELECT * FROM twins'],
    ['with an unknown collection', 'SELECT * FROM devices.tags'],
    ['with a third part in its source', 'SELECT * FROM devices.modules.x'],
    ['with a source alias', 'SELECT * FROM devices d'],
    ['with AS on its source', 'SELECT * FROM devices AS d'],
    ['with ORDER BY (protocol §9 row 7)', 'SELECT * FROM devices ORDER BY deviceId'],
    ['with JOIN', 'SELECT * FROM devices JOIN modules'],
    ['with a subquery', 'SELECT * FROM (SELECT * FROM devices)'],
    ['with DISTINCT', 'SELECT DISTINCT status FROM devices'],
    ['with VALUE', 'SELECT VALUE status FROM devices'],
    ['with OFFSET', 'SELECT * FROM devices OFFSET 1 LIMIT 1'],
    ['with HAVING', 'SELECT status FROM devices GROUP BY status HAVING COUNT() > 1'],
    ['with LIKE', "SELECT * FROM devices WHERE deviceId LIKE 'a%'"],
    ['with BETWEEN', 'SELECT * FROM devices WHERE version BETWEEN 1 AND 2'],
    ['with IS NULL', 'SELECT * FROM devices WHERE tags.a IS NULL'],
    ['with NOT IN', 'SELECT * FROM devices WHERE tags.a NOT IN [1]'],
    ['with an empty WHERE', 'SELECT * FROM devices WHERE'],
    ['with two WHEREs', 'SELECT * FROM devices WHERE true WHERE true'],
    ['with GROUP BY before WHERE', 'SELECT status FROM devices GROUP BY status WHERE true'],
    ['with TOP alone', 'SELECT TOP * FROM devices'],
    ['with TOP and a fraction', 'SELECT TOP 1.5 * FROM devices'],
    ['with TOP and a negative number', 'SELECT TOP -1 * FROM devices'],
    ['with TOP and a text', "SELECT TOP '1' * FROM devices"],
    ['with a constant column', 'SELECT 1 FROM devices'],
    ['with a computed column', 'SELECT version + 1 FROM devices'],
    ['with a scalar function as column', 'SELECT IS_DEFINED(tags.a) FROM devices'],
    ['with a text as alias', "SELECT deviceId AS 'id' FROM devices"],
    ['with a keyword as alias', 'SELECT deviceId AS group FROM devices'],
    ['with AS and no alias', 'SELECT deviceId AS FROM devices'],
    ['with two columns of one name', 'SELECT tags.a.x, tags.b.x FROM devices'],
    ['with COUNT of everything', 'SELECT COUNT(*) FROM devices'],
    ['with COUNT of a path', 'SELECT COUNT(deviceId) FROM devices'],
    ['with AVG of nothing', 'SELECT AVG() FROM devices'],
    ['with SUM of an expression', 'SELECT SUM(version + 1) FROM devices'],
    ['with an aggregate in WHERE', 'SELECT * FROM devices WHERE COUNT() > 1'],
    ['with * and GROUP BY', 'SELECT * FROM devices GROUP BY status'],
    ['with an ungrouped column beside an aggregate', 'SELECT deviceId, COUNT() AS n FROM devices'],
    ['with an ungrouped column', 'SELECT deviceId FROM devices GROUP BY status'],
    ['with GROUP BY and no path', 'SELECT status FROM devices GROUP BY'],
    ['with a projection of jobs', 'SELECT jobId FROM devices.jobs'],
    ['with an aggregate of jobs', 'SELECT COUNT() AS n FROM devices.jobs'],
    ['with TOP of jobs', 'SELECT TOP 1 * FROM devices.jobs'],
    ['with grouped jobs', 'SELECT status FROM devices.jobs GROUP BY status'],
    ['with a twin condition on jobs', "SELECT * FROM devices.jobs WHERE tags.a = 'x'"],
    ['with a device condition on jobs', "SELECT * FROM devices.jobs WHERE devices.tags.a = 'x'"],
    ['with `devices` on jobs', "SELECT * FROM devices.jobs WHERE devices.deviceId = 'x'"],
  ])('%s: %s', (_why, text) => {
    expect(() => compileQuery(text)).toThrow(QuerySyntaxError);
  });
});

describe('a condition is refused', () => {
  it.each([
    ['when empty', ''],
    ['as * with more', '* AND true'],
    ['with an operand missing', 'tags.a ='],
    ['with a connective first', 'AND true'],
    ['with a connective last', 'true OR'],
    ['with two values side by side', 'tags.a tags.b'],
    ['with comparisons in a chain', '1 < tags.a < 3'],
    ['with ==', 'tags.a == 1'],
    ['with &&', 'tags.a = 1 && true'],
    ['with !', '!tags.on'],
    ['with ||', "tags.a || 'x' = 'ax'"],
    ['with an open parenthesis', '(tags.a = 1'],
    ['with an extra parenthesis', 'tags.a = 1)'],
    ['with IN and parentheses', "tags.a IN ('x')"],
    ['with IN and nothing', 'tags.a IN []'],
    ['with IN and a path', 'tags.a IN tags.list'],
    ['with IN and a path inside', 'tags.a IN [tags.b]'],
    ['with IN and a trailing comma', 'tags.a IN [1,]'],
    ['with a reserved name unescaped (azure-docs issue 17106)', "tags.group = 'US'"],
    ['with an empty escape', "tags.[[]] = 'US'"],
    ['with an escape unclosed', "tags.[[group] = 'US'"],
    ['with an escape at the start', "[[tags]].a = 'US'"],
    ['with a dot at the end', 'tags. = 1'],
    ['with a dot at the start', '.tags = 1'],
    ['with an index', 'tags.list[0] = 1'],
    ['with an open string', "tags.a = 'x"],
    ['with an escape that is not documented', String.raw`tags.a = 'x\n'`],
    ['with a short Unicode escape', String.raw`tags.a = '\u12'`],
    ['with a doubled quote', "tags.a = 'it''s'"],
    ['with a doubled quotation mark', 'tags.a = "a""b"'],
    ['with a doubled quote at the end', "tags.a = 'it'''"],
    ['with a number that runs into a name', 'tags.a = 12abc'],
    ['with hexadecimal digits missing', 'tags.a = 0x'],
    ['with a plus sign', 'tags.a = +1'],
    ['with a comment', 'tags.a = 1 # x'],
    ['with a parameter', 'tags.a = @x'],
    ['with an unknown function', "SOUNDEX(tags.a) = 'x'"],
    ['with a function of Object.prototype', 'constructor(tags.a)'],
    ['with IS_DEFINED of a value', "IS_DEFINED('x')"],
    ['with IS_DEFINED of nothing', 'IS_DEFINED()'],
    ['with IS_DEFINED of two', 'IS_DEFINED(tags.a, tags.b)'],
    ['with STARTSWITH of one', 'STARTSWITH(tags.a)'],
    ['with STARTSWITH of three', "STARTSWITH(tags.a, 'x', true)"],
  ])('%s: %s', (_why, text) => {
    expect(() => compileCondition(text)).toThrow(QuerySyntaxError);
  });

  it.each([
    'STARTS_WITH',
    'ENDS_WITH',
    'ENDSWITH',
    'CONTAINS',
    'SUBSTRING',
    'LOWER',
    'UPPER',
    'LENGTH',
    'CONCAT',
    'INDEX_OF',
    'IS_NULL',
    'IS_BOOL',
    'IS_NUMBER',
    'IS_STRING',
    'IS_OBJECT',
    'IS_ARRAY',
    'IS_PRIMITIVE',
    'ABS',
    'EXP',
    'POWER',
    'SQUARE',
    'CEILING',
    'FLOOR',
    'SIGN',
    'SQRT',
    'AS_NUMBER',
  ])('with %s, unless lenient', (name) => {
    const condition = (count: number): string =>
      `${name}(${Array.from({ length: count }, () => 'tags.a').join()}) = 1`;
    expect(() => compileCondition(condition(2))).toThrow(/expected a function of twin queries/);
    const accepted = [1, 2].filter((count) => {
      try {
        return compileCondition(condition(count), { lenient: true });
      } catch {
        return false;
      }
    });
    expect(accepted).not.toEqual([]);
  });
});

describe('the refusal', () => {
  it.each([
    ['SELECT * FORM devices', 'position 9: expected FROM'],
    ['SELECT * FROM devices WHERE', 'position 27: expected NOT or'],
    [
      'SELECT * FROM devices ORDER BY a',
      "position 22: expected the end of the query, found 'ORDER'",
    ],
    ['SELECT * FROM device', 'position 14: expected devices, devices.modules or devices.jobs'],
    ["SELECT * FROM devices WHERE tags.a = 'x", 'position 37: expected a closed string'],
    ['SELECT * FROM devices WHERE tags.a ~ 1', "position 35: expected a token, found '~'"],
    ['SELECT * FROM devices WHERE FOO(1)', 'position 28: expected a function'],
  ])('of %s names the place and what was wanted', (text, message) => {
    expect(() => compileQuery(text)).toThrow(message);
  });

  it('does not repeat a long token', () => {
    const text = `SELECT * FROM devices '${'x'.repeat(1000)}'`;
    expect(() => compileQuery(text)).toThrow(/^.{0,150}$/);
  });
});

describe('a bomb is refused without harm', () => {
  it.each([
    ['parentheses', `${'('.repeat(4000)}true${')'.repeat(4000)}`],
    ['open parentheses', '('.repeat(8000)],
    ['lists', `tags.a IN ${'['.repeat(4000)}1${']'.repeat(4000)}`],
    ['calls', `${'ABS('.repeat(2000)}1`],
    ['NOTs', `${'NOT '.repeat(2000)}true`],
    ['signs', `tags.a = ${'-'.repeat(8000)}1`],
    ['NOTs and parentheses', `${'NOT ('.repeat(1500)}true`],
    ['quotes', "'".repeat(8191)],
    ['escapes', `tags.${'[['.repeat(4000)}`],
    ['spaces', ' '.repeat(8192)],
  ])('%s', (_what, text) => {
    expect(() => compileCondition(text, { lenient: true })).toThrow(QuerySyntaxError);
  });

  it.each([
    ['NOTs', `${'NOT '.repeat(50)}tags.a = 1`],
    ['parentheses', `${'('.repeat(50)}tags.a = 1${')'.repeat(50)}`],
    ['terms of OR', `tags.b=1 ${'OR tags.a=1 '.repeat(680)}`],
    ['terms of AND', `tags.a=1 ${'AND tags.a=1 '.repeat(620)}`],
    ['terms of a sum', `tags.a ${'+1'.repeat(4000)} = 4001`],
    ['terms of a product', `tags.a ${'*1'.repeat(4000)} = 1`],
    ['elements of a list', `tags.a IN [2${',1'.repeat(4000)}]`],
  ])('but many %s are run', (_what, text) => {
    expect(compileCondition(text)({ tags: { a: 1 } })).toBe(true);
  });

  it('reads paths of any length', () => {
    const path = `tags${'.a'.repeat(4000)}`;
    expect(compileCondition(`NOT IS_DEFINED(${path})`)({ tags: { a: 1 } })).toBe(true);
  });
});

describe('the length of a query', () => {
  it('is at most 8192 characters (protocol §4.1)', () => {
    const text = 'SELECT * FROM devices'.padEnd(8192);
    expect(compileQuery(text).run([])).toEqual([]);
    expect(() => compileQuery(`${text} `)).toThrow(QueryTooLongError);
    expect(() => compileCondition('true'.padEnd(8193))).toThrow(QueryTooLongError);
  });
});
