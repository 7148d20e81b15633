import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { createManualClock } from '../services/support/manual-clock.js';
import { type Front, startFront } from './support/front.js';
import { until } from './support/until.js';
import { type Message, openWire, resultsOf, type Wire } from './support/wire.js';

const watchState = 'subscription { state(name: "a") { version text } }';
const followEvents =
  'subscription ($after: Int) { events(name: "a", after: $after) { sequence text } }';
const slowReaderCode = 1013;

/** Larger than all that a system buffers for one connection takes but a few hundred of them. */
const text = 'x'.repeat(32 * 1024);
const limits = { underWay: 128 * 1024, backlog: 1024 * 1024, history: 256 * 1024 };

/** A wire with one subscription, which has stopped reading. */
async function stall(front: Front, query: string): Promise<Wire> {
  const { members } = front.counts();
  const wire = await openWire(front.url);
  wire.subscribe('slow', query);
  await until(() => front.counts().members === members + 1);
  wire.pause();
  return wire;
}

/** Emits one by one, so that each is delivered before the next; tells the most that was ever held. */
async function emitStates(front: Front, count: number) {
  let unsent = 0;
  let waiting = 0;
  for (let version = 1; version <= count; version++) {
    front.states.emit({ version, text });
    await until(() => front.states.untaken === 0);
    const counts = front.counts();
    unsent = Math.max(unsent, counts.unsent);
    waiting = Math.max(waiting, counts.waiting);
  }
  return { unsent, waiting };
}

const versionOf = ({ payload }: Message) =>
  (payload as { data: { state: { version: number } } } | undefined)?.data.state.version;

