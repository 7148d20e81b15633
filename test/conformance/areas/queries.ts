import { type Area, type Check, type Level, may, must, should } from '../check.js';
import { sources } from '../sources.js';
import { type Answer, type Call, expectAnswer, expectRefusal } from '../support/http.js';
import type { Hub } from '../support/hub.js';
import { expectMatch, fail, type Pattern, read } from '../support/match.js';

/** The devices that all of these checks query, told from others by a tag. */
interface Fleet {
  readonly run: string;
  /** The ids behind the short names a, b, c and d. */
  readonly ids: Readonly<Record<string, string>>;
}

const twinsOfFleet = {
  a: {
    tags: { site: 'muc', floor: 1, group: { name: 'x' }, list: ['red', 'blue'], on: true },
    properties: { desired: { interval: 60 } },
  },
  b: {
    tags: { site: 'muc', floor: 2, group: { name: 'y' }, on: false },
    properties: { desired: { interval: 30 } },
  },
  c: { tags: { site: 'ber', floor: 3, label: 'it"s' }, properties: { desired: { interval: 30 } } },
  d: { tags: { site: 'Ber', floor: 'roof' } },
} as const;

function shareFleet(hub: Hub): Promise<Fleet> {
  return hub.share('fleet', async (own) => {
    const run = own.newId();
    const ids: Record<string, string> = {};
    for (const [name, twin] of Object.entries(twinsOfFleet)) {
      const tags = { ...twin.tags, run };
      const device = await own.createDevice({ twin: { ...twin, tags } });
      ids[name] = device.deviceId;
    }
    const module = await own.createModule({ deviceId: ids['a'] ?? '', key: '', etag: '' }, 'm1');
    await own.prepare(`PATCH /twins/${module.deviceId}/modules/m1`, { body: { tags: { run } } });
    const isListed = (body: unknown) => Array.isArray(body) && body.length === 4;
    const query = `SELECT * FROM devices WHERE tags.run = '${run}'`;
    await own.until('POST /devices/query', isListed, { body: { query } });
    return { run, ids };
  });
}

async function ask(hub: Hub, query: string, call: Call = {}): Promise<Answer> {
  const { run } = await shareFleet(hub);
  const text = query.replaceAll('@mine', `tags.run = '${run}'`);
  return await hub.send('POST /devices/query', { ...call, body: { query: text } });
}

type Builder = typeof must;
const builders: Readonly<Record<Level, Builder>> = { MUST: must, SHOULD: should, MAY: may };

/** Which devices a condition lets through. */
function condition(
  id: string,
  sentence: string,
  text: string,
  names: string,
  options: { readonly level?: Level; readonly source?: string } = {},
): Check {
  const { level = 'MUST', source = sources.query } = options;
  return builders[level](id, sentence, source, async (hub) => {
    const { ids } = await shareFleet(hub);
    const answer = await ask(hub, `SELECT * FROM devices WHERE @mine AND (${text})`);
    expectAnswer(answer, { status: 200, headers: { 'x-ms-item-type': 'Twin' } });
    const found = Array.isArray(answer.body)
      ? answer.body.map((twin) => read(twin, 'deviceId'))
      : [];
    const expected = [...names].map((name) => ids[name]);
    expectMatch([...found].sort(), [...expected].sort(), `devices where ${text}`);
  });
}

/** What a query with a projection answers, in any order. */
function raw(
  id: string,
  sentence: string,
  query: string,
  rows: readonly Pattern[],
  options: { readonly level?: Level; readonly source?: string } = {},
): Check {
  const { level = 'MUST', source = sources.query } = options;
  return builders[level](id, sentence, source, async (hub) => {
    const answer = await ask(hub, query);
    expectAnswer(answer, { status: 200, headers: { 'x-ms-item-type': 'Raw' } });
    const body = Array.isArray(answer.body) ? answer.body : [];
    const sort = (values: readonly unknown[]) => values.map((row) => JSON.stringify(row)).sort();
    expectMatch(sort(body), sort(rows), `rows of ${query}`);
  });
}

