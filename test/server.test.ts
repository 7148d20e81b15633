import { request } from 'node:http';
import type { GraphQLFormattedError } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { startWorld, type World } from './support/gateway.js';
import { DeviceDocument } from './support/operations.js';

const query = JSON.stringify({ query: '{ __typename }' });

describe('the front', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ environment: { CORS_ORIGINS: 'https://fleet.example' } });
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  /** `fetch` chooses Host by itself; this one sends what it is told. */
  function post(headers: Record<string, string>): Promise<{ status: number; headers: object }> {
    return new Promise((resolve, reject) => {
      request(
        `${world.gateway.url}/graphql`,
        { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
        (response) => {
          response.resume();
          resolve({ status: response.statusCode ?? 0, headers: response.headers });
        },
      )
        .once('error', reject)
        .end(query);
    });
  }

  /** The status with which a WebSocket is turned away, or 101. */
  function upgrade(headers: Record<string, string>): Promise<number> {
    const url = `${world.gateway.url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(url, 'graphql-transport-ws', { headers });
    return new Promise((resolve, reject) => {
      socket.once('open', () => {
        socket.close();
        resolve(101);
      });
      socket.once('unexpected-response', (_request, response) => {
        socket.terminate();
        resolve(response.statusCode ?? 0);
      });
      socket.once('error', reject);
    });
  }

  const own = () => new URL(world.gateway.url);

  test.each([
    ['no origin, as from a program', () => ({}), true],
    ['its own origin', () => ({ origin: own().origin }), true],
    ['an allowed origin', () => ({ origin: 'https://fleet.example' }), true],
    ['another site', () => ({ origin: 'https://evil.example' }), false],
    ['another port of this machine', () => ({ origin: 'http://127.0.0.1:1' }), false],
    ['an opaque origin', () => ({ origin: 'null' }), false],
    ['localhost as its host', () => ({ host: `localhost:${own().port}` }), true],
    ['a foreign name as its host', () => ({ host: `evil.example:${own().port}` }), false],
    [
      'a host and origin that agree but are foreign',
      () => ({ host: 'evil.example', origin: 'http://evil.example' }),
      false,
    ],
  ] as const)(
    'treats a request with %s as it should, by HTTP and WebSocket',
    async (_name, headers, allowed) => {
      const sent: Record<string, string> = { ...headers() };
      expect((await post(sent)).status).toBe(allowed ? 200 : 403);
      expect(await upgrade(sent)).toBe(allowed ? 101 : 403);
    },
  );

  test('lets allowed origins alone read its answers', async () => {
    const { headers } = await post({ origin: 'https://fleet.example' });
    expect(headers).toMatchObject({ 'access-control-allow-origin': 'https://fleet.example' });
    expect((await post({})).headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('refuses what a form of another page could send', async () => {
    const { status } = await post({ 'content-type': 'text/plain' });
    expect(status).toBeGreaterThanOrEqual(400);
  });

  test('refuses a body that is too large', async () => {
    const response = await fetch(`${world.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ __typename } # ${'x'.repeat(1024 * 1024)}` }),
    });
    expect(response.status).toBe(413);
  });

  test('says where GraphQL is', async () => {
    const response = await fetch(world.gateway.url);
    expect(await response.text()).toContain('/graphql');
  });

  test.each([
    [{ kind: 'status', status: 401, code: 'IotHubUnauthorizedAccess' }, 'HUB_UNAUTHORIZED'],
    [{ kind: 'status', status: 403, code: 'IotHubQuotaExceeded' }, 'HUB_THROTTLED'],
    [{ kind: 'status', status: 400, code: 'ArgumentInvalid' }, 'BAD_USER_INPUT'],
    [{ kind: 'throttle' }, 'HUB_THROTTLED'],
  ] as const)('tells no key of the hub when it answers with %o, but %s', async (effect, code) => {
    const { emulator, gateway } = world;
    const key = /SharedAccessKey=(.+)$/.exec(emulator.connectionString)?.[1] ?? 'missing';
    emulator.faults.add({ operation: 'twin.get', times: 1, effect });
    const result = await gateway.execute(DeviceDocument, { id: 'any' });

    expect(result.errors).toMatchObject([{ extensions: { code } }]);
    expect(JSON.stringify(result)).not.toContain(key);
    expect(JSON.stringify(result)).not.toContain('SharedAccessSignature');
  });

  test.each<[string, string, object, string]>([
    ['syntax', '{ oops', {}, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ oops }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a variable of the wrong type',
      'query ($id: ID!) { device(id: $id) { id } }',
      {},
      'BAD_USER_INPUT',
    ],
    [
      'null for what has a default',
      'query ($n: Int) { devices(first: $n) { nodes { id } } }',
      { n: null },
      'BAD_USER_INPUT',
    ],
    [
      'a path that is none',
      '{ devices(where: {tags: [{path: "", eq: 1}]}) { nodes { id } } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])(
    'says what is wrong with %s, over HTTP and WebSocket alike',
    async (_name, source, variables, code) => {
      const response = await fetch(`${world.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: source, variables }),
      });
      const overHttp = (await response.json()) as { errors: { extensions: { code: string } }[] };
      expect(overHttp.errors.map(({ extensions }) => extensions.code)).toEqual([code]);
      expect(await overWebSocket(source, variables)).toEqual([code]);
    },
  );

  test('goes on with the other operations of a socket when one is malformed', async () => {
    const client = createClient({
      url: `${world.gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      lazy: false,
      retryAttempts: 0,
    });
    const run = (source: string) =>
      new Promise((resolve, reject) => {
        client.subscribe({ query: source }, { next: resolve, error: reject, complete: () => {} });
      });
    await expect(run('{ oops')).rejects.toMatchObject([
      { extensions: { code: 'GRAPHQL_PARSE_FAILED' } },
    ]);
    expect(await run('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
    await client.dispose();
  });

  /** The codes of the errors that an operation ends with. */
  function overWebSocket(source: string, variables: object): Promise<unknown> {
    const client = createClient({
      url: `${world.gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const codes = (errors: unknown) =>
      (errors as readonly GraphQLFormattedError[]).map(({ extensions }) => extensions?.['code']);
    return new Promise((resolve, reject) => {
      client.subscribe(
        { query: source, variables: { ...variables } },
        {
          next: ({ errors }) => resolve(codes(errors)),
          error: (errors) => resolve(codes(errors)),
          complete: () => reject(new Error('no error came')),
        },
      );
    }).finally(() => client.dispose());
  }
});
