import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deviceFilter } from '../src/resolvers/input.js';
import { type Caller, localDeveloper, permissions } from '../src/services/access.js';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { createManualClock, type ManualClock } from './services/support/manual-clock.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import {
  type DateTimeCondition,
  DeviceCountsDocument,
  type DeviceFilter,
  FindDevicesDocument,
  type ModuleFilter,
  type PropertyCondition,
  type StringCondition,
} from './support/operations.js';
import {
  find,
  type Json,
  type PlainDevice,
  type Properties,
  selects,
} from './support/plain-filter.js';
import { plantFleet } from './support/plain-fleet.js';

/** A failure prints its seed and the smallest fleet and filter that show it. */
const SEED = 20_261_121;

// ---- random and hostile fleets -----------------------------------------------------------------------------------

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
    "'] OR deviceId NIN ['",
    "') OR STARTSWITH(deviceId, '",
    '\\u0027 OR true',
    '\u0000',
    '\n',
    '\r\nx-ms-continuation: 1',
    '\u2028',
    '😀',
    '\ud800',
    '--',
    '/* */',
    '[[a]]',
    ']]',
    ']] = 1 OR [[x',
    '$(deviceId)',
    '%27',
    '\uff07',
    '',
  ),
  fc.string({ maxLength: 10 }),
  fc.string({ unit: 'binary', maxLength: 5 }),
);

const words = 'select from where and or not in nin null true count group devices tags __proto__';
/** Names that a twin and a property path may hold. */
const key = fc.oneof(
  fc.constantFrom('a', 'b', 'straße', "o'neil", 'a[b', 'a]b', '[[a', '(', '1', ...words.split(' ')),
  hostile.filter((text) => /^[^\s$#.\p{Cc}]+$/u.test(text) && !/\]\]|\]$/.test(text)),
);
/** What a hub allows in an id, chosen to be awkward. */
const deviceId = fc.string({
  unit: fc.constantFrom(..."ab1A-.+%_#*?!(),:=@$'"),
  minLength: 1,
  maxLength: 6,
});
const primitive = fc.oneof(
  hostile,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.integer({ min: -3, max: 3 }),
  fc.boolean(),
);

const second = (digits: string) => `2026-03-09T07:00:0${digits}`;
const hubTime = fc
  .tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom('', '.1', '.12', '.123', '.1234567', '.5', '.05', '.0000001'),
  )
  .map(([at, fraction]) => `${second(`${at}${fraction}`)}Z`);
const bound = fc
  .tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom('.000', '.100', '.120', '.123', '.124', '.500', '.050', '.001'),
  )
  .map(([at, fraction]) => `${second(`${at}${fraction}`)}Z`);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

interface Question {
  readonly where: DeviceFilter;
  readonly first: number;
}

interface World {
  readonly devices: readonly PlainDevice[];
  readonly questions: readonly Question[];
  /** What somebody may see of it. */
  readonly scopes: readonly DeviceFilter[];
  readonly groupBy: string;
}

