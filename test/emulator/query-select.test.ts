import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/emulator/json.js';
import { compileQuery } from '../../src/emulator/query/index.js';

const pump: JsonObject = {
  deviceId: 'pump-1',
  status: 'enabled',
  version: 4,
  tags: { site: 'muc', floor: 2, group: 'wet' },
  properties: { desired: {}, reported: { interval: 60, fw: { version: '1.2' } } },
};
const valve: JsonObject = {
  deviceId: 'valve-1',
  status: 'disabled',
  version: 2,
  tags: { site: 'ber', floor: 'attic' },
  properties: { desired: {}, reported: { interval: 20 } },
};
const motor: JsonObject = {
  deviceId: 'motor-1',
  status: 'enabled',
  version: 9,
  tags: { site: 'muc', floor: 4 },
  properties: { desired: {}, reported: { interval: 10, fw: { version: '1.2' } } },
};
const fleet = [pump, valve, motor];

const run = (text: string): JsonValue[] => compileQuery(text).run(fleet);

describe('sources', () => {
  it.each([
    ['SELECT * FROM devices', 'devices', 'Twin'],
    ['select * from DEVICES', 'devices', 'Twin'],
    ['SELECT * FROM devices.modules', 'devices.modules', 'Twin'],
    ['SELECT * FROM devices.jobs', 'devices.jobs', 'DeviceJob'],
    ['SELECT deviceId FROM devices', 'devices', 'Raw'],
    ['SELECT moduleId FROM devices.modules', 'devices.modules', 'Raw'],
    ['SELECT COUNT() AS n FROM devices', 'devices', 'Raw'],
  ])('%s reads %s and answers %s', (text, source, itemType) => {
    expect(compileQuery(text)).toMatchObject({ source, itemType });
  });

  it('gives the very rows for SELECT *', () => {
    const [first] = run("SELECT * FROM devices WHERE deviceId = 'pump-1'");
    expect(first).toBe(pump);
  });

  it('reads any iterable, and the same query any number of times', () => {
    const query = compileQuery('SELECT * FROM devices');
    expect(query.run(new Set(fleet))).toEqual(fleet);
    expect(query.run([])).toEqual([]);
  });

  it('strips the collection from paths', () => {
    const row: JsonObject = {
      deviceId: 'd',
      moduleId: 'm',
      jobId: 'j',
      createdDateTimeUtc: '2025',
    };
    for (const [text, count] of [
      ["SELECT * FROM devices WHERE devices.deviceId = 'd'", 1],
      ["SELECT * FROM devices WHERE DEVICES.deviceId = 'd'", 1],
      ["SELECT * FROM devices.modules WHERE devices.modules.moduleId = 'm'", 1],
      ["SELECT * FROM devices.modules WHERE devices.moduleId = 'm'", 1],
      ["SELECT * FROM devices.modules WHERE moduleId = 'm'", 1],
      ["SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'j' AND jobId = 'j'", 1],
      ["SELECT * FROM devices.jobs WHERE devices.jobs.createdTimeUtc > '2016'", 1],
      ["SELECT * FROM devices WHERE devices.modules.moduleId = 'm'", 0],
      ["SELECT * FROM devices WHERE devices = 'd'", 0],
    ] as const) {
      expect(compileQuery(text).run([row]), text).toHaveLength(count);
    }
  });
});

describe('projections', () => {
  it.each<[string, JsonObject]>([
    ['deviceId', { deviceId: 'pump-1' }],
    ['deviceId, status', { deviceId: 'pump-1', status: 'enabled' }],
    ['deviceId AS id', { id: 'pump-1' }],
    ['properties.reported.fw.version', { version: '1.2' }],
    ['properties.reported.fw.version AS fw, version', { fw: '1.2', version: 4 }],
    ['properties.reported.fw', { fw: { version: '1.2' } }],
    ['devices.tags.[[group]]', { group: 'wet' }],
    ['tags.nowhere, tags.site', { site: 'muc' }],
    ['tags.nowhere', {}],
    // Protocol §9 row 6: the hub takes its own names in any case and echoes what was typed.
    ['DeviceID, Properties.Reported.interval', { DeviceID: 'pump-1', interval: 60 }],
    ['tags.Site', {}],
    ['tags.constructor, tags.__proto__, tags.site.length', {}],
  ])('SELECT %s', (projections, expected) => {
    expect(run(`SELECT ${projections} FROM devices`)[0]).toEqual(expected);
  });

  it('takes any name as an alias', () => {
    const [row] = run('SELECT deviceId AS __proto__ FROM devices');
    expect(Object.entries(row ?? {})).toEqual([['__proto__', 'pump-1']]);
  });
});

