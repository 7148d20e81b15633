import { buildSchema } from 'graphql';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { Context } from '../../src/resolvers/context.js';
import { createServer } from '../../src/server/server.js';
import { defaultSubscriptionLimits } from '../../src/server/subscriptions/limits.js';
import { localDeveloper } from '../../src/services/access.js';
import { RequestError } from '../../src/services/errors.js';
import { type Front, startFront } from './support/front.js';
import { until } from './support/until.js';
import { openWire, resultsOf, type Wire } from './support/wire.js';

const watchState = 'subscription ($name: String!) { state(name: $name) { version } }';
const followEvents = 'subscription ($after: Int) { events(name: "a", after: $after) { sequence } }';

const state = (version: number) => ({ data: { state: { version } } });
const event = (sequence: number) => ({ data: { events: { sequence } } });

describe('subscriptions over WebSocket', () => {
  let front: Front;
  const wires: Wire[] = [];

  beforeEach(async () => {
    front = await startFront();
  });

  afterEach(async () => {
    await Promise.all(wires.splice(0).map((wire) => wire[Symbol.asyncDispose]()));
    await front[Symbol.asyncDispose]();
  });

  async function open(): Promise<Wire> {
    const wire = await openWire(front.url);
    wires.push(wire);
    return wire;
  }

  /** Subscribes a new client; resolves when it is a member. */
  async function join(query: string, variables: Record<string, unknown> = {}): Promise<Wire> {
    const { members } = front.counts();
    const wire = await open();
    wire.subscribe(`client-${wires.length}`, query, variables);
    await until(() => front.counts().members === members + 1);
    return wire;
  }

  test('are executed once for all who ask the same', async () => {
    const query =
      'subscription ($name: String!, $options: Options) { state(name: $name, options: $options) { version } }';
    const first = await join(query, { name: 'a', options: { a: 1, b: [2, 3] } });
    const second = await join(query, { options: { b: [2, 3], a: 1 }, name: 'a' });

    front.states.emit({ version: 1 }, { version: 2 });

    for (const wire of [first, second]) {
      await wire.waitFor(({ payload }) => JSON.stringify(payload) === JSON.stringify(state(2)));
      expect(wire.messages.map(({ payload }) => payload)).toEqual([state(1), state(2)]);
    }
    expect(front.states.opened).toBe(1);
    expect(front.counts()).toMatchObject({ cohorts: 1, members: 2, sockets: 2 });
  });

  test.each<[string, () => Promise<Wire>]>([
    ['another variable', () => join(watchState, { name: 'b' })],
    [
      'another list order',
      () =>
        join('subscription { state(name: "a", options: {b: [2, 1]}) { version } }', { name: 'a' }),
    ],
    ['another selection', () => join(watchState.replace('version', 'text'), { name: 'a' })],
    [
      'another name',
      () => {
        front.caller = { ...localDeveloper, id: 'somebody-else' };
        return join(watchState, { name: 'a' });
      },
    ],
    [
      'fewer permissions',
      () => {
        front.caller = { ...localDeveloper, grants: [{ permissions: new Set(['device:read']) }] };
        return join(watchState, { name: 'a' });
      },
    ],
  ])('are executed apart for those with %s', async (_name, joinOther) => {
    await join(watchState, { name: 'a' });
    await joinOther();
    expect(front.states.opened).toBe(2);
    expect(front.counts()).toMatchObject({ cohorts: 2, members: 2 });
  });

  test('are executed apart for operations of one document', async () => {
    const query = 'subscription A { state(name: "a") { version } } subscription B { refused }';
    const wire = await open();
    const ask = (id: string, operationName: string) =>
      wire.send({
        id,
        type: 'subscribe',
        payload: { query, operationName },
      });
    ask('a', 'A');
    ask('b', 'B');
    ask('c', 'C');

    await wire.waitFor(({ id, type }) => id === 'b' && type === 'complete');
    const refused = await wire.waitFor(({ id, type }) => id === 'c' && type === 'error');
    expect(refused.payload).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' }, message: /operationName/ },
    ]);
    expect(front.counts().members).toBe(1);
  });

  test('of states give a newcomer the newest at once', async () => {
    const first = await join(watchState, { name: 'a' });
    front.states.emit({ version: 1 }, { version: 2 });
    await until(() => first.messages.length === 2);

    const newcomer = await join(watchState, { name: 'a' });

    await newcomer.waitFor(({ type }) => type === 'next');
    expect(newcomer.messages.map(({ payload }) => payload)).toEqual([state(2)]);
    expect(front.states.opened).toBe(1);
  });

  test('of events give a newcomer every one from the first, and go on without a gap', async () => {
    const first = await join(followEvents, { after: 2 });
    front.events.emit(...[1, 2, 3, 4, 5].map((sequence) => ({ sequence })));
    await until(() => first.messages.length === 3);

    const newcomer = await join(followEvents, { after: 2 });
    front.events.emit({ sequence: 6 });
    await until(() => newcomer.messages.length === 4);

    expect(newcomer.messages.map(({ payload }) => payload)).toEqual([3, 4, 5, 6].map(event));
    expect(front.events.opened).toBe(1);
  });

  test('are executed afresh for a newcomer after an error in a result', async () => {
    const query = 'subscription { state(name: "a") { version fragile } }';
    const first = await join(query);
    front.states.emit({ version: 1, broken: true });
    await first.waitFor(({ type }) => type === 'next');

    const newcomer = await join(query);
    front.states.emit({ version: 2 });
    await newcomer.waitFor(({ type }) => type === 'next');
    await until(() => first.messages.length === 2);

    const healthy = { data: { state: { version: 2, fragile: true } } };
    expect(first.messages.map(({ payload }) => payload)).toEqual([
      {
        data: { state: { version: 1, fragile: null } },
        errors: [
          expect.objectContaining({
            path: ['state', 'fragile'],
            extensions: { code: 'INTERNAL_SERVER_ERROR' },
          }),
        ],
      },
      healthy,
    ]);
    expect(newcomer.messages.map(({ payload }) => payload)).toEqual([healthy]);
    expect(front.states.opened).toBe(2);
    // Told once, however many are sent the result.
    expect(front.log).toHaveLength(1);
  });

  test('send nothing after a complete, and let go of the source with the last who leaves', async () => {
    const first = await join(watchState, { name: 'a' });
    const second = await join(watchState, { name: 'a' });
    front.states.emit({ version: 1 });
    await first.waitFor(({ type }) => type === 'next');

    first.send({ id: 'client-1', type: 'complete' });
    await until(() => front.counts().members === 1);
    front.states.emit({ version: 2 });
    await until(() => second.messages.length === 2);
    expect(front.states.readers).toBe(1);

    // The source is quiet: nothing else could wake it.
    second.send({ id: 'client-2', type: 'complete' });
    await until(() => front.states.readers === 0);
    first.subscribe('again', '{ echo(text: "hello") }');
    await first.waitFor(({ id, type }) => id === 'again' && type === 'complete');

    expect(resultsOf(first, 'client-1')).toEqual([state(1)]);
    expect(front.counts()).toMatchObject({ cohorts: 0, members: 0, sockets: 2 });
  });

  test('let go of the source when the last socket is gone', async () => {
    const wire = await join(watchState, { name: 'a' });
    wire.subscribe('another', watchState, { name: 'b' });
    await until(() => front.states.readers === 2);
    wire.socket.terminate();
    await until(() => front.states.readers === 0);
    expect(front.counts()).toMatchObject({ cohorts: 0, members: 0, sockets: 0 });
  });

  test('complete when the source does, after the last result', async () => {
    const wire = await join(followEvents);
    front.events.emit({ sequence: 1 });
    front.events.end();

    await wire.waitFor(({ type }) => type === 'complete');
    expect(wire.messages).toEqual([
      { id: 'client-1', type: 'next', payload: event(1) },
      { id: 'client-1', type: 'complete' },
    ]);
    expect(front.counts()).toMatchObject({ cohorts: 0, members: 0 });
  });

  test.each([
    ['what clients may know', new RequestError('DEVICE_NOT_FOUND', 'gone'), 'DEVICE_NOT_FOUND', 0],
    ['nothing else', new Error('a secret'), 'INTERNAL_SERVER_ERROR', 1],
  ])('end with the error of the source, told to all: %s', async (_name, error, code, logged) => {
    const clients = [await join(watchState, { name: 'a' }), await join(watchState, { name: 'a' })];
    front.states.emit({ version: 1 });
    front.states.end(error);

    for (const client of clients) {
      await client.waitFor(({ type }) => type === 'error');
      expect(client.messages.map(({ type }) => type)).toEqual(['next', 'error']);
      expect(client.messages.at(-1)?.payload).toMatchObject([{ extensions: { code } }]);
      expect(JSON.stringify(client.messages)).not.toContain('a secret');
    }
    expect(front.log).toHaveLength(logged);
  });

  test('that are refused say so in a result', async () => {
    const wire = await open();
    wire.subscribe('refused', 'subscription { refused }');
    await wire.waitFor(({ type }) => type === 'complete');
    expect(wire.messages[0]?.payload).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    expect(front.counts().cohorts).toBe(0);
  });

  test('leave queries and mutations of the same socket to be answered', async () => {
    const client = createClient({
      url: front.url.replace('http', 'ws').concat('/graphql'),
      webSocketImpl: WebSocket,
    });
    const states = client.iterate({ query: watchState, variables: { name: 'a' } });
    const next = states.next();
    await until(() => front.counts().members === 1);
    const answers: unknown[] = [];
    for await (const answer of client.iterate({ query: '{ echo(text: "ü\\u2028") }' })) {
      answers.push(answer);
    }
    for await (const answer of client.iterate({ query: 'mutation { bump }' })) {
      answers.push(answer);
    }
    front.states.emit({ version: 1 });

    expect(answers).toEqual([{ data: { echo: 'ü\u2028' } }, { data: { bump: 1 } }]);
    expect(await next).toEqual({ done: false, value: state(1) });
    await states.return?.();
    await until(() => front.states.readers === 0);
    await client.dispose();
  });

  test('keep an id as the client wrote it', async () => {
    const wire = await open();
    const id = '"\\\u0000 ünïcode';
    wire.subscribe(id, watchState, { name: 'a' });
    await until(() => front.counts().members === 1);
    front.states.emit({ version: 1 });
    await wire.waitFor(({ type }) => type === 'next');
    expect(resultsOf(wire, id)).toEqual([state(1)]);
  });

  test('close a socket that does not say who it is', async () => {
    const socket = new WebSocket(
      `${front.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    const code = await new Promise((resolve) => socket.once('close', resolve));
    expect(code).toBe(4408);
    await until(() => front.counts().sockets === 0);
  });

  test('are not there on other paths', async () => {
    const socket = new WebSocket(`${front.url.replace('http', 'ws')}/elsewhere`);
    const status = await new Promise((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    socket.on('error', () => {});
    socket.terminate();
    expect(status).toBe(404);
  });
});

describe('a cohort of events whose past is too long to keep', () => {
  test('is not joined: a newcomer is executed apart', async () => {
    await using front = await startFront({
      limits: { ...defaultSubscriptionLimits, history: 200 },
    });
    await using first = await openWire(front.url);
    first.subscribe('first', followEvents);
    await until(() => front.counts().members === 1);
    front.events.emit(...Array.from({ length: 20 }, (_, index) => ({ sequence: index + 1 })));
    await until(() => first.messages.length === 20);

    await using second = await openWire(front.url);
    second.subscribe('second', followEvents);
    await until(() => front.counts().members === 2);

    expect(front.events.opened).toBe(2);
    expect(front.counts().cohorts).toBe(2);
  });
});

test('a subscription that does not say how it is delivered keeps the server from starting', async () => {
  const schema = buildSchema('type Query { a: Int } type Subscription { b: Int c: Int }');
  const started = createServer({
    schema,
    context: () => ({ caller: localDeveloper }) as Context,
    host: '127.0.0.1',
    corsOrigins: [],
    logger: pino({ level: 'silent' }),
    stoppingReason: new Error('stopped'),
  });
  await expect(started).rejects.toThrow('subscriptions that do not say how to deliver them: b, c');
});
