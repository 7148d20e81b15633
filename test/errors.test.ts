import { readFileSync } from 'node:fs';
import type { GraphQLEnumType, GraphQLFormattedError } from 'graphql';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Operation as HubOperation } from '../src/emulator/calls.js';
import type { FaultEffect } from '../src/emulator/faults.js';
import type { JsonObject } from '../src/emulator/json.js';
import type { Context } from '../src/resolvers/context.js';
import { createSchema } from '../src/resolvers/index.js';
import { frontErrors } from '../src/server/error-mask.js';
import { createServer } from '../src/server/server.js';
import { localDeveloper } from '../src/services/access.js';
import { type ErrorMeaning, requestErrors } from '../src/services/errors.js';
import { LARGEST_RESULT } from '../src/services/query/hub-queries.js';
import { createCleanup } from './support/cleanup.js';
import { startGateway, startWorld, type World } from './support/gateway.js';
import { FindDevicesDocument, WatchDeviceDocument } from './support/operations.js';
import { postgresBinaries, startPostgresServer } from './support/postgres.js';

/** The page that tells what each code means; `vitest run test/errors.test.ts -u` writes it. */
const page = `# Errors

What a caller did wrong, or the gateway could not do, is a GraphQL error with one of these codes in \`extensions.code\`. What
happened to a device is no error: it is on the operation, in \`failure\` ([operations.md](operations.md)). The list is
closed; whatever else goes wrong is \`INTERNAL_SERVER_ERROR\`, and nothing of it is told but to the log.

| code | means | what to do |
|---|---|---|
${table(requestErrors)}

Of requests that reach no device and no operation:

| code | means | what to do |
|---|---|---|
${table(frontErrors)}
`;

function table(codes: Readonly<Record<string, ErrorMeaning>>): string {
  return Object.entries(codes)
    .map(([code, { means, remedy }]) => `| \`${code}\` | ${means} | ${remedy} |`)
    .join('\n');
}

describe('the catalogue of errors', () => {
  test('is what docs/errors.md says', async () => {
    await expect(page).toMatchFileSnapshot('../docs/errors.md');
  });

  test('of operations is what docs/operations.md says', async () => {
    const schema = await createSchema();
    const type = schema.getType('OperationFailureCode') as GraphQLEnumType;
    const section = /## Why it did not succeed\n(.*?)\n## /s.exec(
      readFileSync('docs/operations.md', 'utf8'),
    )?.[1];
    const documented = [...(section ?? '').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);

    expect(documented.sort()).toEqual(
      type
        .getValues()
        .map(({ name }) => name)
        .sort(),
    );
  });
});

type Code = keyof typeof requestErrors | keyof typeof frontErrors;

type Errors = readonly GraphQLFormattedError[];

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterEach(() => world.emulator.faults.clear());

afterAll(() => world[Symbol.asyncDispose]());

/** Asks a gateway, which need not be sent GraphQL. */
async function post(body: object, url = world.gateway.url): Promise<Errors> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { errors } = (await response.json()) as { readonly errors?: Errors };
  return errors ?? [];
}

const ask = (query: string) => post({ query });

/** Asks by the real doors, where no service is behind them. */
async function askNobody(query: string): Promise<Errors> {
  const server = await createServer({
    schema: await createSchema(),
    context: () => ({ caller: localDeveloper }) as Context,
    host: '127.0.0.1',
    corsOrigins: [],
    logger: pino({ level: 'silent' }),
    stoppingReason: new Error('never'),
  });
  try {
    return await post({ query }, await server.listen({ host: '127.0.0.1', port: 0 }));
  } finally {
    await server.close();
  }
}

/** From now on the hub answers such requests like this. */
function fail(operation: HubOperation, effect: FaultEffect): void {
  world.emulator.faults.add({ operation, effect });
}

let count = 0;

/** The id of a device that is there. */
function registered(tags: JsonObject = {}): string {
  const deviceId = `device-${++count}`;
  world.emulator.registerDevice(deviceId, { tags });
  return deviceId;
}

/** A list whose first page is not its last, and its next page. */
async function nextPage(where = '{}'): Promise<() => Promise<Errors>> {
  registered();
  registered();
  const { devices } = await world.gateway.data(FindDevicesDocument, { first: 1 });
  const after = devices.pageInfo.endCursor;
  return () => ask(`{ devices(first: 1, where: ${where}, after: "${after}") { nodes { id } } }`);
}

const tag = (deviceId: string, more = '') =>
  ask(
    `mutation { updateTwin(input: {deviceId: "${deviceId}", tags: {a: 1} ${more}}) { changes { path } } }`,
  );
const create = (deviceId: string, more = '') =>
  ask(`mutation { createDevice(input: {deviceId: "${deviceId}" ${more}}) { device { id } } }`);
const reboot = (deviceId: string, payload: string) =>
  ask(
    `mutation { rebootDevice(input: {deviceId: "${deviceId}", idempotencyKey: "k", payload: "${payload}"}) { started } }`,
  );
const read = (deviceId: string) => ask(`{ device(id: "${deviceId}") { id } }`);