/** From few names and values, so that filters and twins meet. */
const world: fc.Arbitrary<World> = fc
  .record({
    keys: fc.uniqueArray(key, { minLength: 2, maxLength: 3 }),
    values: fc
      .tuple(
        fc.constantFrom('', 'a', 0, 1, true, false),
        fc.array(primitive, { minLength: 1, maxLength: 3 }),
      )
      .map(([common, others]): Json[] => [common, ...others]),
    ids: fc.uniqueArray(deviceId, { minLength: 6, maxLength: 12 }),
    moduleIds: fc.uniqueArray(deviceId, { minLength: 1, maxLength: 3 }),
    nested: fc.boolean(),
  })
  .chain(({ keys, values, ids, moduleIds, nested }) => {
    const path = fc
      .array(fc.constantFrom(...keys), { minLength: 1, maxLength: nested ? 3 : 1 })
      .map((names) => names.join('.'));
    const value = fc.constantFrom(...values);
    const leaf: fc.Arbitrary<Json> = nested
      ? fc.oneof(
          { weight: 4, arbitrary: value },
          { weight: 1, arbitrary: fc.array(value, { maxLength: 2 }) },
          { weight: 1, arbitrary: fc.constant({}) },
        )
      : value;
    const properties = fc.array(fc.tuple(path, leaf), { maxLength: 4 }).map(plant);
    const document = { tags: properties, desired: properties, reported: properties };
    const module = (moduleId: string) =>
      fc.record({ moduleId: fc.constant(moduleId), ...document });
    const device = (id: string): fc.Arbitrary<PlainDevice> =>
      fc.record({
        deviceId: fc.constant(id),
        status: fc.constantFrom('ENABLED', 'DISABLED'),
        connectionState: fc.constant('DISCONNECTED'),
        lastActivity: fc.oneof(hubTime, fc.constant('0001-01-01T00:00:00Z')),
        reboots: fc
          .record({ node: optional(hubTime), python: optional(hubTime), java: optional(hubTime) })
          .map(withoutUndefined),
        ...document,
        modules: fc.subarray(moduleIds).chain((some) => fc.tuple(...some.map(module))),
      });

    const list = fc.array(value, { minLength: 1, maxLength: 3 });
    const comparisons = { eq: value, ne: value, lt: value, lte: value, gt: value, gte: value };
    const condition: fc.Arbitrary<PropertyCondition> = fc
      .record(
        { path, ...comparisons, in: list, nin: list, exists: fc.boolean() },
        { requiredKeys: ['path'] },
      )
      .map(({ path: at, ...rest }) => fewer(at, rest));
    const text = (known: readonly string[]): fc.Arbitrary<StringCondition> => {
      const one = fc.oneof(
        fc.constantFrom(...known),
        fc.constantFrom(...known).map((id) => id.slice(0, 2)),
        hostile,
      );
      return fc.record(
        { eq: one, in: fc.array(one, { minLength: 1, maxLength: 3 }), startsWith: one },
        { requiredKeys: [] },
      );
    };
    const time: fc.Arbitrary<DateTimeCondition> = fc.record(
      { lt: bound, lte: bound, gt: bound, gte: bound, exists: fc.boolean() },
      { requiredKeys: [] },
    );
    const conditions = fc.array(condition, { minLength: 1, maxLength: 2 });
    const modules: fc.Arbitrary<ModuleFilter> = fc.record(
      { moduleId: text(moduleIds), tags: conditions, desired: conditions, reported: conditions },
      { requiredKeys: [] },
    );
    const { filter } = fc.letrec<{ filter: DeviceFilter }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        { weight: 3, arbitrary: fc.record({ tags: conditions }) },
        { weight: 2, arbitrary: fc.record({ desired: conditions }) },
        { weight: 2, arbitrary: fc.record({ reported: conditions }) },
        { weight: 1, arbitrary: fc.record({ deviceId: text(ids) }) },
        { weight: 1, arbitrary: fc.record({ status: fc.constantFrom('ENABLED', 'DISABLED') }) },
        {
          weight: 1,
          arbitrary: fc.record({ connectionState: fc.constantFrom('CONNECTED', 'DISCONNECTED') }),
        },
        { weight: 1, arbitrary: fc.record({ lastActivity: time }) },
        { weight: 1, arbitrary: fc.record({ lastReboot: time }) },
        { weight: 4, arbitrary: fc.record({ not: tie('filter') }) },
        { weight: 2, arbitrary: fc.record({ and: fc.array(tie('filter'), { maxLength: 3 }) }) },
        {
          weight: 3,
          arbitrary: fc.record({ or: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
        },
        {
          weight: 1,
          arbitrary: fc.record({ tags: conditions, or: fc.tuple(tie('filter'), tie('filter')) }),
        },
      ),
    })) as { filter: fc.Arbitrary<DeviceFilter> };
    const whole = fc.oneof(
      { weight: 5, arbitrary: filter },
      { weight: 1, arbitrary: fc.record({ modules, or: fc.tuple(filter, filter) }) },
      { weight: 1, arbitrary: fc.record({ not: fc.record({ modules }) }) },
    ) as fc.Arbitrary<DeviceFilter>;
    const question = fc.record({ where: whole, first: fc.integer({ min: 1, max: 7 }) });
    return fc.record({
      devices: fc.tuple(...ids.map(device)),
      questions: fc.array(question, { minLength: 8, maxLength: 8 }),
      scopes: fc.array(filter, { minLength: 1, maxLength: 2 }),
      groupBy: path,
    });
  });

