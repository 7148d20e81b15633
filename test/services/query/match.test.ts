import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/emulator/json.js';
import { compileQuery } from '../../../src/emulator/query/index.js';
import { RequestError } from '../../../src/services/errors.js';
import { parseTwin } from '../../../src/services/hub/twin.js';

import { checkFilter } from '../../../src/services/query/check-filter.js';
import { compileFilter, deviceQuery } from '../../../src/services/query/compile.js';
import type {
  DateTimeCondition,
  DeviceFilter,
  PropertyCondition,
} from '../../../src/services/query/device-filter.js';
import { matchesFilter } from '../../../src/services/query/match.js';

const rebootPaths = [['iothubDM', 'reboot', 'lastReboot'], ['rebootTime'], ['lastReboot']];

/** What a device wrote in each convention, and when by the hub's clock. */
interface Reports {
  readonly node?: string | undefined;
  readonly python?: string | undefined;
  readonly java?: string | undefined;
}

function reportedAt({ node, python, java }: Reports): JsonObject {
  const stamp = (time: string) => ({ $lastUpdated: time });
  const metadata = {
    ...stamp('2026-01-01T00:00:00Z'),
    ...(node && {
      iothubDM: { ...stamp(node), reboot: { ...stamp(node), lastReboot: stamp(node) } },
    }),
    ...(python && { rebootTime: stamp(python) }),
    ...(java && { lastReboot: { ...stamp(java), date: stamp(java) } }),
  };
  return {
    ...(node && { iothubDM: { reboot: { lastReboot: 'then' } } }),
    ...(python && { rebootTime: 'then' }),
    ...(java && { lastReboot: { date: 'then' } }),
    $metadata: metadata,
    $version: 2,
  };
}

function twinOf(parts: {
  readonly deviceId?: string;
  readonly tags?: JsonObject;
  readonly reported?: JsonObject;
}): JsonObject {
  return {
    deviceId: parts.deviceId ?? 'd1',
    status: 'enabled',
    connectionState: 'Connected',
    version: 3,
    tags: parts.tags ?? {},
    properties: {
      desired: { $metadata: {}, $version: 1 },
      reported: parts.reported ?? { $metadata: {}, $version: 1 },
    },
  };
}

/** No two devices are alike in this: it is enough for what is neither here nor there. */
const withModule = () => new Set(['d1']);

function queryOf(
  filter: DeviceFilter,
  plain = false,
): { text: string; exact: boolean; asksNothing: boolean } {
  checkFilter(filter);
  const { condition } = compileFilter(filter, { hub: 'pumps', rebootPaths, withModule, plain });
  const { sql, exact } = condition;
  return { text: deviceQuery('*', condition), exact, asksNothing: sql === false };
}

/** Whether the gateway shows a twin, and whether the hub's query for the same filter finds it. */
function judge(filter: DeviceFilter, twin: JsonObject): { matches: boolean; found: boolean } {
  const parsed = parseTwin(twin);
  if (!parsed) throw new TypeError('not a twin');
  const { text, asksNothing } = queryOf(filter);
  return {
    matches: matchesFilter(parsed, filter, { hub: 'pumps', rebootPaths, withModule }),
    // The hub is not asked for what no device can be.
    found: !asksNothing && compileQuery(text).run([twin]).length === 1,
  };
}