/** How a client comes by each code. A new code needs a row. */
const causes: Readonly<Record<Code, () => Promise<Errors>>> = {
  BAD_USER_INPUT: () => ask('{ devices(first: 0) { nodes { id } } }'),
  async FORBIDDEN() {
    const callerOf = () => ({ id: 'nobody', grants: [] });
    await using gateway = await startGateway(world.emulator, { callerOf });
    return await post({ query: '{ hubs { name } }' }, gateway.url);
  },
  DEVICE_NOT_FOUND: () => tag('nobody'),
  MODULE_NOT_FOUND: () =>
    ask(`mutation { deleteModule(input: {deviceId: "${registered()}", moduleId: "m"}) { hub } }`),
  ALREADY_EXISTS: () => create(registered()),
  ETAG_MISMATCH: () => tag(registered(), 'ifMatch: "another"'),
  async DEVICE_DISABLED() {
    const id = registered();
    await ask(
      `mutation { disableDevice(input: {deviceId: "${id}", reason: "r"}) { device { id } } }`,
    );
    return ask(
      `mutation { createModule(input: {deviceId: "${id}", moduleId: "m"}) { module { etag } } }`,
    );
  },
  async NO_KEYS() {
    await create('certified', 'authentication: {certificateAuthority: true}');
    return ask(
      'mutation { rotateKeys(input: {deviceId: "certified", keys: BOTH}) { device { id } } }',
    );
  },
  LIMIT_REACHED() {
    fail('device.bulk', { kind: 'status', status: 413, code: 'TooManyDevices' });
    return create('one-more');
  },
  OUTCOME_UNKNOWN() {
    fail('twin.patch', { kind: 'reset', when: 'after' });
    return tag(registered());
  },
  OPERATION_NOT_FOUND: () =>
    ask(
      'mutation { cancelOperation(input: {id: "01900000-0000-7000-8000-000000000000", reason: "r"}) { canceled } }',
    ),
  async CURSOR_EXPIRED() {
    const ofNext = await nextPage();
    fail('query', { kind: 'status', status: 400, code: 'ArgumentInvalid' });
    return ofNext();
  },
  CURSOR_FILTER_MISMATCH: async () => (await nextPage('{status: DISABLED}'))(),
  FILTER_NOT_COUNTABLE() {
    // Of such values the hub itself cannot tell the others.
    registered({ port: 1 });
    registered({ port: { in: 1 } });
    registered({ port: [1] });
    return ask('{ deviceCounts(where: {not: {tags: [{path: "port", eq: 1}]}}) { total } }');
  },
  RESULT_TOO_LARGE() {
    for (let devices = 0; devices <= LARGEST_RESULT; devices += 1) registered();
    return ask('{ devices(orderBy: {by: TAG, path: "number"}) { nodes { id } } }');
  },
  async IDEMPOTENCY_KEY_REUSED() {
    const id = registered();
    await reboot(id, 'one');
    return reboot(id, 'another');
  },
  HUB_UNAVAILABLE() {
    fail('twin.get', { kind: 'status', status: 503, code: 'ServiceUnavailable' });
    return read(registered());
  },
  HUB_THROTTLED() {
    fail('twin.patch', { kind: 'throttle' });
    return tag(registered());
  },
  HUB_UNAUTHORIZED() {
    fail('twin.get', { kind: 'status', status: 401, code: 'IotHubUnauthorizedAccess' });
    return read(registered());
  },
  async DATABASE_UNAVAILABLE() {
    await using cleanup = createCleanup();
    const server = cleanup.use(await startPostgresServer());
    const environment = { DATABASE_URL: server.url };
    const gateway = cleanup.use(await startGateway(world.emulator, { environment }));
    await server.stop('FAST');
    const errors = await post({ query: '{ operations { nodes { id } } }' }, gateway.url);
    await server.start();
    return errors;
  },
  async SHUTTING_DOWN() {
    const gateway = await startGateway(world.emulator);
    const updates = gateway.subscribe(WatchDeviceDocument, { id: registered() });
    await updates.waitFor(() => true);
    const [errors] = await Promise.all([
      updates.completed.then(
        () => [],
        (reason: Errors) => reason,
      ),
      gateway[Symbol.asyncDispose](),
    ]);
    return errors;
  },
  GRAPHQL_PARSE_FAILED: () => ask('{'),
  GRAPHQL_VALIDATION_FAILED: () => ask('{ nothing }'),
  OPERATION_RESOLUTION_FAILURE: () => post({ query: '{ __typename }', operationName: 'other' }),
  BAD_REQUEST: () => post({ variables: {} }),
  // No service is there: a fault of the gateway, if ever there was one.
  INTERNAL_SERVER_ERROR: () => askNobody('{ hubs { name } }'),
};

const needsPostgres: ReadonlySet<string> = new Set<Code>(['DATABASE_UNAVAILABLE']);

describe('a request', () => {
  test.for(Object.keys({ ...requestErrors, ...frontErrors }))(
    'can be refused with %s',
    async (code, { skip }) => {
      if (!postgresBinaries && needsPostgres.has(code)) skip('PostgreSQL is not here');
      const errors = await causes[code as Code]();

      expect(errors).toMatchObject([{ extensions: { code } }]);
      expect(errors[0]?.message).not.toBe('');
    },
  );
});
