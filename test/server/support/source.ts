/** What subscriptions of a test stand on: it emits when told to, and tells who listens. */
export interface Source<T> {
  /** Readers now. */
  readonly readers: number;
  /** Readers that there have ever been. */
  readonly opened: number;
  /** Emitted values that a reader has not taken yet, of all readers together. */
  readonly untaken: number;
  open(): AsyncIterableIterator<T>;
  /** To all readers, in order; nothing is left out. */
  emit(...values: readonly T[]): void;
  /** Ends all readers. */
  end(error?: Error): void;
}

interface Queue<T> {
  readonly values: T[];
  end: { readonly error: Error | undefined } | undefined;
  wake: () => void;
}

export function createSource<T>(): Source<T> {
  const queues = new Set<Queue<T>>();
  let opened = 0;

  return {
    get readers() {
      return queues.size;
    },
    get opened() {
      return opened;
    },
    get untaken() {
      return [...queues].reduce((sum, { values }) => sum + values.length, 0);
    },
    open() {
      const queue: Queue<T> = { values: [], end: undefined, wake: () => {} };
      queues.add(queue);
      opened += 1;
      return read(queue);
    },
    emit(...values) {
      for (const queue of queues) {
        queue.values.push(...values);
        queue.wake();
      }
    },
    end(error) {
      for (const queue of queues) {
        queue.end = { error };
        queue.wake();
      }
    },
  };

  function read(queue: Queue<T>): AsyncIterableIterator<T> {
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        while (queue.values.length === 0 && !queue.end) {
          await new Promise<void>((resolve) => {
            queue.wake = resolve;
          });
        }
        const [value] = queue.values.splice(0, 1);
        if (value !== undefined) return { done: false, value };
        queues.delete(queue);
        if (queue.end?.error) throw queue.end.error;
        return { done: true, value: undefined };
      },
      async return() {
        queues.delete(queue);
        queue.end = { error: undefined };
        queue.values.length = 0;
        queue.wake();
        return { done: true, value: undefined };
      },
    };
  }
}