/** One or two operators at a time: of many, hardly anything is left. */
function fewer(path: string, rest: Omit<PropertyCondition, 'path'>): PropertyCondition {
  const entries = Object.entries(rest).slice(0, 2);
  return { path, ...(entries.length > 0 ? Object.fromEntries(entries) : { exists: true }) };
}

function withoutUndefined<T extends object>(
  record: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** The values at their paths, in one tree; what comes later stays out where it does not fit. */
function plant(entries: readonly (readonly [string, Json])[]): Properties {
  const [here, below] = [new Map<string, Json>(), new Map<string, [string, Json][]>()];
  for (const [path, value] of entries) {
    const [name = '', ...rest] = path.split('.');
    if (rest.length === 0 && !below.has(name) && !here.has(name)) here.set(name, value);
    if (rest.length > 0 && !here.has(name)) {
      below.set(name, [...(below.get(name) ?? []), [rest.join('.'), value]]);
    }
  }
  return Object.fromEntries([
    ...here,
    ...[...below].map(([name, inner]): [string, Json] => [name, plant(inner)]),
  ]);
}

// ---- the gateway before a real emulator --------------------------------------------------------------------------

describe('a filter, through GraphQL and a hub', () => {
  let emulator: TestEmulator;
  let gateway: TestGateway;
  let caller: Caller;
  let clock: ManualClock;
  let planted = 2;

  beforeAll(async () => {
    emulator = await startTestEmulator();
    clock = createManualClock(Date.now());
    caller = localDeveloper;
    gateway = await startGateway(emulator, {
      clock,
      callerOf: () => caller,
      environment: { HUB_UNITS: '100' },
    });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
  });

  /** What was known of the fleet before is forgotten with time. */
  function plantAnew(devices: readonly PlainDevice[]): void {
    planted += 1;
    plantFleet(emulator, devices, planted);
    clock.advance(120_000);
  }

  async function idsOf({ where, first }: Question): Promise<readonly string[]> {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { devices }: { devices: Page } = await gateway.data(FindDevicesDocument, {
        where,
        first,
        after,
      });
      ids.push(...devices.nodes.map((device) => device.deviceId));
      after = devices.pageInfo.endCursor ?? null;
    } while (after !== null);
    return ids.sort();
  }

  interface Page {
    readonly nodes: readonly { readonly deviceId: string }[];
    readonly pageInfo: { readonly endCursor?: string | null };
  }

  test('selects what a plain evaluator selects, and is counted as that or refused', async () => {
    const seen = { selected: 0, left: 0, counted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(world, async ({ devices, questions, groupBy }) => {
        plantAnew(devices);
        for (const question of questions) {
          const { where } = question;
          const chosen = devices.filter((device) => selects(where, device));
          expect(await idsOf(question), JSON.stringify(where)).toEqual(
            chosen.map((device) => device.deviceId).sort(),
          );
          seen.selected += chosen.length;
          seen.left += devices.length - chosen.length;

          const { data, errors } = await gateway.execute(DeviceCountsDocument, {
            where,
            groupBy: { by: 'TAG', path: groupBy },
          });
          if (errors.length > 0) {
            expect(errors[0]?.extensions?.['code']).toBe('FILTER_NOT_COUNTABLE');
            seen.refused += 1;
          } else {
            expect(data?.deviceCounts.total, JSON.stringify(where)).toBe(chosen.length);
            expect(asText(data?.deviceCounts.groups ?? [])).toEqual(countedBy(chosen, groupBy));
            seen.counted += 1;
          }
        }
      }),
      { seed: SEED, numRuns: 60 },
    );
    // The comparison means something only while all of these are common.
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(20);
    expect(seen.counted).toBeGreaterThan(200);
  }, 240_000);

  test('shows and counts within a scope what both it and the filter select', async () => {
    const seen = { selected: 0, hidden: 0, counted: 0 };
    await fc.assert(
      fc.asyncProperty(world, async ({ devices, questions, scopes }) => {
        plantAnew(devices);
        const grants = scopes.map((scope) => ({
          permissions: new Set(permissions),
          scope: deviceFilter(parsed(scope)),
        }));
        for (const question of questions.slice(0, 3)) {
          const { where } = question;
          const chosen = devices.filter((device) => selects(where, device));
          const shown = chosen.filter((device) => scopes.some((scope) => selects(scope, device)));
          caller = { id: 'scoped', grants };
          const ids = await idsOf(question);
          const { data } = await gateway.execute(DeviceCountsDocument, { where });

          const told = JSON.stringify({ where, scopes });
          expect(ids, told).toEqual(shown.map((device) => device.deviceId).sort());
          if (data) expect(data.deviceCounts.total, told).toBe(shown.length);
          seen.selected += shown.length;
          seen.hidden += chosen.length - shown.length;
          seen.counted += data ? 1 : 0;
        }
      }),
      { seed: SEED, numRuns: 100 },
    );
    caller = localDeveloper;
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(20);
  }, 120_000);

  /** A filter as the gateway takes it from configuration: its paths taken apart, its times read. */
  function parsed(filter: DeviceFilter): Parameters<typeof deviceFilter>[0] {
    return JSON.parse(JSON.stringify(filter), (name, value: unknown) => {
      if (name === 'path') return String(value).split('.');
      if (name !== 'lastActivity' && name !== 'lastReboot') return value;
      const bounds = Object.entries(value as DateTimeCondition);
      return Object.fromEntries(
        bounds.map(([bound, at]) => [bound, bound === 'exists' ? at : new Date(String(at))]),
      );
    });
  }

  /** Values that are not there are null to a client. */
  function countedBy(devices: readonly PlainDevice[], path: string): readonly string[] {
    const counts = new Map<string, number>();
    for (const device of devices) {
      const value = find(device.tags, path);
      const text = JSON.stringify(typeof value === 'symbol' ? null : value);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    return [...counts].map(([text, count]) => `${text} ${count}`).sort();
  }

  function asText(groups: readonly { readonly value?: unknown; readonly count: number }[]) {
    return groups.map(({ value, count }) => `${JSON.stringify(value)} ${count}`).sort();
  }

  test('keeps any text within its quotes: it is data, or a mistake by name', async () => {
    const bystander: PlainDevice = {
      deviceId: 'bystander',
      status: 'ENABLED',
      connectionState: 'DISCONNECTED',
      lastActivity: '0001-01-01T00:00:00Z',
      reboots: {},
      tags: { a: 'a', x: 1 },
      desired: {},
      reported: {},
      modules: [{ moduleId: 'm', tags: {}, desired: {}, reported: {} }],
    };
    plantAnew([bystander]);
    const place = fc.constantFrom<(text: string) => DeviceFilter>(
      (text) => ({ deviceId: { eq: text } }),
      (text) => ({ deviceId: { in: [text, text] } }),
      (text) => ({ deviceId: { startsWith: text } }),
      (text) => ({ not: { deviceId: { startsWith: text } } }),
      (text) => ({ tags: [{ path: text, exists: true }] }),
      (text) => ({ tags: [{ path: `a.${text}`, eq: text }] }),
      (text) => ({ tags: [{ path: 'a', eq: text }] }),
      (text) => ({ tags: [{ path: 'a', ne: text }] }),
      (text) => ({ not: { reported: [{ path: text, nin: [text] }] } }),
      (text) => ({ modules: { moduleId: { eq: text } } }),
      (text) => ({ modules: { tags: [{ path: text, ne: text }] } }),
    );
    const seen = { data: 0, mistakes: 0 };
    await fc.assert(
      fc.asyncProperty(hostile, place, async (text, filterOf) => {
        clock.advance(5_000);
        const where = filterOf(text);
        const { data, errors } = await gateway.execute(FindDevicesDocument, { where });
        if (errors.length > 0) {
          expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
          expect(errors[0]?.message).toMatch(/path/);
          seen.mistakes += 1;
        } else {
          const ids = data?.devices.nodes.map((device) => device.deviceId);
          expect(ids, JSON.stringify(where)).toEqual(
            selects(where, bystander) ? ['bystander'] : [],
          );
          seen.data += 1;
        }
      }),
      { seed: SEED, numRuns: 600 },
    );
    expect(seen.data).toBeGreaterThan(200);
    expect(seen.mistakes).toBeGreaterThan(20);
  }, 120_000);
});