describe('a socket that is not read', () => {
  test('holds a bounded part of thousands of states, and is sent the newest when it is read again', async () => {
    await using front = await startFront({ limits });
    await using slow = await stall(front, watchState);
    await using quick = await openWire(front.url);
    quick.subscribe('quick', watchState);
    await until(() => front.counts().members === 2);
    const count = 3_000;

    const most = await emitStates(front, count);

    // What is under way, the payload that made it full, and one more that waits.
    const payload = text.length + 200;
    expect(most.unsent).toBeLessThanOrEqual(limits.underWay + payload);
    expect(most.unsent).toBeGreaterThan(0);
    expect(most.waiting).toBeLessThanOrEqual(payload);
    expect(most.waiting).toBeGreaterThan(0);
    await quick.waitFor((message) => versionOf(message) === count);

    slow.resume();
    await slow.waitFor((message) => versionOf(message) === count);
    const versions = slow.messages.map((message) => versionOf(message) ?? 0);
    expect(versions.length).toBeLessThan(count / 2);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(front.counts()).toMatchObject({ waiting: 0, members: 2, sockets: 2 });
  });

  test('is closed when more events wait than may, after all that came before, without a gap', async () => {
    await using front = await startFront({ limits });
    await using slow = await stall(front, followEvents);
    let most = 0;
    let sequence = 0;
    while (front.counts().members > 0) {
      front.events.emit({ sequence: ++sequence, text });
      await until(() => front.events.untaken === 0);
      most = Math.max(most, front.counts().waiting);
    }
    expect(most).toBeLessThanOrEqual(limits.backlog);
    expect(most).toBeGreaterThan(limits.backlog / 2);
    expect(front.counts()).toMatchObject({ cohorts: 0, members: 0, waiting: 0 });
    expect(front.events.readers).toBe(0);

    slow.resume();

    expect(await slow.closed).toMatchObject({ code: slowReaderCode, reason: /subscribe again/ });
    const told = resultsOf(slow, 'slow') as { data: { events: { sequence: number } } }[];
    expect(told.length).toBeGreaterThan(0);
    expect(told.map(({ data }) => data.events.sequence)).toEqual(told.map((_, index) => index + 1));
  });

  test('that was closed is opened again by a stock client, which misses no event', async () => {
    await using front = await startFront({ limits });
    const sockets: WebSocket[] = [];
    const client = createClient({
      url: `${front.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryWait: async () => {},
      on: { opened: (socket) => sockets.push(socket as WebSocket) },
    });
    const variables = { after: 0 };
    const sequences: number[] = [];
    client.subscribe<{ events: { sequence: number } }>(
      { query: followEvents, variables },
      {
        next: ({ data }) => {
          const { sequence } = data?.events ?? { sequence: 0 };
          sequences.push(sequence);
          variables.after = sequence;
        },
        error: (error) => {
          throw error;
        },
        complete: () => {},
      },
    );
    await until(() => front.counts().members === 1);
    sockets[0]?.pause();
    const history: { sequence: number; text: string }[] = [];
    while (front.counts().members > 0) {
      const event = { sequence: history.length + 1, text };
      history.push(event);
      front.events.emit(event);
      await until(() => front.events.untaken === 0);
    }
    sockets[0]?.resume();

    await until(() => front.counts().members === 1);
    // What a journal does: tells again all that it is asked for.
    for (const event of history) {
      front.events.emit(event);
      await until(() => sequences.length >= event.sequence);
    }
    expect(sockets).toHaveLength(2);
    expect(sequences).toEqual(history.map(({ sequence }) => sequence));
    await client.dispose();
  });

  test('ends its subscription after all that waits, not before', async () => {
    await using front = await startFront({ limits });
    await using slow = await stall(front, watchState);
    const count = 1_000;
    await emitStates(front, count);
    front.states.end();
    await until(() => front.states.readers === 0);

    slow.resume();
    await slow.waitFor(({ type }) => type === 'complete');

    expect(slow.messages.map(({ type }) => type).indexOf('complete')).toBe(
      slow.messages.length - 1,
    );
    expect(slow.messages.map(versionOf).at(-2)).toBe(count);
  });

  test('lets its subscriptions take turns', async () => {
    await using front = await startFront({ limits });
    await using slow = await stall(front, watchState);
    slow.subscribe('other', followEvents);
    await until(() => front.counts().members === 2);
    await emitStates(front, 500);
    front.events.emit(...[1, 2, 3].map((sequence) => ({ sequence, text })));
    await until(() => front.events.untaken === 0);
    expect(front.counts().waiting).toBeGreaterThan(3 * text.length);

    slow.resume();
    await until(() => resultsOf(slow, 'other').length === 3);
    await slow.waitFor((message) => message.id === 'slow' && versionOf(message) === 500);
    expect(front.counts().waiting).toBe(0);
  });

  test('is not read either, so that answers do not pile up', async () => {
    const many = 1_000_000;
    const requestLimits = {
      callerOperationsPerSecond: many,
      messagesPerSecond: many,
      subscriptionsPerSocket: many,
    };
    await using front = await startFront({ limits, requestLimits });
    await using slow = await openWire(front.url);
    slow.pause();
    const query = `{ echo(text: "${text}") }`;
    const count = 2_000;
    for (let index = 0; index < count; index++) {
      slow.subscribe(`query-${index}`, query);
      if (index % 50 === 0) {
        await new Promise((resolve) => setImmediate(resolve));
        expect(front.counts().unsent).toBeLessThan(4 * 1024 * 1024);
      }
    }
    slow.resume();
    await slow.waitFor(({ id, type }) => id === `query-${count - 1}` && type === 'complete');
    expect(slow.messages.filter(({ type }) => type === 'next')).toHaveLength(count);
  });
});

describe('a peer that is gone', () => {
  test('is found by one timer for all, and dropped; who answers stays', async () => {
    const clock = createManualClock();
    await using front = await startFront({ clock });
    await using present = await openWire(front.url);
    await using absent = await openWire(front.url, { autoPong: false });
    for (const wire of [present, absent]) {
      wire.subscribe('watch', watchState);
    }
    await until(() => front.counts().members === 2);
    expect(clock.pending).toHaveLength(1);

    const pinged = Promise.all([present, absent].map(({ socket }) => once(socket, 'ping')));
    clock.advance(15_000);
    await pinged;
    // What it says after its pong is answered: so its pong has arrived.
    present.subscribe('echo', '{ echo(text: "here") }');
    await present.waitFor(({ id }) => id === 'echo');
    clock.advance(15_000);

    expect(await absent.closed).toMatchObject({ code: 1006 });
    await until(() => front.counts().sockets === 1);
    expect(front.counts()).toMatchObject({ members: 1, sockets: 1 });
    expect(present.socket.readyState).toBe(WebSocket.OPEN);
  });

  test('leaves no timer behind', async () => {
    const clock = createManualClock();
    await using front = await startFront({ clock });
    await using wire = await openWire(front.url);
    expect(clock.pending).toHaveLength(1);
    wire.socket.close();
    await until(() => clock.pending.length === 0);
  });
});

describe('a front that stops', () => {
  test('ends subscriptions with the reason, then closes sockets so that stock clients come back', async () => {
    await using front = await startFront();
    await using next = await startFront();
    await using wire = await openWire(front.url);
    wire.subscribe('watch', watchState);
    let url = front.url;
    const connected: string[] = [];
    const client = createClient({
      url: () => `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      lazy: false,
      retryWait: async () => {},
      on: { connected: () => connected.push(url) },
    });
    await until(() => connected.length === 1 && front.counts().members === 1);

    url = next.url;
    await front.close();

    expect(await wire.closed).toEqual({
      code: 1012,
      reason: 'the gateway is stopping; connect again',
    });
    expect(wire.messages).toMatchObject([
      { id: 'watch', type: 'error', payload: [{ extensions: { code: 'SHUTTING_DOWN' } }] },
    ]);
    await until(() => connected.length === 2);
    expect(connected).toEqual([front.url, next.url]);
    expect(front.counts()).toMatchObject({ cohorts: 0, members: 0, sockets: 0 });
    await client.dispose();
  });

  test('does not wait forever for one that does not read', async () => {
    const clock = createManualClock();
    await using front = await startFront({ clock, limits });
    await using slow = await stall(front, watchState);
    await emitStates(front, 1_000);

    const closed = front.close();
    await until(() => clock.pending.includes(5_000));
    clock.advance(5_000);

    await closed;
    slow.resume();
    expect(await slow.closed).toMatchObject({ code: 1006 });
  });
});
