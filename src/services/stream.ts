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
 * `stopping` ends it with its reason when aborted.
 */
export function stateStream<T>(
  open: (outlet: Outlet<T>) => () => void,
  stopping?: AbortSignal,
): AsyncIterableIterator<T> {
  return new Repeater<T>(async (push, stop) => {
    const close = open({
      emit: (value) => void push(value),
      end: (error) => stop(error),
    });
    const letGo = endWith(stopping, stop);
    await stop;
    letGo();
    close();
  }, new SlidingBuffer(1));
}

/** Ends a stream when the signal is aborted; returns how to forget about it. */
function endWith(signal: AbortSignal | undefined, stop: (error: unknown) => void): () => void {
  if (!signal) return () => {};
  const end = () => stop(signal.reason);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return () => signal.removeEventListener('abort', end);
}

/**
 * A stream in which nothing is lost. `next` gives what follows the last item sent; it is asked
 * again each time `attach`'s listener is called, until it says that this was all.
 * `stopping` ends it with its reason when aborted.
 */
export function completeStream<T>(
  source: {
    attach(wake: () => void): () => void;
    next(last: T | undefined): Promise<{ items: readonly T[]; done: boolean }>;
  },
  stopping?: AbortSignal,
): AsyncIterableIterator<T> {
  return new Repeater<T>(async (push, stop) => {
    let stopped = false;
    let wake = () => {};
    let woken = false;
    const detach = source.attach(() => {
      woken = true;
      wake();
    });
    const letGo = endWith(stopping, stop);
    stop.then(() => {
      stopped = true;
      letGo();
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
