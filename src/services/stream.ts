import { Repeater, SlidingBuffer } from '@repeaterjs/repeater';

/** What a stream's source is given to speak with. */
export interface Outlet<T> {
  /** The newest value; one that was not taken yet is replaced. */
  emit(value: T): void;
  /** The end, with its reason if it is an error. */
  end(error?: Error): void;
}

/**
 * A stream of states in which the newest wins: a slow reader misses steps, never the last one, and
 * holds one value at most. `open` attaches to its sources and returns how to let go of them; that
 * happens at once when the reader leaves, even if nothing was ever emitted.
 */
export function stateStream<T>(open: (outlet: Outlet<T>) => () => void): AsyncIterableIterator<T> {
  return new Repeater<T>(async (push, stop) => {
    const close = open({
      emit: (value) => void push(value),
      end: (error) => stop(error),
    });
    await stop;
    close();
  }, new SlidingBuffer(1));
}

/**
 * A stream in which nothing is lost. `next` gives what follows the last item sent; it is asked
 * again each time `attach`'s listener is called, until it says that this was all.
 */
export function completeStream<T>(source: {
  attach(wake: () => void): () => void;
  next(last: T | undefined): Promise<{ items: readonly T[]; done: boolean }>;
}): AsyncIterableIterator<T> {
  return new Repeater<T>(async (push, stop) => {
    let stopped = false;
    let wake = () => {};
    let woken = false;
    const detach = source.attach(() => {
      woken = true;
      wake();
    });
    stop.then(() => {
      stopped = true;
      detach();
      wake();
    });
    let last: T | undefined;
    while (!stopped) {
      woken = false;
      const { items, done } = await source.next(last);
      for (const item of items) {
        if (stopped) return;
        await push(item);
        last = item;
      }
      if (done) return stop();
      if (!woken && !stopped) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  });
}
