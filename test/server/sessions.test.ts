import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Caller, localDeveloper, type Permission } from '../../src/services/access.js';
import type { Authenticate } from '../../src/services/callers/authenticator.js';
import { RequestError } from '../../src/services/errors.js';
import { createManualClock, type ManualClock } from '../services/support/manual-clock.js';
import { type Front, startFront } from './support/front.js';
import { until } from './support/until.js';
import { openWire, resultsOf, type Wire } from './support/wire.js';

/** A session of tests ends before the front first asks whether the peer is there. */
const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;
const expired = {
  code: 4403,
  reason: 'the credential has expired; connect again with a new one',
};

describe('a session', () => {
  let clock: ManualClock;
  let front: Front;
  let wires: Wire[];

  /** Credentials of tests say what they stand for: `NAME/SECONDS/PERMISSIONS`. */
  const authenticate: Authenticate = async (credential = '') => {
    const [name = '', seconds, ...granted] = credential.split('/');
    if (name === 'later') throw new RequestError('ISSUER_UNAVAILABLE', 'later');
    if (name === 'nobody')
      throw new RequestError('UNAUTHENTICATED', `there is no name: ${'é'.repeat(99)}`);
    if (name === 'broken') throw new Error('a secret');
    const permissions = new Set(granted as Permission[]);
    const expiresAt = seconds ? new Date(clock.now() + Number(seconds) * SECOND) : undefined;
    return { id: name, grants: [{ permissions }], expiresAt } satisfies Caller;
  };

  beforeEach(async () => {
    clock = createManualClock();
    front = await startFront({ clock, authenticate });
    wires = [];
  });

  afterEach(async () => {
    for (const wire of wires) await wire[Symbol.asyncDispose]();
    await front[Symbol.asyncDispose]();
  });

  async function open(token: string): Promise<Wire> {
    const wire = await openWire(front.url, { init: { token } });
    wires.push(wire);
    return wire;
  }

  async function follow(wire: Wire): Promise<void> {
    const readers = front.counts().members;
    wire.subscribe('1', 'subscription { state(name: "a") { version } }');
    await until(() => front.counts().members === readers + 1);
  }

  const renew = (wire: Wire, token: string) => wire.send({ type: 'ping', payload: { token } });

  test('ends to the millisecond, with all that is open, and takes nothing more', async () => {
    const wire = await open('alice/10');
    await follow(wire);
    clock.advance(10 * SECOND - 1);
    front.states.emit({ version: 1 });
    await wire.waitFor(({ type }) => type === 'next');
    // What a client sends before it reads of the end.
    wire.pause();
    clock.advance(1);
    wire.send({ id: '2', type: 'subscribe', payload: { query: 'mutation { bump }' } });
    front.states.emit({ version: 2 });

    await until(() => front.counts().members === 0);
    wire.resume();
    expect(await wire.closed).toEqual(expired);
    expect(resultsOf(wire, '1')).toEqual([{ data: { state: { version: 1 } } }]);
    expect(resultsOf(wire, '2')).toEqual([]);
    await using other = await openWire(front.url, { init: { token: 'bob' } });
    other.subscribe('1', 'mutation { bump }');
    await other.waitFor(({ type }) => type === 'next');
    expect(resultsOf(other, '1')).toEqual([{ data: { bump: 1 } }]);
  });

  test('leaves those alone who subscribed to the same, and whose credential lasts', async () => {
    const [brief, long] = [await open('alice/1'), await open('alice/10')];
    await follow(brief);
    await follow(long);
    expect(front.counts().cohorts).toBe(1);
    clock.advance(SECOND);
    await brief.closed;
    front.states.emit({ version: 1 });
    await long.waitFor(({ type }) => type === 'next');

    expect(front.counts()).toMatchObject({ sockets: 1, members: 1 });
  });

  test('goes on with a new credential of the same caller, on the same socket', async () => {
    const wire = await open('alice/6');
    await follow(wire);
    clock.advance(5 * SECOND);
    renew(wire, 'alice/6');
    await wire.waitFor(({ type }) => type === 'pong');
    clock.advance(5 * SECOND);
    front.states.emit({ version: 1 });
    await wire.waitFor(({ type }) => type === 'next');
    clock.advance(SECOND);

    expect(await wire.closed).toEqual(expired);
  });

  test('goes on with the old credential while a new one cannot be checked', async () => {
    const wire = await open('alice/10');
    renew(wire, 'later');
    const { payload } = await wire.waitFor(({ type }) => type === 'pong');

    expect(payload).toEqual({ expiresAt: new Date(clock.now() + 10 * SECOND).toISOString() });
    clock.advance(10 * SECOND);
    expect(await wire.closed).toEqual(expired);
  });

  test.each([
    ['another caller', 'bob/10', 4403, 'the new credential is of another caller'],
    [
      'other permissions',
      'alice/10/device:read',
      4403,
      'what you may do has changed; connect again',
    ],
    ['nobody', 'nobody', 4403, /^there is no name: é+$/],
  ])('does not go on with a credential of %s', async (_whose, token, code, reason) => {
    const wire = await open('alice/10');
    await follow(wire);
    renew(wire, token);

    const end = await wire.closed;
    expect(end.code).toBe(code);
    expect(end.reason).toMatch(reason);
    await until(() => front.counts().members === 0);
  });

  test('does not begin by a ping, nor twice', async () => {
    await expect(openWire(front.url, { init: { token: 'later' } })).rejects.toThrow(
      'closed with 1013 access tokens cannot be checked now',
    );
    const wire = await open('alice/10');
    wire.send({ type: 'connection_init', payload: { token: 'bob/10' } });
    expect((await wire.closed).code).toBe(4429);
  });

  test('answers other pings with what they bring', async () => {
    const wire = await open('alice/10');
    wire.send({ type: 'ping', payload: { number: 7 } });

    expect(await wire.waitFor(({ type }) => type === 'pong')).toEqual({
      type: 'pong',
      payload: { number: 7 },
    });
  });

  test('lasts for months where its credential does, and leaves no timer', async () => {
    const wire = await open(`alice/${(60 * DAY) / SECOND}`);
    // Longer waits are cut by the timers of Node.
    for (const wait of clock.pending) expect(wait).toBeLessThan(2 ** 31);
    await wire[Symbol.asyncDispose]();
    await until(() => front.counts().sockets === 0);

    expect(clock.pending).toEqual([]);
  });

  test('is not begun by a fault, of which nothing is told', async () => {
    await expect(openWire(front.url, { init: { token: 'broken' } })).rejects.toThrow(
      'closed with 4500 Internal server error',
    );
    expect(front.log).toMatchObject([{ err: { message: 'a secret' } }]);
  });

  test('of an event stream ends with the reason', async () => {
    const query = encodeURIComponent('subscription { state(name: "a") { version } }');
    const response = await fetch(`${front.url}/graphql/stream?query=${query}`, {
      headers: { accept: 'text/event-stream', authorization: 'Bearer alice/10' },
    });
    await until(() => front.counts().members === 1);
    front.states.emit({ version: 1 });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('"version":1')) text += (await reader?.read())?.value ?? '';
    clock.advance(10 * SECOND);
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      text += part.value;
    }

    expect(text).toMatch(/"code":"UNAUTHENTICATED".*\n\nevent: complete/);
    await until(() => front.counts().eventStreams === 0);
    expect(front.counts().members).toBe(0);
    expect(clock.pending).toEqual([]);
  });
});

test('without a credential that ends, no timer is kept', async () => {
  const clock = createManualClock();
  await using front = await startFront({ clock });
  expect(front.caller).toBe(localDeveloper);
  const before = clock.pending.length;
  await using wire = await openWire(front.url);

  // That which asks whether the peer is there.
  expect(clock.pending.length).toBe(before + 1);
  expect(wire.messages).toEqual([]);
});
