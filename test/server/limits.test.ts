import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createSchema } from '../../src/resolvers/index.js';
import { Documents } from '../../src/server/documents.js';
import { defaultLimits } from '../../src/server/limits/limits.js';
import { measureOperation } from '../../src/server/limits/measure.js';
import { createManualClock } from '../services/support/manual-clock.js';
import { startFront } from './support/front.js';
import { until } from './support/until.js';
import { openWire } from './support/wire.js';

const schema = await createSchema();

/** What an operation of the gateway's schema comes to. */
function measure(query: string, variables: Readonly<Record<string, unknown>> = {}) {
  const document = new Documents(schema).parse(query);
  const [operation] = document.definitions;
  if (operation?.kind !== 'OperationDefinition') throw new TypeError('expected an operation first');
  return measureOperation({ schema, document, operation, variables });
}

const complexity = (...asked: Parameters<typeof measure>) => measure(...asked).complexity;

describe('the complexity of an operation', () => {
  test.each([
    ['a device', '{ device(id: "a") { id } }', {}, 22],
    ['its keys', '{ device(id: "a") { accessKeys { primary { key } } } }', {}, 44],
    ['a page of ten', '{ devices(first: 10) { nodes { id } } }', {}, 230],
    ['a page by default', '{ devices { nodes { id } } }', {}, 350],
    ['by a variable', 'query ($n: Int!) { devices(first: $n) { nodes { id } } }', { n: 10 }, 230],
    ['by its default', 'query ($n: Int! = 10) { devices(first: $n) { nodes { id } } }', {}, 230],
    ['no more than a page holds', '{ devices(first: 100000) { nodes { id } } }', {}, 500],
    ['what is only recorded', '{ operations(first: 10) { nodes { id } } }', {}, 30],
    [
      'many changes',
      'mutation ($input: DisableDevicesInput!) { disableDevices(input: $input) { failed } }',
      { input: { deviceIds: ['a', 'b', 'c'], reason: 'x' } },
      3 * 40 + 3 * 2,
    ],
    [
      'many changes in the document',
      'mutation { deleteDevices(input: {devices: [{deviceId: "a"}, {deviceId: "b"}]}) { failed } }',
      {},
      2 * 20 + 2 * 2,
    ],
  ])('counts %s', (_what, query, variables, points) => {
    expect(complexity(query, variables)).toBe(points);
  });

  test('counts a fragment wherever it is used, and a circle not for ever', () => {
    const uses = '{ a: device(id: "a") { ...F } b: device(id: "b") { ...F } }';
    expect(complexity(`${uses} fragment F on Device { id hub }`)).toBe(2 * 23);
    expect(complexity(`${uses} fragment F on Device { id ...F }`)).toBe(2 * 22);
  });

  test('leaves room for a page of 100 devices with everything, and for the introspection of tools', () => {
    const module = 'id tags desired reported accessKeys { primary { key } secondary { key } }';
    const device = `id hub deviceId status statusReason tags desired reported etag version observedAt source
      connectivity { verdict reason connectionState lastActivityAt } lastReboot { at reported path }
      reportedProperties(paths: ["a", "b", "c"]) { path value lastUpdatedAt }
      accessKeys { primary { key } } modules { ${module} }
      operation { id status history { sequence } }`;
    const page = `{ devices(first: 100) { nodes { ${device} } pageInfo { endCursor } } }`;
    for (const query of [page, getIntrospectionQuery({ descriptions: true })]) {
      expect(complexity(query)).toBeLessThan(defaultLimits.complexity);
      expect(new Documents(schema).prepare(query)).toHaveProperty('kind', 'Document');
    }
  });
});

describe('the front', () => {
  const ask = (url: string, query = '{ echo(text: "a") }') =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });

  test('gives each caller a burst, then so many a second, over HTTP and sockets together', async () => {
    const clock = createManualClock();
    const requestLimits = { callerOperationsPerSecond: 2, burstSeconds: 2 };
    await using front = await startFront({ clock, requestLimits });
    await using wire = await openWire(front.url);
    for (let index = 0; index < 3; index += 1) expect((await ask(front.url)).status).toBe(200);
    wire.subscribe('last', '{ echo(text: "a") }');
    await wire.waitFor(({ id, type }) => id === 'last' && type === 'complete');

    const refused = await ask(front.url);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 } }],
    });
    wire.subscribe('more', '{ echo(text: "a") }');
    const { payload } = await wire.waitFor(({ id }) => id === 'more');
    expect(payload).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);

    front.caller = { ...front.caller, id: 'another' };
    expect((await ask(front.url)).status).toBe(200);
    front.caller = { ...front.caller, id: 'local-developer' };
    clock.advance(500);
    expect((await ask(front.url)).status).toBe(200);
    expect((await ask(front.url)).status).toBe(429);
  });

  test('refuses at once what is beyond what may be under way, and ends what it took in', async () => {
    await using front = await startFront({ requestLimits: { operationsUnderWay: 0 } });
    const refused = await ask(front.url);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'OVERLOADED' } }],
    });
  });

  test('does not count what is answered, refused or subscribed to as under way', async () => {
    await using front = await startFront({ requestLimits: { operationsUnderWay: 1 } });
    await using wire = await openWire(front.url);
    for (const name of ['a', 'b', 'c']) {
      wire.subscribe(name, `subscription { state(name: "${name}") { version } }`);
    }
    await until(() => front.counts().members === 3);
    for (const query of ['{ echo(text: "a") }', '{ oops', '{ oops }']) {
      for (let round = 0; round < 2; round += 1) {
        expect((await ask(front.url, query)).status).not.toBe(503);
        wire.subscribe(`${query} ${round}`, query);
        const answer = await wire.waitFor(({ id }) => id === `${query} ${round}`);
        expect(JSON.stringify(answer)).not.toContain('OVERLOADED');
      }
    }
  });

  test('gives a caller so many subscriptions, and takes those that end off', async () => {
    await using front = await startFront({ requestLimits: { subscriptionsPerCaller: 1 } });
    await using wire = await openWire(front.url);
    const watch = 'subscription { state(name: "a") { version } }';
    wire.subscribe('first', watch);
    await until(() => front.counts().members === 1);
    wire.subscribe('second', watch);
    const { payload } = await wire.waitFor(({ id }) => id === 'second');
    expect(payload).toMatchObject([{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', bound: 1 } }]);

    wire.send({ id: 'first', type: 'complete' });
    await until(() => front.counts().members === 0);
    wire.subscribe('third', watch);
    await until(() => front.counts().members === 1);
  });

  test('gives a caller so many sockets', async () => {
    await using front = await startFront({ requestLimits: { socketsPerCaller: 1 } });
    const first = await openWire(front.url);
    await expect(openWire(front.url)).rejects.toThrow('closed with 1013 you have too many sockets');
    await first[Symbol.asyncDispose]();
    await until(() => front.counts().sockets === 0);
    await using _next = await openWire(front.url);
  });

  test('tells the schema only where it may', async () => {
    await using front = await startFront({ requestLimits: { introspection: false } });
    const query = '{ __schema { description } }';
    expect(await (await ask(front.url, query)).json()).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    await using wire = await openWire(front.url);
    wire.subscribe('schema', query);
    const { payload } = await wire.waitFor(({ id }) => id === 'schema');
    expect(payload).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  test('tells browsers to take nothing from elsewhere', async () => {
    await using front = await startFront();
    const { headers } = await ask(front.url);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