describe('a condition on a property', () => {
  type Condition = Omit<PropertyCondition, 'path'>;

  it.each<[Condition, { yes: readonly JsonValue[]; no: readonly JsonValue[] }]>([
    [{ eq: 'a' }, { yes: ['a'], no: ['A', 'b', '', 1, true, {}, ['a']] }],
    [{ eq: 1 }, { yes: [1], no: ['1', 2, true] }],
    [{ eq: false }, { yes: [false], no: [true, 0, ''] }],
    [{ ne: 'a' }, { yes: ['b', '', 1, 0, -1, true, false], no: ['a', {}, []] }],
    [{ ne: 1 }, { yes: ['b', '', '1', 0, -1, 1.5, true, false], no: [1, {}, []] }],
    [{ ne: true }, { yes: ['b', '', 'true', 0, 1, false], no: [true, {}, []] }],
    [{ lt: 2 }, { yes: [1, -5, 1.5], no: [2, '1', true] }],
    [{ lte: 'b' }, { yes: ['a', 'b', 'B', ''], no: ['c', 'ä', 1] }],
    [
      { gt: 1, lt: 3 },
      { yes: [2], no: [1, 3] },
    ],
    [{ gte: false }, { yes: [false, true], no: [0, 'false'] }],
    [{ in: ['a', 1] }, { yes: ['a', 1], no: ['b', 2, true] }],
    [{ nin: ['a', 'b'] }, { yes: ['c', 1, true], no: ['a', 'b', {}, ['c']] }],
    [{ nin: ['a', 1, true, false] }, { yes: ['c', 0], no: ['a', 1, true, false, {}] }],
    [{ exists: true }, { yes: ['a', 0, false, {}, []], no: [] }],
    [{ exists: false }, { yes: [], no: ['a', 0, false, {}, []] }],
  ])('%j means the same to the hub and to the gateway', (condition, { yes, no }) => {
    const filter = { tags: [{ path: ['a', 'b'], ...condition }] };
    const judged = (value: JsonValue) => judge(filter, twinOf({ tags: { a: { b: value } } }));

    for (const value of yes) expect(judged(value)).toEqual({ matches: true, found: true });
    for (const value of no) expect(judged(value)).toEqual({ matches: false, found: false });
  });

  it.each<[Condition, boolean]>([
    [{ ne: 'a' }, true],
    [{ nin: ['a'] }, true],
    [{ exists: false }, true],
    [{ eq: 'a' }, false],
    [{ lt: 'a' }, false],
    [{ in: ['a'] }, false],
    [{ exists: true }, false],
  ])('%j says %s of a device without the property', (condition, expected) => {
    const filter = { tags: [{ path: ['a', 'b'], ...condition }] };

    for (const tags of [{}, { a: {} }, { a: 'text' }, { a: ['b'] }]) {
      expect(judge(filter, twinOf({ tags }))).toEqual({ matches: expected, found: expected });
    }
  });

  it('does not reach into what every object has', () => {
    for (const path of [['constructor'], ['__proto__', 'constructor'], ['toString', 'name']]) {
      const filter = { tags: [{ path, exists: true }] };

      expect(judge(filter, twinOf({}))).toEqual({ matches: false, found: false });
    }
  });
});

