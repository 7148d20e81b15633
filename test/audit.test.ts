import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createSchema } from '../src/resolvers/index.js';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { type DatabaseKind, databaseKinds, type TestDatabase } from './support/databases.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { AuditDocument, type AuditQueryVariables } from './support/operations.js';
import { startProgram } from './support/program.js';

const ownKey = Buffer.from('a key that somebody brought').toString('base64');
const secret = 'correct horse battery staple';
/** Nothing of these may be on record. */
const secrets = new Set([ownKey, secret]);

/** Of each mutation, a request that the gateway carries out. A new mutation belongs here, too. */
const requests: Readonly<Record<string, string>> = {
  createDevice: `{deviceId: "pump", tags: {note: "${secret}"}, authentication: {symmetricKeys:
    {primaryKey: "${ownKey}", secondaryKey: "${ownKey}"}}}) { accessKeys { primary { key } secondary { key } }`,
  createDevices: '{devices: [{deviceId: "valve"}, {deviceId: "pump"}]}) { succeeded',
  createModule:
    '{deviceId: "pump", moduleId: "camera"}) { accessKeys { primary { key } secondary { key } }',
  updateTwin: `{deviceId: "pump", desired: {wifi: {password: "${secret}"}}, reason: "new access point"}) { changes { path }`,
  rotateKeys: '{deviceId: "pump", keys: BOTH}) { accessKeys { primary { key } secondary { key } }',
  disableDevice: '{deviceId: "pump", reason: "recalled"}) { device { id }',
  enableDevice: '{deviceId: "pump"}) { device { id }',
  disableDevices: '{deviceIds: ["pump", "valve"], reason: "recalled"}) { succeeded',
  enableDevices: '{deviceIds: ["pump", "valve"]}) { succeeded',
  rebootDevice: `{deviceId: "pump", payload: {token: "${secret}"}, reason: "it hangs"}) { operation { id }`,
  runAction: '{deviceId: "valve", action: "reboot", reason: "it hangs, too"}) { started',
  factoryResetDevice: '{deviceId: "pump", confirmation: "pump"}) { started',
  updateFirmware: `{deviceId: "valve", payload: {fwPackageUri: "https://x.example/?sig=${secret}"}}) { started`,
  invokeMethod: `{deviceId: "pump", moduleId: "camera", method: "ping", payload: "${secret}"}) { started`,
  // Fails at once: what waits for a device of its own would not end before that is deleted.
  sendMessage: `{deviceId: "nobody", body: {text: "${secret}"}, reason: "new tariff"}) { started`,
  repeatOperation: '{id: "$operation", reason: "once more"}) { operation { id }',
  cancelOperation: '{id: "$operation", reason: "not needed"}) { canceled refusal',
  deleteModule: '{deviceId: "pump", moduleId: "camera"}) { moduleId',
  deleteDevices: '{devices: [{deviceId: "valve"}]}) { succeeded',
  deleteDevice: '{deviceId: "pump", reason: "scrapped"}) { deviceId',
};

interface Entry extends Readonly<Record<string, unknown>> {
  readonly sequence: number;
  readonly action: string;
  readonly outcome: string;
  readonly hash: string;
}

async function ask(gateway: TestGateway, query: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as Record<string, unknown>;
}

