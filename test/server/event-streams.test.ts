import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createClient } from 'graphql-sse';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RequestError } from '../../src/services/errors.js';
import { createManualClock } from '../services/support/manual-clock.js';
import { type Front, startFront } from './support/front.js';
import { until } from './support/until.js';
import { openWire } from './support/wire.js';

const watchState = 'subscription ($name: String!) { state(name: $name) { version text } }';
const followEvents = 'subscription { events(name: "a") { sequence text } }';
const state = (version: number) => ({ data: { state: { version, text: null } } });
const accept = 'text/event-stream';

/** Larger than all that a system buffers for one connection takes but a few hundred of them. */
const text = 'x'.repeat(32 * 1024);
const limits = { underWay: 128 * 1024, backlog: 1024 * 1024, history: 256 * 1024 };

describe('subscriptions over server-sent events', () => {
  let front: Front;

  beforeEach(async () => {
    front = await startFront({ limits });
  });

  afterEach(async () => {
    await front[Symbol.asyncDispose]();
  });

  const url = () => `${front.url}/graphql/stream`;

  /** As curl would send it, from what a browser can say. */
  function get(query: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
    const asked = request(`${url()}?${new URLSearchParams({ query })}`, {
      headers: { accept, ...headers },
    });
    return once(asked.end(), 'response').then(([response]) => response);
  }

  /** All that is sent until the end. */
  async function read(response: IncomingMessage): Promise<string> {
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) body += chunk;
    return body;
  }

  test('reach a stock client, in one cohort with those over WebSocket', async () => {
    const client = createClient({ url: url(), retryAttempts: 0 });
    const results = client.iterate({ query: watchState, variables: { name: 'a' } });
    const first = results.next();
    await until(() => front.counts().members === 1);
    await using wire = await openWire(front.url);
    wire.subscribe('watch', watchState, { name: 'a' });
    await until(() => front.counts().members === 2);

    front.states.emit({ version: 1 });

    expect(await first).toEqual({ done: false, value: state(1) });
    expect((await wire.waitFor(({ type }) => type === 'next')).payload).toEqual(state(1));
    expect(front.states.opened).toBe(1);

    front.states.emit({ version: 2 });
    expect(await results.next()).toEqual({ done: false, value: state(2) });
    await results.return?.();
    await until(() => front.counts().members === 1);
    client.dispose();
  });

  test('give a newcomer the newest at once', async () => {
    await using wire = await openWire(front.url);
    wire.subscribe('watch', watchState, { name: 'a' });
    await until(() => front.counts().members === 1);
    front.states.emit({ version: 7 });
    await wire.waitFor(({ type }) => type === 'next');

    const client = createClient({ url: url(), retryAttempts: 0 });
    const results = client.iterate({ query: watchState, variables: { name: 'a' } });
    expect(await results.next()).toEqual({ done: false, value: state(7) });
    client.dispose();
  });

  test('read as plain text, to the end', async () => {
    const response = await get(followEvents);
    await until(() => front.counts().members === 1);
    front.events.emit({ sequence: 1 }, { sequence: 2 });
    front.events.end();

    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    });
    const event = (sequence: number) =>
      `event: next\ndata: {"data":{"events":{"sequence":${sequence},"text":null}}}\n\n`;
    expect(await read(response)).toBe(`:\n\n${event(1)}${event(2)}event: complete\ndata:\n\n`);
    await until(() => front.counts().eventStreams === 0);
  });

  test('answer queries and mutations, too', async () => {
    const client = createClient({ url: url(), retryAttempts: 0 });
    const answers: unknown[] = [];
    for (const query of ['{ echo(text: "hello") }', 'mutation { bump }']) {
      for await (const answer of client.iterate({ query })) answers.push(answer);
    }
    expect(answers).toEqual([{ data: { echo: 'hello' } }, { data: { bump: 1 } }]);
    client.dispose();
  });

  test.each([
    ['syntax', '{ oops', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ oops }', 'GRAPHQL_VALIDATION_FAILED'],
    ['what may not be asked', 'subscription { refused }', 'FORBIDDEN'],
  ])('say what is wrong with %s', async (_name, query, code) => {
    const body = await read(await get(query));
    expect(body).toContain(`"extensions":{"code":"${code}"}`);
    expect(body).toMatch(/event: complete\ndata:\n\n$/);
  });

  test.each([
    ['what clients may know', new RequestError('DEVICE_NOT_FOUND', 'gone'), 'DEVICE_NOT_FOUND'],
    ['nothing else', new Error('a secret'), 'INTERNAL_SERVER_ERROR'],
  ])('end with the error of the source: %s', async (_name, error, code) => {
    const response = await get(followEvents);
    await until(() => front.counts().members === 1);
    front.events.emit({ sequence: 1 });
    front.events.end(error);

    const body = await read(response);
    expect(body.match(/event: \w+/g)).toEqual(['event: next', 'event: next', 'event: complete']);
    expect(body).toContain(`"extensions":{"code":"${code}"}`);
    expect(body).not.toContain('a secret');
  });

  test('let go of the source when the client is gone, however quiet it is', async () => {
    const response = await get(followEvents);
    await until(() => front.events.readers === 1);
    response.destroy();
    await until(() => front.events.readers === 0);
    await until(() => front.counts().eventStreams === 0);
    expect(front.counts()).toMatchObject({ cohorts: 0, members: 0 });
  });

  test.each<[string, Record<string, string>, number]>([
    ['its own page', { 'sec-fetch-site': 'same-origin' }, 200],
    ['an allowed page', { 'sec-fetch-site': 'cross-site', origin: 'https://fleet.example' }, 200],
    ['another page', { origin: 'https://evil.example' }, 403],
    ['another page that hides its origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a foreign host', { host: 'evil.example' }, 403],
    ['one who wants something else', { accept: 'text/html' }, 406],
  ])('answer %s as they should', async (_name, headers, status) => {
    const response = await get('{ echo(text: "hello") }', headers);
    response.resume();
    expect(response.statusCode).toBe(status);
    if (headers['origin'] === 'https://fleet.example') {
      expect(response.headers['access-control-allow-origin']).toBe('https://fleet.example');
    }
  });

  test('change nothing for a GET, nor for what a form of another page could send', async () => {
    const changed = await get('mutation { bump }');
    changed.resume();
    expect(changed.statusCode).toBe(405);
    const posted = await fetch(url(), {
      method: 'POST',
      headers: { accept, 'content-type': 'text/plain; like=application/json' },
      body: JSON.stringify({ query: 'mutation { bump }' }),
    });
    expect(posted.status).toBe(415);
    for (const method of ['PUT', 'DELETE']) {
      expect((await fetch(url(), { method, headers: { accept } })).status).toBe(404);
    }
  });

  test('hold a bounded part of thousands of states for who does not read, and send the newest', async () => {
    const response = await get(watchState.replace('$name: String!', '$name: String! = "a"'));
    await until(() => front.counts().members === 1);
    response.pause();
    const count = 2_000;
    let most = 0;
    for (let version = 1; version <= count; version++) {
      front.states.emit({ version, text });
      await until(() => front.states.untaken === 0);
      most = Math.max(most, front.counts().waiting);
    }
    expect(most).toBeLessThanOrEqual(text.length + 200);
    front.states.end();

    const versions = [...(await read(response)).matchAll(/"version":(\d+)/g)].map(([, version]) =>
      Number(version),
    );
    expect(versions.at(-1)).toBe(count);
    expect(versions.length).toBeLessThan(count / 2);
  });

  test('cut off who leaves more events unread than may wait', async () => {
    const response = await get(followEvents);
    await until(() => front.counts().members === 1);
    response.pause();
    let sequence = 0;
    while (front.counts().members > 0) {
      front.events.emit({ sequence: ++sequence, text });
      await until(() => front.events.untaken === 0);
      expect(front.counts().waiting).toBeLessThanOrEqual(limits.backlog);
    }
    await until(() => front.counts().eventStreams === 0);
    await expect(read(response)).rejects.toThrow('aborted');
  });
});