describe('TOP', () => {
  it.each([
    ['SELECT TOP 2 * FROM devices', 2],
    ['SELECT TOP 0 * FROM devices', 0],
    ['SELECT TOP 9 deviceId FROM devices', 3],
    ["SELECT TOP 1 deviceId FROM devices WHERE status = 'enabled'", 1],
    ['SELECT TOP 1 status, COUNT() AS n FROM devices GROUP BY status', 1],
  ])('%s gives %d', (text, count) => {
    expect(run(text)).toHaveLength(count);
  });

  it('stops reading when it has enough', () => {
    let read = 0;
    function* rows(): Generator<JsonObject> {
      for (const row of fleet) {
        read += 1;
        yield row;
      }
    }
    compileQuery('SELECT TOP 1 * FROM devices').run(rows());
    expect(read).toBe(1);
  });
});

describe('aggregates', () => {
  it.each<[string, JsonObject]>([
    ['COUNT() AS n', { n: 3 }],
    ['count()', { count: 3 }],
    ['SUM(version) AS total', { total: 15 }],
    ['AVG(version)', { avg: 5 }],
    ['MIN(version), MAX(version)', { min: 2, max: 9 }],
    ['MIN(deviceId) AS first', { first: 'motor-1' }],
    // Texts are not summed; where types mix, numbers come before texts.
    ['SUM(tags.floor) AS sum, AVG(tags.floor) AS avg', { sum: 6, avg: 3 }],
    ['MIN(tags.floor) AS min, MAX(tags.floor) AS max', { min: 2, max: 'attic' }],
    ['SUM(tags.nowhere) AS sum, AVG(tags.nowhere) AS avg', { sum: 0 }],
    ['MIN(tags) AS min, MAX(tags.nowhere) AS max', {}],
  ])('SELECT %s', (projections, expected) => {
    expect(run(`SELECT ${projections} FROM devices`)).toEqual([expected]);
  });

  it('are of the rows that the condition lets through', () => {
    expect(run("SELECT COUNT() AS n FROM devices WHERE status = 'enabled'")).toEqual([{ n: 2 }]);
  });

  it('count nothing as 0', () => {
    expect(run("SELECT COUNT() AS n FROM devices WHERE status = 'lost'")).toEqual([{ n: 0 }]);
  });
});

describe('GROUP BY', () => {
  it('gives a row for each value, in the order of their first rows', () => {
    const text = 'SELECT status, COUNT() AS n, AVG(version) AS v FROM devices GROUP BY status';
    expect(run(text)).toEqual([
      { status: 'enabled', n: 2, v: 6.5 },
      { status: 'disabled', n: 1, v: 2 },
    ]);
  });

  it('groups the rows without the value by themselves', () => {
    const text =
      'SELECT properties.reported.fw.version AS fw, COUNT() AS n FROM devices GROUP BY properties.reported.fw.version';
    expect(run(text)).toEqual([{ fw: '1.2', n: 2 }, { n: 1 }]);
  });

  it('takes several paths, and needs none of them selected', () => {
    expect(run('SELECT COUNT() AS n FROM devices GROUP BY status, tags.site')).toEqual([
      { n: 2 },
      { n: 1 },
    ]);
  });

  it('tells a number from its text, and null from nothing', () => {
    const rows = [1, '1', null, undefined, 1].map(
      (x): JsonObject => ({ tags: x === undefined ? {} : { x } }),
    );
    const query = compileQuery('SELECT tags.x, COUNT() AS n FROM devices GROUP BY tags.x');
    expect(query.run(rows)).toEqual([
      { x: 1, n: 2 },
      { x: '1', n: 1 },
      { x: null, n: 1 },
      { n: 1 },
    ]);
  });

  it('has no groups where there are no rows', () => {
    expect(run("SELECT status FROM devices WHERE status = 'lost' GROUP BY status")).toEqual([]);
  });

  it('knows a grouped path by any of its spellings', () => {
    const text = 'SELECT Devices.Status AS s FROM devices GROUP BY status';
    expect(run(text)).toEqual([{ s: 'enabled' }, { s: 'disabled' }]);
  });
});