async function exported(gateway: TestGateway, search = ''): Promise<readonly Entry[]> {
  const response = await fetch(`${gateway.url}/audit.jsonl${search}`);
  expect(response.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
  const lines = (await response.text()).trimEnd().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
}

/** All strings in a value. */
function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function suite(kind: DatabaseKind): void {
  let database: TestDatabase;
  let emulator: TestEmulator;
  let gateway: TestGateway;

  beforeAll(async () => {
    database = await kind.create();
    emulator = await startTestEmulator();
    gateway = await startGateway(emulator, { environment: database.environment });
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await kind.stop();
  });

  async function entries(where: AuditQueryVariables['where'] = {}) {
    const { audit } = await gateway.data(AuditDocument, { where, first: 100 });
    return audit.nodes;
  }

  test('tells of every mutation that it begins and how it ends', async () => {
    const schema = await createSchema();
    const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
    expect(Object.keys(requests).sort()).toEqual(mutations.sort());

    let operation = '';
    for (const [name, request] of Object.entries(requests)) {
      const body = request.replace('$operation', operation);
      const answer = await ask(gateway, `mutation { ${name}(input: ${body} } }`);
      expect([name, answer['errors']]).toEqual([name, undefined]);
      const data = answer['data'] as Record<string, { operation?: { id: string } }>;
      operation = data[name]?.operation?.id ?? operation;
      if (JSON.stringify(answer).includes('"key"')) {
        for (const key of stringsIn(answer)) secrets.add(key);
      }
      const [end, begin, ...others] = await entries({ action: name });
      expect(others).toEqual([]);
      expect([name, begin]).toMatchObject([name, { outcome: 'STARTED', code: null }]);
      expect([name, end?.concludes]).toEqual([name, begin?.sequence]);
      expect(end).toMatchObject({
        actor: 'local-developer',
        permission: schema.getMutationType()?.getFields()[name]?.extensions['permission'],
        requestId: begin?.requestId,
        address: '127.0.0.1',
        targets: expect.arrayContaining([expect.objectContaining({ hub: 'localhost' })]),
        input: null,
        count: 1,
      });
    }
    expect(secrets.size).toBeGreaterThan(5);
  });

  test('tells why, what it was done to, and what was asked for without what it held', async () => {
    const [wifi] = await entries({ action: 'updateTwin', outcome: ['STARTED'] });
    expect(wifi).toMatchObject({
      reason: 'new access point',
      targets: [{ hub: 'localhost', deviceId: 'pump', moduleId: null, code: null }],
      input: { input: { deviceId: 'pump', mode: 'PATCH', desired: { wifi: { password: '*' } } } },
    });
    expect(await entries({ action: 'createDevices' })).toMatchObject([
      {
        outcome: 'PARTLY_DONE',
        targets: [
          { deviceId: 'valve', code: null },
          { deviceId: 'pump', code: 'ALREADY_EXISTS' },
        ],
      },
      { outcome: 'STARTED' },
    ]);
    const [called] = await entries({ action: 'invokeMethod' });
    expect(called).toMatchObject({ targets: [{ deviceId: 'pump', moduleId: 'camera' }] });
    const [canceled] = await entries({ action: 'cancelOperation' });
    expect(canceled).toMatchObject({ reason: 'not needed', targets: [{ deviceId: 'pump' }] });
  });

  test('tells how every operation ended, in the chain', async () => {
    await vi.waitFor(async () => {
      const begun = (await entries()).filter(
        ({ action, outcome, code, operationId }) =>
          operationId && outcome === 'DONE' && code === null && action !== 'cancelOperation',
      );
      const ended = await entries({ action: 'finishOperation' });
      expect(begun.length).toBeGreaterThan(2);
      expect(ended.map(({ operationId }) => operationId).sort()).toEqual(
        begun.map(({ operationId }) => operationId).sort(),
      );
    });
    const [ended] = await entries({ action: 'finishOperation' });
    expect(ended).toMatchObject({ outcome: 'FAILED', actor: 'local-developer', requestId: null });
  });

  test('tells of keys and of queries in the hub’s own language that they were read, and of no other reading', async () => {
    emulator.registerDevice('lamp');
    const [newest] = await entries();
    const sql = "SELECT deviceId FROM devices WHERE deviceId = 'lamp'";
    await ask(gateway, '{ device(id: "lamp") { id accessKeys { primary { key } } } }');
    await ask(gateway, `{ query(sql: "${sql}") { rows } }`);
    await ask(gateway, '{ devices { nodes { id } } audit { nodes { sequence } } }');

    const told = (await entries()).filter(({ sequence }) => sequence > (newest?.sequence ?? 0));
    expect(told).toMatchObject([
      { action: 'query', permission: 'query:raw', outcome: 'DONE', input: { sql } },
      {
        action: 'Device.accessKeys',
        permission: 'key:read',
        outcome: 'DONE',
        targets: [{ deviceId: 'lamp' }],
      },
    ]);
  });

  test('tells of what failed, with its code', async () => {
    await ask(gateway, 'mutation { deleteDevice(input: {deviceId: "ghost"}) { deviceId } }');
    await ask(gateway, 'mutation { deleteDevice(input: {deviceId: "no id"}) { deviceId } }');

    const failed = await entries({ outcome: ['FAILED'], action: 'deleteDevice' });
    expect(failed).toMatchObject([
      { code: 'BAD_USER_INPUT', targets: [{ hub: null, deviceId: 'no id' }] },
      { code: 'DEVICE_NOT_FOUND', targets: [{ hub: 'localhost', deviceId: 'ghost' }] },
    ]);
  });

  test('is found by device, actor, action, outcome and time, page by page', async () => {
    const all = await entries();
    const ofValve = await entries({ deviceId: 'valve' });
    expect(ofValve.map(({ action }) => action)).toContain('deleteDevices');
    expect(ofValve).toEqual(
      all.filter(({ targets }) => targets.some(({ deviceId }) => deviceId === 'valve')),
    );
    expect(await entries({ actor: 'somebody else' })).toEqual([]);
    expect(await entries({ outcome: [] })).toEqual([]);
    const { at } = all[3] ?? { at: '' };
    expect(await entries({ at: { gte: at } })).toEqual(all.filter((entry) => entry.at >= at));
    expect(await entries({ at: { lt: at } })).toEqual(all.filter((entry) => entry.at < at));

    const pages: number[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const variables = { first: 7, ...(after !== undefined && { after }) };
      const { audit } = await gateway.data(AuditDocument, variables);
      pages.push(...audit.nodes.map(({ sequence }) => sequence));
      after = audit.pageInfo.endCursor ?? null;
    }
    const total = pages[0] ?? 0;
    expect(pages).toEqual(Array.from({ length: total }, (_, index) => total - index));
    const { errors } = await gateway.execute(AuditDocument, { after: 'yesterday' });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
  });

  test('is exported as lines of JSON, whose hashes anybody can recompute', async () => {
    const lines = await exported(gateway);
    let previous = '0'.repeat(64);
    for (const { hash, ...content } of lines) {
      expect(content['previous']).toBe(previous);
      expect(createHash('sha256').update(JSON.stringify(content)).digest('hex')).toBe(hash);
      previous = hash;
    }
    expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, index) => index + 1));
    expect(await exported(gateway, '?after=5')).toEqual(lines.slice(5));
    expect(await exported(gateway, '?after=999999')).toEqual([]);
    expect((await fetch(`${gateway.url}/audit.jsonl?after=x`)).status).toBe(400);
  });

  test('holds no secret', async () => {
    const text = JSON.stringify([await exported(gateway), await entries()]);
    expect(text).toContain('wifi');
    for (const one of secrets) expect(text).not.toContain(one);
  });

  test('is written before anything is done, or nothing is', async () => {
    await database.execute('ALTER TABLE audit_head RENAME TO taken_away');
    const refused = { errors: [{ extensions: { code: 'DATABASE_UNAVAILABLE' } }] };
    const deletion = 'mutation { deleteDevice(input: {deviceId: "lamp"}) { deviceId } }';
    const keys = '{ device(id: "lamp") { accessKeys { primary { key } } } }';
    expect(await ask(gateway, deletion)).toMatchObject(refused);
    expect(await ask(gateway, keys)).toMatchObject({
      ...refused,
      data: { device: { accessKeys: null } },
    });

    await database.execute('ALTER TABLE taken_away RENAME TO audit_head');
    expect(await ask(gateway, deletion)).toMatchObject({
      data: { deleteDevice: { deviceId: 'lamp' } },
    });
  });

  test('is checked by a command, which names the first entry that is missing', async () => {
    const verify = async (...args: string[]) => {
      const env = database.environment;
      await using program = startProgram('dist/twinql.js', {
        args: ['verify-audit', ...args],
        env,
      });
      return { ...(await program.exit()), output: program.output };
    };
    await gateway[Symbol.asyncDispose]();
    expect(await verify()).toMatchObject({
      code: 0,
      output: expect.stringMatching(
        /^intact: entries 1 to \d+, as \d+ anchors? says?\nhead [0-9a-f]{64}\n$/,
      ),
    });
    expect(await verify('--from', 'x')).toMatchObject({ code: 2 });
    expect(await verify('--anchors', 'package.json')).toMatchObject({
      code: 2,
      output: expect.stringMatching(/^package.json: there is no head of an audit in it/),
    });

    for (const statement of kind.name === 'SQLite' ? lettingGo.sqlite : lettingGo.postgres) {
      await database.execute(statement);
    }
    await database.execute('DELETE FROM audit_targets WHERE sequence > 10');
    await database.execute('DELETE FROM audit_entries WHERE sequence > 10');
    await database.execute(
      'UPDATE audit_head SET sequence = 10, hash = (SELECT hash FROM audit_entries WHERE sequence = 10)',
    );
    expect(await verify()).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^entry 11: it is missing, and so is all behind it/),
    });
  });
}

/** What somebody does first who owns the database and wants to change what is in it. */
const lettingGo = {
  sqlite: ['DROP TRIGGER audit_entries_no_delete', 'DROP TRIGGER audit_targets_no_delete'],
  postgres: [
    'DROP TRIGGER audit_entries_append_only ON audit_entries',
    'DROP TRIGGER audit_targets_append_only ON audit_targets',
  ],
};

for (const kind of databaseKinds()) {
  describe.skipIf(kind.missing !== undefined)(`the audit in ${kind.name}`, () => suite(kind));
}