describe('the last reboot', () => {
  const bound = new Date('2026-03-09T07:00:02.500Z');
  const conditions: readonly (readonly [DateTimeCondition, (ticks: bigint) => boolean])[] = [
    [{ lt: bound }, (ms) => ms < 2_500n],
    [{ lte: bound }, (ms) => ms <= 2_500n],
    [{ gt: bound }, (ms) => ms > 2_500n],
    [{ gte: bound }, (ms) => ms >= 2_500n],
  ];
  const fractions = ['', '.1', '.49', '.4999999', '.5', '.50', '.5000000', '.5000001', '.9999999'];
  const times = [0, 1, 2, 3, 4].flatMap((second) =>
    fractions.map((fraction) => ({
      text: `2026-03-09T07:00:0${second}${fraction}Z`,
      ticks: BigInt(second) * 10_000_000n + BigInt(fraction.slice(1).padEnd(7, '0')),
    })),
  );

  it('is compared as it is shown, by the millisecond, whatever number of digits the hub wrote', () => {
    for (const [lastReboot, expected] of conditions) {
      for (const { text, ticks } of times) {
        const twin = twinOf({ reported: reportedAt({ node: text }) });
        const selected = expected(ticks / 10_000n);

        for (const [filter, should] of [
          [{ lastReboot }, selected],
          [{ not: { lastReboot } }, !selected],
        ] as const) {
          const { matches, found } = judge(filter, twin);
          expect([filter, text, matches, found]).toEqual([filter, text, should, should]);
        }
      }
    }
  });

  it('is the newest of all conventions', () => {
    const [early, late] = ['2026-03-09T07:00:00Z', '2026-03-09T07:00:05Z'];
    const both = twinOf({ reported: reportedAt({ node: early, python: late }) });

    expect(judge({ lastReboot: { lt: bound } }, both)).toEqual({ matches: false, found: false });
    expect(judge({ lastReboot: { gt: bound } }, both)).toEqual({ matches: true, found: true });
  });

  it('of a device that reports none is neither before nor after', () => {
    for (const lastReboot of [{ lt: bound }, { gt: bound }, { exists: true }]) {
      expect(judge({ lastReboot }, twinOf({}))).toEqual({ matches: false, found: false });
    }
    expect(judge({ lastReboot: { exists: false } }, twinOf({}))).toEqual({
      matches: true,
      found: true,
    });
  });

  it('may be bounded by the last moment that can be written', () => {
    const lastReboot = { lt: new Date('9999-12-31T23:59:59.999Z') };
    const twin = twinOf({ reported: reportedAt({ python: '2026-03-09T07:00:00.1Z' }) });

    expect(judge({ lastReboot }, twin)).toEqual({ matches: true, found: true });
  });

  it('that is not bounded at all selects every device, and negated none', () => {
    expect(judge({ lastReboot: {} }, twinOf({}))).toEqual({ matches: true, found: true });
    expect(judge({ not: { lastReboot: {} } }, twinOf({}))).toEqual({
      matches: false,
      found: false,
    });
  });

  it('is found by the hub exactly when it matches, negated or not', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom(...fractions))
      .map(([second, fraction]) => `2026-03-09T07:00:0${second}${fraction}Z`);
    const date = fc
      .integer({ min: 0, max: 4_999 })
      .map((ms) => new Date(Date.parse('2026-03-09T07:00:00Z') + ms));
    const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
    const reports = fc.record({
      node: optional(time),
      python: optional(time),
      java: optional(time),
    });
    const negated = fc.boolean();
    const condition = fc.record(
      { lt: date, lte: date, gt: date, gte: date, exists: fc.boolean() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(reports, condition, negated, (one, lastReboot, not) => {
        const filter = not ? { not: { lastReboot } } : { lastReboot };
        const { matches, found } = judge(filter, twinOf({ reported: reportedAt(one) }));
        expect(found).toBe(matches);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('any filter', () => {
  /** What somebody who wants out of a string or a name would write. */
  const hostile = fc.oneof(
    fc.constantFrom(
      "'",
      "''",
      '"',
      '\\',
      "\\'",
      "\\\\'",
      "' OR 1 = 1 OR '' = '",
      "x' OR IS_DEFINED(deviceId) OR 'x' = 'x",
      '\\u0027 OR true',
      '\u0000',
      '\n',
      '\u2028',
      '😀',
      '\ud800',
      '--',
      '/* */',
      '[[a]]',
      '\uff07',
    ),
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  const words = 'select from where and or not in nin null true count group devices tags __proto__';
  const key = fc.oneof(
    fc.constantFrom(
      'a',
      'b',
      'straße',
      "o'neil",
      'a[b',
      'a]b',
      '[[a',
      '(',
      '1',
      ...words.split(' '),
    ),
    // As property paths allow them.
    hostile.filter((text) => /^[^\s$#.\p{Cc}]+$/u.test(text) && !/\]\]|\]$/.test(text)),
  );
  const primitive = fc.oneof(
    hostile,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
  );
  /** From few keys and values, so that filters and twins meet. */
  const world = fc
    .record({
      keys: fc.uniqueArray(key, { minLength: 2, maxLength: 3 }),
      values: fc.array(primitive, { minLength: 2, maxLength: 4 }),
    })
    .chain(({ keys, values }) => {
      const path = fc.array(fc.constantFrom(...keys), { minLength: 1, maxLength: 3 });
      const value = fc.constantFrom(...values);
      const list = fc.array(value, { minLength: 1, maxLength: 3 });
      const condition = fc
        .record(
          {
            eq: value,
            ne: value,
            lt: value,
            lte: value,
            gt: value,
            gte: value,
            in: list,
            nin: list,
            exists: fc.boolean(),
          },
          { requiredKeys: [] },
        )
        .filter((one) => Object.keys(one).length > 0);
      const property = fc
        .tuple(path, condition)
        .map(([at, one]): PropertyCondition => ({ path: at, ...one }));
      const text = fc.record(
        { eq: hostile, in: fc.array(hostile, { minLength: 1 }), startsWith: hostile },
        { requiredKeys: [] },
      );
      const filter: fc.Arbitrary<DeviceFilter> = fc.oneof(
        { weight: 4, arbitrary: fc.record({ tags: fc.array(property, { maxLength: 2 }) }) },
        { weight: 1, arbitrary: fc.record({ deviceId: text }) },
      );
      const leaf = fc.oneof(value, fc.array(value, { maxLength: 2 }));
      const tags = fc
        .array(fc.tuple(path, leaf), { maxLength: 4 })
        .map((entries): JsonObject => plant(entries));
      return fc.tuple(filter, fc.record({ deviceId: hostile, tags }).map(twinOf));
    });

  it('finds at the hub what it matches here, whatever its names and values hold', () => {
    const seen = { both: 0, neither: 0 };
    fc.assert(
      fc.property(world, ([filter, twin]) => {
        const { matches, found } = judge(filter, twin);
        expect(found).toBe(matches);
        seen[matches ? 'both' : 'neither'] += 1;
      }),
      { numRuns: 5_000 },
    );
    expect(seen.both).toBeGreaterThan(100);
    expect(seen.neither).toBeGreaterThan(100);
  });

  it('keeps every text inside its quotes, and every name inside its brackets', () => {
    fc.assert(
      fc.property(hostile, key, (value, name) => {
        const { text } = queryOf({ tags: [{ path: [name], eq: value }] });
        const shape = /^SELECT \* FROM devices WHERE tags\.(\w+|\[\[.+\]\]) = '(?:[^'\\]|\\.)*'$/u;

        expect(text).toMatch(shape);
        expect(compileQuery(text).run([{ deviceId: 'd1', tags: { [name]: value } }])).toHaveLength(
          1,
        );
        expect(compileQuery(text).run([{ deviceId: 'd1', tags: {} }])).toHaveLength(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('either compiles or is refused by name, and nothing else', () => {
    const anything = fc.jsonValue() as fc.Arbitrary<JsonValue>;
    const condition = fc.record(
      { eq: anything, gt: anything, in: fc.array(anything), exists: fc.boolean() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 3 }), condition, (path, one) => {
        try {
          compileQuery(queryOf({ reported: [{ path, ...one }] }).text);
        } catch (error) {
          expect(error).toBeInstanceOf(RequestError);
          expect((error as RequestError).argument).toMatch(/^where(\.reported\[0\].*)?$/);
        }
      }),
    );
  });

  /** The values at their paths, in one tree; what comes later stays out where it does not fit. */
  function plant(entries: readonly (readonly [readonly string[], JsonValue])[]): JsonObject {
    const root = new Map<string, Node>();
    for (const [path, value] of entries) {
      let branch = root;
      for (const name of path.slice(0, -1)) {
        const next = branch.get(name) ?? new Map<string, Node>();
        if (!(next instanceof Map)) break;
        branch.set(name, next);
        branch = next;
      }
      const last = path.at(-1) ?? '';
      if (!branch.has(last)) branch.set(last, { value });
    }
    return toJson(root);
  }

  type Node = Map<string, Node> | { readonly value: JsonValue };

  function toJson(branch: ReadonlyMap<string, Node>): JsonObject {
    return Object.fromEntries(
      [...branch].map(([name, node]) => [name, node instanceof Map ? toJson(node) : node.value]),
    );
  }
});