function refused(id: string, what: string, query: string, source: string = sources.query): Check {
  return must(id, `${what} is refused with 400 ArgumentInvalid.`, source, async (hub) => {
    expectRefusal(await ask(hub, query), 400, 'ArgumentInvalid');
  });
}

export const queries: Area = {
  title: 'Queries',
  checks: [
    must(
      'QRY-01',
      'SELECT * answers a bare array of whole twins, of item type Twin.',
      sources.query,
      async (hub) => {
        const { run, ids } = await shareFleet(hub);
        expectAnswer(await ask(hub, 'SELECT * FROM devices WHERE @mine AND tags.floor = 1'), {
          status: 200,
          headers: {
            'x-ms-item-type': 'Twin',
            'x-ms-continuation': undefined,
            'content-type': 'application/json; charset=utf-8',
          },
          body: [
            {
              deviceId: ids['a'],
              etag: 'AAAAAAAAAAI=',
              version: 3,
              tags: { run, site: 'muc' },
              properties: { desired: { interval: 60, $version: 2 }, reported: { $version: 1 } },
            },
          ],
        });
      },
    ),
    condition('QRY-02', '= compares text.', "tags.site = 'muc'", 'ab'),
    condition('QRY-03', 'Text is compared by letter case.', "tags.site = 'ber'", 'c'),
    condition(
      'QRY-04',
      '!= and <> are the same.',
      "tags.site != 'muc' AND tags.site <> 'Ber'",
      'c',
    ),
    condition('QRY-05', '< and >= compare numbers.', 'tags.floor >= 1 AND tags.floor < 3', 'ab'),
    condition('QRY-06', '> and <= compare text by its characters.', "tags.site > 'Ber'", 'abc'),
    condition(
      'QRY-07',
      'AND binds more tightly than OR.',
      "tags.floor = 3 OR tags.site = 'muc' AND tags.floor = 1",
      'ac',
    ),
    condition(
      'QRY-08',
      'Parentheses group.',
      "(tags.floor = 3 OR tags.site = 'muc') AND tags.floor > 1",
      'bc',
    ),
    condition('QRY-09', 'NOT negates.', "NOT tags.site = 'muc'", 'cd'),
    condition('QRY-10', 'IN takes a list of values.', 'tags.floor IN [1, 3, 5]', 'ac'),
    condition('QRY-11', 'NIN takes the others.', 'tags.floor NIN [1, 3]', 'b', { level: 'SHOULD' }),
    condition(
      'QRY-12',
      'IS_DEFINED asks whether there is a value.',
      'IS_DEFINED(tags.[[group]])',
      'ab',
    ),
    condition(
      'QRY-13',
      'NOT IS_DEFINED asks whether there is none.',
      'NOT IS_DEFINED(tags.list)',
      'bcd',
    ),
    condition(
      'QRY-14',
      'STARTSWITH, in one word, compares the beginning.',
      "STARTSWITH(tags.site, 'mu')",
      'ab',
      { source: sources.explorer },
    ),
    condition(
      'QRY-15',
      'ARRAY_CONTAINS looks into a list.',
      "ARRAY_CONTAINS(tags.list, 'blue')",
      'a',
      { level: 'SHOULD', source: sources.explorer },
    ),
    condition('QRY-16', 'Booleans compare.', 'tags.on = true', 'a'),
    condition('QRY-17', 'A missing property matches neither = nor !=.', 'tags.on != true', 'b'),
    condition(
      'QRY-18',
      'NOT of a comparison with a missing property is not true either.',
      'NOT tags.on = true',
      'b',
      { level: 'MAY' },
    ),
    condition('QRY-19', 'Values of different types do not compare.', "tags.floor > 'a'", 'd'),
    condition(
      'QRY-20',
      'Keywords are read in any letter case.',
      "tags.floor in [1] or not (tags.site != 'ber')",
      'ac',
    ),
    condition(
      'QRY-21',
      'Brackets escape names that are words of the language.',
      "tags.[[group]].name = 'y'",
      'b',
    ),
    condition(
      'QRY-22',
      'A path may begin with the name of the collection.',
      "devices.tags.site = 'ber'",
      'c',
    ),
    condition('QRY-23', 'Text may stand in double quotes.', 'tags.site = "ber"', 'c'),
    condition(
      'QRY-24',
      'A backslash escapes quotes and gives characters by their number.',
      'tags.label = "it\\"s" AND tags.site = \'\\u0062er\'',
      'c',
    ),
    condition('QRY-25', 'Numbers may be hexadecimal.', 'properties.desired.interval = 0x1e', 'bc'),
    condition(
      'QRY-26',
      'Arithmetic is carried out with its usual precedence.',
      'properties.desired.interval + tags.floor * 10 = 70',
      'a',
      { level: 'MAY' },
    ),
    condition('QRY-27', "The hub's own properties can be queried.", "status = 'enabled'", 'abcd'),
    condition(
      'QRY-28',
      "The hub's own names are read in any letter case.",
      "ConnectionState = 'Disconnected'",
      'abcd',
      { level: 'SHOULD' },
    ),
    condition(
      'QRY-29',
      'The $version of a section can be queried.',
      'properties.desired.$version = 1',
      'd',
    ),
    condition(
      'QRY-30',
      'The $metadata of a section can be queried.',
      "properties.desired.$metadata.interval.$lastUpdated > '2020-01-01T00:00:00Z'",
      'abc',
    ),
    condition(
      'QRY-31',
      'A list in the condition may be empty of matches.',
      "tags.site IN ['none']",
      '',
    ),
    raw(
      'QRY-40',
      'A projection answers objects of item type Raw, named by the alias.',
      'SELECT tags.site AS place, tags.floor AS f FROM devices WHERE @mine AND tags.floor < 3',
      [
        { place: 'muc', f: 1 },
        { place: 'muc', f: 2 },
      ],
    ),
    raw(
      'QRY-41',
      'Without an alias the last name of the path is that of the column.',
      'SELECT tags.[[group]].name FROM devices WHERE @mine AND tags.floor = 1',
      [{ name: 'x' }],
      { level: 'MAY' },
    ),
    raw(
      'QRY-42',
      'What a device does not have is left out of its object.',
      'SELECT tags.site AS site, tags.on AS lit FROM devices WHERE @mine AND tags.floor = 3',
      [{ site: 'ber' }],
    ),
    raw(
      'QRY-43',
      'COUNT() counts.',
      "SELECT COUNT() AS number FROM devices WHERE @mine AND tags.site = 'muc'",
      [{ number: 2 }],
    ),
    raw(
      'QRY-44',
      'SUM, AVG, MIN and MAX sum up numbers.',
      'SELECT SUM(tags.floor) AS s, AVG(tags.floor) AS a, MIN(tags.floor) AS low, MAX(tags.floor) AS high FROM devices WHERE @mine AND tags.floor <= 3',
      [{ s: 6, a: 2, low: 1, high: 3 }],
    ),
    raw(
      'QRY-45',
      'GROUP BY makes one row of each value.',
      'SELECT properties.desired.interval AS i, COUNT() AS n FROM devices WHERE @mine AND tags.floor <= 3 GROUP BY properties.desired.interval',
      [
        { i: 60, n: 1 },
        { i: 30, n: 2 },
      ],
    ),
    must('QRY-46', 'TOP limits the result.', sources.query, async (hub) => {
      const answer = await ask(hub, 'SELECT TOP 2 * FROM devices WHERE @mine');
      expectAnswer(answer, { status: 200, body: [{ status: 'enabled' }, { status: 'enabled' }] });
    }),
    must('QRY-47', 'devices.modules are the twins of modules.', sources.query, async (hub) => {
      const { ids } = await shareFleet(hub);
      expectAnswer(await ask(hub, 'SELECT * FROM devices.modules WHERE @mine'), {
        status: 200,
        headers: { 'x-ms-item-type': 'Twin' },
        body: [{ deviceId: ids['a'], moduleId: 'm1' }],
      });
    }),
    must(
      'QRY-50',
      'A page has as many items as asked for, and the continuation leads through all of them.',
      sources.rest,
      async (hub) => {
        const seen: unknown[] = [];
        const headers = { 'x-ms-max-item-count': '3' };
        const query = 'SELECT * FROM devices WHERE @mine';
        const first = await ask(hub, query, { headers });
        expectAnswer(first, { status: 200, headers: { 'x-ms-continuation': /./ } });
        const continuation = String(first.headers['x-ms-continuation']);
        const second = await ask(hub, query, {
          headers: { ...headers, 'x-ms-continuation': continuation },
        });
        expectAnswer(second, { status: 200, headers: { 'x-ms-continuation': undefined } });
        for (const { body } of [first, second]) if (Array.isArray(body)) seen.push(...body);
        expectMatch(new Set(seen.map((twin) => read(twin, 'deviceId'))).size, 4, 'devices seen');
      },
    ),
    must(
      'QRY-51',
      'The last page has no continuation header at all.',
      sources.nodeService,
      async (hub) => {
        const headers = { 'x-ms-max-item-count': '4' };
        const answer = await ask(hub, 'SELECT * FROM devices WHERE @mine', { headers });
        expectAnswer(answer, { status: 200, headers: { 'x-ms-continuation': undefined } });
        expectMatch(Array.isArray(answer.body) ? answer.body.length : 0, 4, 'items');
      },
    ),
    must(
      'QRY-52',
      'A continuation that is none of the hub is refused with 400.',
      sources.rest,
      async (hub) => {
        const answer = await ask(hub, 'SELECT * FROM devices WHERE @mine', {
          headers: { 'x-ms-continuation': 'Zm9yZ2Vk' },
        });
        expectAnswer(answer, { status: 400 });
      },
    ),
    must(
      'QRY-53',
      'A query that cannot be read is refused with 400 ArgumentInvalid and the text BadRequest.',
      sources.observed,
      async (hub) => {
        const answer = await ask(hub, 'SELECT * FROM devices WHERE');
        expectRefusal(answer, 400, 'ArgumentInvalid');
        expectAnswer(answer, {
          status: 400,
          body: { Message: 'ErrorCode:ArgumentInvalid;BadRequest' },
        });
      },
    ),
    should(
      'QRY-54',
      'A query of more than 8192 characters is refused with PreconditionFailed.',
      sources.csharp,
      async (hub) => {
        const query = `SELECT * FROM devices WHERE tags.x = '${'x'.repeat(8192)}'`;
        const answer = await hub.send('POST /devices/query', { body: { query } });
        expectAnswer(answer, {
          status: 412,
          headers: { 'iothub-errorcode': 'PreconditionFailed' },
        });
      },
    ),
    must(
      'QRY-55',
      'A body without a query is refused with 400 ArgumentInvalid.',
      sources.rest,
      async (hub) => {
        const answer = await hub.send('POST /devices/query', { body: {} });
        expectRefusal(answer, 400, 'ArgumentInvalid');
        if (Array.isArray(answer.body)) fail(answer.body, 'no rows', 'body');
      },
    ),
    refused('QRY-60', 'ORDER BY', 'SELECT * FROM devices WHERE @mine ORDER BY deviceId'),
    refused('QRY-61', 'JOIN', 'SELECT * FROM devices JOIN d IN devices.tags'),
    refused('QRY-62', 'LIKE', "SELECT * FROM devices WHERE tags.site LIKE 'm%'"),
    refused('QRY-63', 'BETWEEN', 'SELECT * FROM devices WHERE tags.floor BETWEEN 1 AND 2'),
    refused('QRY-64', 'DISTINCT', 'SELECT DISTINCT tags.site FROM devices'),
    refused(
      'QRY-65',
      'STARTS_WITH, in two words,',
      "SELECT * FROM devices WHERE STARTS_WITH(tags.site, 'm')",
      sources.docsIssue,
    ),
    refused(
      'QRY-66',
      'CONTAINS',
      "SELECT * FROM devices WHERE CONTAINS(tags.site, 'u')",
      sources.docsIssue,
    ),
    refused('QRY-67', 'Another collection', 'SELECT * FROM twins'),
    refused('QRY-68', 'TOP of jobs', 'SELECT TOP 1 * FROM devices.jobs'),
    refused('QRY-69', 'HAVING', 'SELECT COUNT() AS n FROM devices GROUP BY tags.site HAVING n > 1'),
  ],
};
