import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { createServiceSdk } from './emulator/support/service.js';
import { createManualClock, type ManualClock } from './services/support/manual-clock.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import {
  DeviceCountsDocument,
  DeviceDocument,
  type DeviceFilter,
  type DeviceGrouping,
  type DeviceOrder,
  FindDevicesDocument,
  PropertyPathsDocument,
  RawQueryDocument,
} from './support/operations.js';
import { plantFleet } from './support/plain-fleet.js';

/** Each device with the firmware that it reports, and its site. */
const fleet = [
  { deviceId: 'a', site: 'muc', firmware: '1.0', port: 1 },
  { deviceId: 'b', site: 'ber', firmware: '2.0', port: '1' },
  { deviceId: 'c', site: 'muc', firmware: '2.0', port: true },
  { deviceId: 'd', site: undefined, firmware: '10.0', port: undefined },
  { deviceId: 'e', site: 'muc', firmware: '1.0', port: { in: 1 } },
  { deviceId: 'f', site: 'oslo', firmware: '1.5', port: [1] },
];

describe('a fleet', () => {
  let emulator: TestEmulator;
  let gateway: TestGateway;
  let clock: ManualClock;

  beforeAll(async () => {
    emulator = await startTestEmulator({
      seed: {
        devices: fleet.map(({ deviceId, site, firmware, port }) => ({
          deviceId,
          status: deviceId === 'f' ? 'disabled' : 'enabled',
          tags: site === undefined ? {} : { site, place: { floor: 3 } },
          properties: {
            desired: { interval: 60 },
            reported: { firmware: { version: firmware }, ...(port !== undefined && { port }) },
          },
        })),
      },
    });
    const { registry } = createServiceSdk(emulator);
    for (const [deviceId, moduleId] of [
      ['a', 'camera'],
      ['b', 'camera'],
      ['b', 'door'],
    ] as const) {
      await registry.addModule({ deviceId, moduleId });
    }
    await registry.updateModuleTwin('b', 'camera', { tags: { lens: 'wide' } }, '*');
    clock = createManualClock(Date.now());
    gateway = await startGateway(emulator, { clock });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
  });

  const queries = () => emulator.calls.count({ operation: 'query' });

  async function idsOf(where: DeviceFilter, orderBy?: DeviceOrder): Promise<readonly string[]> {
    const { devices } = await gateway.data(FindDevicesDocument, {
      where,
      ...(orderBy && { orderBy }),
    });
    const ids = devices.nodes.map(({ deviceId }) => deviceId);
    return orderBy ? ids : [...ids].sort();
  }

  async function refusalOf(where: DeviceFilter, orderBy?: DeviceOrder) {
    const variables = { where, ...(orderBy && { orderBy }) };
    const { errors } = await gateway.execute(FindDevicesDocument, variables);
    return { code: errors[0]?.extensions?.['code'], message: errors[0]?.message };
  }

  describe('is found', () => {
    const port = (condition: object): DeviceFilter => ({
      reported: [{ path: 'port', ...condition }],
    });

    test.each<[string, DeviceFilter, string]>([
      ['a number, not the text that looks like it', port({ eq: 1 }), 'a'],
      ['a text, not the number that looks like it', port({ eq: '1' }), 'b'],
      ['another value of any type, or none', port({ ne: 1 }), 'bcd'],
      ['what is not this: lists and objects, too', { not: port({ eq: 1 }) }, 'bcdef'],
      ['what is not another: what is this, lists and objects', { not: port({ ne: 1 }) }, 'aef'],
      ['none of several types', port({ nin: [1, '1'] }), 'cd'],
      ['what is not below: what does not compare, too', { not: port({ lt: 1 }) }, 'abcdef'],
      ['a value inside an object', { reported: [{ path: 'port.in', eq: 1 }] }, 'e'],
      ['an object, by being there', port({ exists: true }), 'abcef'],
      [
        'a text that is a version, as text',
        { reported: [{ path: 'firmware.version', lt: '2' }] },
        'adef',
      ],
      [
        'one or the other',
        { or: [{ deviceId: { startsWith: 'a' } }, { tags: [{ path: 'site', eq: 'ber' }] }] },
        'ab',
      ],
      ['no activity ever', { lastActivity: { exists: false } }, 'abcdef'],
      ['activity since', { lastActivity: { gte: '2020-01-01T00:00:00Z' } }, ''],
      ['a module', { modules: { moduleId: { eq: 'camera' } } }, 'ab'],
      ['a module with a tag', { modules: { tags: [{ path: 'lens', eq: 'wide' }] } }, 'b'],
      [
        'two things of one module, not of two',
        { modules: { moduleId: { eq: 'door' }, tags: [{ path: 'lens', eq: 'wide' }] } },
        '',
      ],
      ['any module', { modules: {} }, 'ab'],
      ['no module', { not: { modules: {} } }, 'cdef'],
      ['nothing at all', { not: {} }, ''],
    ])('by %s', async (_what, where, ids) => {
      clock.advance(60_000);
      expect((await idsOf(where)).join('')).toBe(ids);
    });

    test('by what is not, as cheaply as by what is, where no object is in the way', async () => {
      clock.advance(60_000);
      const where = { not: { tags: [{ path: 'site', eq: 'muc' }] } };
      const before = queries();
      const first = await gateway.data(FindDevicesDocument, { where, first: 1 });
      const asked = queries() - before;
      const after = first.devices.pageInfo.endCursor ?? null;
      const second = await gateway.data(FindDevicesDocument, { where, first: 2, after });

      expect(first.devices.nodes).toHaveLength(1);
      expect(second.devices.nodes).toHaveLength(2);
      expect(second.devices.pageInfo.hasNextPage).toBe(false);
      // Two to find out that no site is an object, and one for each page.
      expect([asked, queries() - before - asked]).toEqual([3, 1]);
    });

    test('page by page where the hub says too little, each device once, whatever the size', async () => {
      clock.advance(60_000);
      const where = { not: { reported: [{ path: 'port', eq: 1 }] } };
      const seen: string[] = [];
      let after: string | null = null;
      for (const first of [2, 1, 50]) {
        const { devices }: { devices: Page } = await gateway.data(FindDevicesDocument, {
          where,
          first,
          after,
        });
        seen.push(devices.nodes.map(({ deviceId }) => deviceId).join(''));
        after = devices.pageInfo.endCursor ?? null;
      }
      expect(seen).toEqual(['bc', 'd', 'ef']);
      expect(after).toBeNull();
    });

    interface Page {
      readonly nodes: readonly { readonly deviceId: string }[];
      readonly pageInfo: { readonly endCursor?: string | null };
    }

    test('by no filter that is as deep as none is meant', async () => {
      const literal = `{ devices(where: ${nested(500, 'not: ')}) { nodes { id } } }`;
      const query = 'query ($where: DeviceFilter) { devices(where: $where) { nodes { id } } }';
      for (const body of [
        JSON.stringify({ query: literal }),
        `{"query":"${query}","variables":{"where":${nested(2_000, '"not":')}}}`,
      ]) {
        const response = await fetch(`${gateway.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        });
        expect(await response.json()).toMatchObject({
          errors: [
            {
              message: `where${'.not'.repeat(10)}: the filter is nested deeper than 10 levels`,
              extensions: { code: 'BAD_USER_INPUT' },
            },
          ],
        });
      }
    });

    function nested(levels: number, key: string): string {
      return `${`{${key}`.repeat(levels)}{}${'}'.repeat(levels)}`;
    }
  });

  describe('is sorted', () => {
    test.each<[DeviceOrder, string]>([
      [{ by: 'DEVICE_ID', direction: 'ASC' }, 'abcdef'],
      [{ by: 'DEVICE_ID', direction: 'DESC' }, 'fedcba'],
      [{ by: 'TAG', path: 'site', direction: 'ASC' }, 'bacefd'],
      [{ by: 'TAG', path: 'site', direction: 'DESC' }, 'facebd'],
      [{ by: 'DESIRED', path: 'interval', direction: 'DESC' }, 'abcdef'],
      [{ by: 'REPORTED', path: 'port', direction: 'ASC' }, 'cabdef'],
      [{ by: 'REPORTED', path: 'firmware.version', direction: 'ASC' }, 'aefdbc'],
      [{ by: 'LAST_ACTIVITY', direction: 'ASC' }, 'abcdef'],
      [{ by: 'LAST_REBOOT', direction: 'DESC' }, 'abcdef'],
    ])('by %j', async (orderBy, ids) => {
      expect((await idsOf({}, orderBy)).join('')).toBe(ids);
    });

    test('and paged, at the cost of one reading', async () => {
      clock.advance(60_000);
      const orderBy = { by: 'TAG', path: 'site', direction: 'DESC' } as const;
      const before = queries();
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const { devices }: { devices: Sorted } = await gateway.data(FindDevicesDocument, {
          first: 2,
          after,
          orderBy,
        });
        seen.push(devices.nodes.map(({ deviceId }) => deviceId).join(''));
        after = devices.pageInfo.endCursor ?? null;
      } while (after !== null);

      expect(seen).toEqual(['fa', 'ce', 'bd']);
      expect(queries() - before).toBe(1);
    });

    interface Sorted {
      readonly nodes: readonly { readonly deviceId: string }[];
      readonly pageInfo: { readonly endCursor?: string | null };
    }

    test('with what has been seen of a device since it was read, and nothing older', async () => {
      clock.advance(60_000);
      const orderBy = { by: 'TAG', path: 'site', direction: 'ASC' } as const;
      const sites = async () => {
        const where = { deviceId: { in: ['a', 'b'] } };
        const { devices } = await gateway.data(FindDevicesDocument, { where, orderBy });
        return devices.nodes.map(({ deviceId }) => deviceId).join('');
      };
      const move = async (site: string) => {
        await createServiceSdk(emulator).registry.updateTwin('a', { tags: { site } }, '*');
        await gateway.data(DeviceDocument, { id: 'a' });
      };

      expect(await sites()).toBe('ba');
      await move('aachen');
      expect(await sites()).toBe('ab');
      await move('muc');
      expect(await sites()).toBe('ba');
    });

    test('by what is named with a path where it needs one, and without where not', async () => {
      expect(await refusalOf({}, { by: 'TAG', direction: 'ASC' })).toEqual({
        code: 'BAD_USER_INPUT',
        message: 'orderBy.path: expected the path of a property beside TAG',
      });
      expect(await refusalOf({}, { by: 'DEVICE_ID', path: 'a', direction: 'ASC' })).toEqual({
        code: 'BAD_USER_INPUT',
        message: 'orderBy.path: DEVICE_ID takes no path',
      });
    });
  });

  describe('is counted', () => {
    async function counts(where: DeviceFilter, groupBy?: DeviceGrouping) {
      const { deviceCounts } = await gateway.data(DeviceCountsDocument, {
        where,
        ...(groupBy && { groupBy }),
      });
      const { total, groups, observedAt } = deviceCounts;
      const age = clock.now() - Date.parse(observedAt);
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThanOrEqual(60_000);
      return { total, groups: groups.map(({ value, count }) => [value, count]) };
    }

    test('in all, and by the values of a property, with those that have none', async () => {
      expect(await counts({})).toEqual({ total: 6, groups: [] });
      expect(await counts({}, { by: 'TAG', path: 'site' })).toEqual({
        total: 6,
        groups: [
          ['muc', 3],
          ['ber', 1],
          ['oslo', 1],
          [null, 1],
        ],
      });
      expect(await counts({}, { by: 'REPORTED', path: 'firmware.version' })).toEqual({
        total: 6,
        groups: [
          ['1.0', 2],
          ['2.0', 2],
          ['1.5', 1],
          ['10.0', 1],
        ],
      });
      expect(await counts({}, { by: 'DESIRED', path: 'interval' })).toEqual({
        total: 6,
        groups: [[60, 6]],
      });
    });

    test('by status and connection state, in the words of the schema', async () => {
      expect(await counts({}, { by: 'STATUS' })).toEqual({
        total: 6,
        groups: [
          ['ENABLED', 5],
          ['DISABLED', 1],
        ],
      });
      expect(await counts({}, { by: 'CONNECTION_STATE' })).toEqual({
        total: 6,
        groups: [['DISCONNECTED', 6]],
      });
    });

    test('by a filter, exactly or not at all', async () => {
      clock.advance(60_000);
      expect(await counts({ not: { tags: [{ path: 'site', eq: 'muc' }] } })).toMatchObject({
        total: 3,
      });
      expect(await counts({ modules: {} }, { by: 'TAG', path: 'site' })).toEqual({
        total: 2,
        groups: [
          ['ber', 1],
          ['muc', 1],
        ],
      });
      expect(await counts({ not: {} }, { by: 'STATUS' })).toEqual({ total: 0, groups: [] });
      const where = { not: { reported: [{ path: 'port', eq: 1 }] } };
      const { errors } = await gateway.execute(DeviceCountsDocument, { where });
      expect(errors).toMatchObject([
        { extensions: { code: 'FILTER_NOT_COUNTABLE', argument: 'where' } },
      ]);
    });

    test('when the hub is well', async () => {
      clock.advance(60_000);
      emulator.faults.add({ operation: 'query', times: 1, effect: { kind: 'throttle' } });
      const { errors } = await gateway.execute(DeviceCountsDocument, {});

      expect(errors).toMatchObject([{ extensions: { code: 'HUB_THROTTLED' } }]);
    });
  });

  describe('says what properties it has', () => {
    test('with types, numbers and an example', async () => {
      clock.advance(600_000);
      const { propertyPaths } = await gateway.data(PropertyPathsDocument, {});

      expect(propertyPaths.sampled).toBe(6);
      expect(propertyPaths.observedAt).toBe(new Date(clock.now()).toISOString());
      expect(propertyPaths.paths).toEqual([
        { section: 'DESIRED', path: 'interval', types: ['NUMBER'], devices: 6, example: 60 },
        {
          section: 'REPORTED',
          path: 'firmware.version',
          types: ['STRING'],
          devices: 6,
          example: '1.0',
        },
        {
          section: 'REPORTED',
          path: 'port',
          types: ['BOOLEAN', 'LIST', 'NUMBER', 'OBJECT', 'STRING'],
          devices: 5,
          example: 1,
        },
        { section: 'TAG', path: 'place.floor', types: ['NUMBER'], devices: 5, example: 3 },
        { section: 'TAG', path: 'site', types: ['STRING'], devices: 5, example: 'muc' },
        { section: 'REPORTED', path: 'port.in', types: ['NUMBER'], devices: 1, example: 1 },
      ]);
    });

    test('by a filter, from a sample that is used for ten minutes', async () => {
      clock.advance(600_000);
      const where = { deviceId: { eq: 'd' } };
      const before = queries();
      const first = await gateway.data(PropertyPathsDocument, { where });
      clock.advance(599_000);
      const second = await gateway.data(PropertyPathsDocument, { where });
      const third = clock.advance(1_000) ?? (await gateway.data(PropertyPathsDocument, { where }));

      expect(first.propertyPaths).toMatchObject({ sampled: 1 });
      expect(second).toEqual(first);
      expect(third.propertyPaths.observedAt).not.toBe(first.propertyPaths.observedAt);
      expect(queries() - before).toBe(2);
    });

    test('at most twice a minute, so that there is budget for others', async () => {
      clock.advance(600_000);
      const before = queries();
      const codeOf = async (deviceId: string) => {
        const where = { deviceId: { eq: deviceId } };
        const { errors } = await gateway.execute(PropertyPathsDocument, { where });
        return errors[0]?.extensions?.['code'];
      };

      expect([await codeOf('a'), await codeOf('b'), await codeOf('c'), await codeOf('a')]).toEqual([
        undefined,
        undefined,
        'HUB_THROTTLED',
        undefined,
      ]);
      expect(queries() - before).toBe(2);
      clock.advance(60_000);
      expect(await codeOf('c')).toBeUndefined();
    });

    test('but not by modules, which one query could not ask for', async () => {
      const { errors } = await gateway.execute(PropertyPathsDocument, { where: { modules: {} } });

      expect(errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', argument: 'where.modules' } },
      ]);
    });
  });

  describe('is asked in the hub’s own language', () => {
    test('page by page, for rows of any form', async () => {
      const sql = 'SELECT deviceId, tags.site AS site FROM devices WHERE IS_DEFINED(tags.site)';
      const one = await gateway.data(RawQueryDocument, { sql, first: 3 });
      const after = one.query.pageInfo.endCursor ?? null;
      const two = await gateway.data(RawQueryDocument, { sql, first: 3, after });

      expect(one.query.rows).toEqual([
        { deviceId: 'a', site: 'muc' },
        { deviceId: 'b', site: 'ber' },
        { deviceId: 'c', site: 'muc' },
      ]);
      expect(one.query.cost).toBe(1);
      expect(two.query).toEqual({
        rows: [
          { deviceId: 'e', site: 'muc' },
          { deviceId: 'f', site: 'oslo' },
        ],
        pageInfo: { hasNextPage: false, endCursor: null },
        cost: 1,
      });
    });

    test.each([
      ['what the hub does not understand', 'SELECT everything', /^sql: IoT Hub answered 400/],
      ['what is too long', `SELECT * FROM devices${' '.repeat(8192)}`, /^sql: 8213 characters/],
    ])('and says of %s why not', async (_what, sql, message) => {
      const { errors } = await gateway.execute(RawQueryDocument, { sql });

      expect(errors[0]?.message).toMatch(message);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'sql' } }]);
    });

    test('with cursors that fit no other query and are not used for ever', async () => {
      const sql = 'SELECT * FROM devices';
      const { query } = await gateway.data(RawQueryDocument, { sql, first: 1 });
      const after = query.pageInfo.endCursor ?? null;
      const codeOf = async (text: string) => {
        const { errors } = await gateway.execute(RawQueryDocument, { sql: text, after });
        return errors[0]?.extensions?.['code'];
      };

      expect(await codeOf('SELECT deviceId FROM devices')).toBe('CURSOR_FILTER_MISMATCH');
      const effect = { kind: 'status', status: 400, code: 'ArgumentInvalid' } as const;
      emulator.faults.add({ operation: 'query', times: 1, effect });
      expect(await codeOf(sql)).toBe('CURSOR_EXPIRED');
    });
  });
});

describe('a fleet that is too large', () => {
  let emulator: TestEmulator;
  let gateway: TestGateway;

  beforeAll(async () => {
    emulator = await startTestEmulator({
      seed: {
        devices: Array.from({ length: 1001 }, (_, index) => ({
          deviceId: `d${index}`,
          tags: { number: index, few: index < 150 },
        })),
      },
    });
    gateway = await startGateway(emulator);
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
  });

  const queries = () => emulator.calls.count({ operation: 'query' });
  const orderBy = { by: 'TAG', path: 'number', direction: 'DESC' } as const;

  test('to be sorted is not, after two queries that say so', async () => {
    const before = queries();
    const { errors } = await gateway.execute(FindDevicesDocument, { orderBy });

    expect(errors).toMatchObject([{ extensions: { code: 'RESULT_TOO_LARGE' } }]);
    expect(errors[0]?.message).toMatch(/^there are 1001 devices; .* up to 1000/);
    expect(queries() - before).toBe(2);
  });

  test('is sorted in the parts that are not', async () => {
    const where = { tags: [{ path: 'few', eq: true }] };
    const { devices } = await gateway.data(FindDevicesDocument, { where, orderBy, first: 3 });

    expect(devices.nodes.map(({ deviceId }) => deviceId)).toEqual(['d149', 'd148', 'd147']);
  });

  test('to be grouped is counted all the same, and grouped by what it has in common', async () => {
    const { deviceCounts } = await gateway.data(DeviceCountsDocument, {
      groupBy: { by: 'TAG', path: 'few' },
    });
    const { errors } = await gateway.execute(DeviceCountsDocument, {
      groupBy: { by: 'TAG', path: 'number' },
    });

    expect(deviceCounts.groups).toEqual([
      { value: false, count: 851 },
      { value: true, count: 150 },
    ]);
    expect(errors).toMatchObject([{ extensions: { code: 'RESULT_TOO_LARGE' } }]);
    expect(errors[0]?.message).toMatch(/^there are more different values;/);
  });

  test('is asked again where the hub could not answer, and that is told as its cost', async () => {
    const effect = { kind: 'status', status: 503, code: 'ServerBusy' } as const;
    emulator.faults.add({ operation: 'query', times: 1, effect });
    const { query } = await gateway.data(RawQueryDocument, {
      sql: 'SELECT COUNT() AS n FROM devices',
    });

    expect(query).toMatchObject({ rows: [{ n: 1001 }], cost: 2 });
  });

  test('to be named by its modules is not', async () => {
    const twin = { tags: {}, desired: {}, reported: {} };
    await using hub = await startTestEmulator();
    await using door = await startGateway(hub);
    const devices = Array.from({ length: 120 }, (_, index) => ({
      deviceId: `${index}-${'x'.repeat(60)}`,
      status: 'ENABLED' as const,
      connectionState: 'DISCONNECTED' as const,
      lastActivity: '0001-01-01T00:00:00Z',
      reboots: {},
      ...twin,
      modules: [{ moduleId: `m${index % 2}`, ...twin }],
    }));
    plantFleet(hub, devices, 2);
    const find = (where: DeviceFilter) => door.execute(FindDevicesDocument, { where, first: 100 });

    expect((await find({ modules: {} })).errors).toMatchObject([
      {
        message:
          'where: more devices have a module like this than a query can name; narrow the filter',
        extensions: { code: 'RESULT_TOO_LARGE', argument: 'where' },
      },
    ]);
    const { data } = await find({ modules: { moduleId: { eq: 'm1' } } });
    expect(data?.devices.nodes).toHaveLength(60);
  });
});