describe('a front that stops', () => {
  test('ends its streams with the reason', async () => {
    await using front = await startFront();
    const client = createClient({ url: `${front.url}/graphql/stream`, retryAttempts: 0 });
    const results = client.iterate({ query: followEvents });
    const last = results.next();
    await until(() => front.counts().members === 1);
    await front.close();

    expect(await last).toMatchObject({
      value: { errors: [{ extensions: { code: 'SHUTTING_DOWN' } }] },
    });
    expect(await results.next()).toEqual({ done: true });
    client.dispose();
  });

  test('does not wait forever for one that does not read', async () => {
    const clock = createManualClock();
    await using front = await startFront({ clock, limits });
    const asked = request(
      `${front.url}/graphql/stream?${new URLSearchParams({ query: followEvents })}`,
      { headers: { accept } },
    );
    const [response] = (await once(asked.end(), 'response')) as [IncomingMessage];
    await until(() => front.counts().members === 1);
    response.pause();
    while (front.counts().waiting < 500_000) {
      front.events.emit({ sequence: 1, text });
      await until(() => front.events.untaken === 0);
    }

    const closed = front.close();
    await until(() => clock.pending.includes(5_000));
    clock.advance(5_000);
    await closed;
    expect(front.counts()).toMatchObject({ eventStreams: 0, members: 0 });
    response.on('error', () => {});
    response.destroy();
  });
});
