import { describe, expect, it } from 'vitest';
import { completeStream, type Outlet, stateStream } from '../../src/services/stream.js';
import { rejectionOf } from '../emulator/support/rejection.js';
import { createDeferred } from './support/deferred.js';

describe('a stream of states', () => {
  /** A stream whose source is the test, and what became of the source. */
  function createStates() {
    const source = { opened: 0, closed: 0 };
    let outlet: Outlet<number> | undefined;
    const stream = stateStream<number>((given) => {
      source.opened += 1;
      outlet = given;
      return () => {
        source.closed += 1;
      };
    });
    const speak = (): Outlet<number> => {
      if (!outlet) throw new TypeError('the source is not open yet');
      return outlet;
    };
    return { stream, source, speak };
  }

  it('opens its source with the first reading, not before', async () => {
    const { stream, source, speak } = createStates();
    expect(source.opened).toBe(0);

    const first = stream.next();
    speak().emit(1);

    expect(await first).toEqual({ done: false, value: 1 });
    expect(source.opened).toBe(1);
  });

  it('gives a reader that keeps up every state', async () => {
    const { stream, speak } = createStates();
    const seen: unknown[] = [];

    for (let state = 1; state <= 5; state += 1) {
      const next = stream.next();
      speak().emit(state);
      seen.push((await next).value);
    }

    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it('gives a slow reader the newest state, and holds nothing else', async () => {
    const { stream, speak } = createStates();
    const first = stream.next();
    speak().emit(0);
    await first;

    for (let state = 1; state <= 100_000; state += 1) speak().emit(state);

    expect(await stream.next()).toEqual({ done: false, value: 100_000 });
    const next = stream.next();
    speak().emit(7);
    expect(await next).toEqual({ done: false, value: 7 });
  });

  it('lets go of a quiet source at once when its reader leaves', async () => {
    const { stream, source } = createStates();
    const waiting = stream.next();

    await stream.return?.();

    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(source).toEqual({ opened: 1, closed: 1 });
  });

  it('that is left unread never opens its source', async () => {
    const { stream, source } = createStates();

    await stream.return?.();

    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(source).toEqual({ opened: 0, closed: 0 });
  });

  it('lets go when its reader stops in the middle of a loop', async () => {
    const { stream, source, speak } = createStates();
    const reading = (async () => {
      for await (const state of stream) if (state === 1) break;
    })();
    speak().emit(1);

    await reading;

    expect(source.closed).toBe(1);
  });

  it('takes no harm from what its source says after that', async () => {
    const { stream, speak } = createStates();
    const waiting = stream.next();
    await stream.return?.();
    await waiting;

    for (let state = 0; state < 10_000; state += 1) speak().emit(state);
    speak().end(new Error('too late'));

    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('gives the last state before it ends', async () => {
    const { stream, source, speak } = createStates();
    const first = stream.next();
    speak().emit(1);
    await first;

    speak().emit(2);
    speak().emit(3);
    speak().end();

    expect(await stream.next()).toEqual({ done: false, value: 3 });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(source.closed).toBe(1);
  });

  it('ends with the error of its source, once', async () => {
    const { stream, source, speak } = createStates();
    const waiting = stream.next();

    speak().end(new Error('the device was deleted'));

    expect((await rejectionOf(waiting)).message).toBe('the device was deleted');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(source.closed).toBe(1);
  });

  it('ends with the error of a source that cannot be opened', async () => {
    const stream = stateStream<number>(() => {
      throw new Error('no source');
    });

    expect((await rejectionOf(stream.next())).message).toBe('no source');
  });
});

describe('a stream in which nothing is lost', () => {
  /** A stream over a growing list, of which an item says itself whether it is the last. */
  function createEvents(last = Number.POSITIVE_INFINITY) {
    const items: number[] = [];
    const source = { attached: 0, detached: 0, asked: 0 };
    let wake: (() => void) | undefined;
    const stream = completeStream<number>({
      attach(given) {
        source.attached += 1;
        wake = given;
        return () => {
          source.detached += 1;
        };
      },
      next: async (seen) => {
        source.asked += 1;
        return { items: items.filter((one) => one > (seen ?? 0)), done: items.includes(last) };
      },
    });
    const append = (...more: readonly number[]) => {
      items.push(...more);
      wake?.();
    };
    return { stream, source, items, append };
  }

  async function collect(stream: AsyncIterable<number>): Promise<readonly number[]> {
    const seen: number[] = [];
    for await (const item of stream) seen.push(item);
    return seen;
  }

  it('gives what was there before, and ends where all is told', async () => {
    const { stream, source, items } = createEvents(3);
    items.push(1, 2, 3);

    expect(await collect(stream)).toEqual([1, 2, 3]);
    expect(source).toMatchObject({ attached: 1, detached: 1 });
  });

  it('gives a slow reader every item, in order and once', async () => {
    const { stream, append } = createEvents(1_000);
    const seen: number[] = [];
    let count = 0;

    const reading = (async () => {
      for await (const item of stream) {
        seen.push(item);
        // More come while this one is looked at.
        for (let more = 0; more < 3 && count < 1_000; more += 1) append(++count);
        if (item % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    append(++count);
    await reading;

    expect(seen).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
  });

  it('asks its source for no more than its reader takes', async () => {
    const { stream, source, append } = createEvents();
    append(1);
    await stream.next();
    const asked = source.asked;

    for (let item = 2; item <= 5_000; item += 1) append(item);
    await new Promise((resolve) => setImmediate(resolve));

    expect(source.asked).toBeLessThanOrEqual(asked + 1);
    expect((await stream.next()).value).toBe(2);
  });

  it('misses no item that comes while the source is being asked', async () => {
    const [asked, answer] = [createDeferred<void>(), createDeferred<void>()];
    const items = [1];
    let wake = () => {};
    let first = true;
    const stream = completeStream<number>({
      attach(given) {
        wake = given;
        return () => {};
      },
      async next(seen) {
        const found = items.filter((one) => one > (seen ?? 0));
        const done = items.includes(3);
        if (first) {
          first = false;
          asked.resolve();
          await answer.promise;
        }
        return { items: found, done };
      },
    });

    const reading = collect(stream);
    await asked.promise;
    items.push(2, 3);
    wake();
    answer.resolve();

    expect(await reading).toEqual([1, 2, 3]);
  });

  it('lets go of a quiet source at once when its reader leaves', async () => {
    const { stream, source, append } = createEvents();
    append(1);
    await stream.next();
    const waiting = stream.next();
    await new Promise((resolve) => setImmediate(resolve));

    await stream.return?.();

    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(source).toMatchObject({ attached: 1, detached: 1 });
    const { asked } = source;
    append(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.asked).toBe(asked);
  });

  it('lets go when its reader leaves with items untaken', async () => {
    const { stream, source, items } = createEvents();
    items.push(1, 2, 3);
    await stream.next();

    await stream.return?.();

    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(source.detached).toBe(1);
  });

  it('lets go when its reader leaves while the source is being asked', async () => {
    const answer = createDeferred<{ items: readonly number[]; done: boolean }>();
    let detached = 0;
    const stream = completeStream<number>({
      attach: () => () => {
        detached += 1;
      },
      next: () => answer.promise,
    });
    const waiting = stream.next();

    const leaving = stream.return?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(detached).toBe(1);
    answer.resolve({ items: [1], done: false });
    await leaving;

    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('ends with the error of its source, and lets go', async () => {
    let detached = 0;
    const stream = completeStream<number>({
      attach: () => () => {
        detached += 1;
      },
      next: () => Promise.reject(new Error('the journal is gone')),
    });

    expect((await rejectionOf(stream.next())).message).toBe('the journal is gone');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(detached).toBe(1);
  });
});
