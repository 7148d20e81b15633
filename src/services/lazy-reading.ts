import type { Twin, TwinReading } from './hub/twin.js';

export type MaybePromise<T> = T | Promise<T>;

/** A reading that is here, or is fetched once when somebody first asks for what is in it. */
export class LazyReading {
  #reading: TwinReading | (() => Promise<TwinReading>);

  constructor(reading: TwinReading | (() => Promise<TwinReading>)) {
    this.#reading = reading;
  }

  from<T>(view: (reading: TwinReading) => T): MaybePromise<T> {
    if (typeof this.#reading === 'object') return view(this.#reading);
    const pending = once(this.#reading);
    this.#reading = pending;
    return pending().then(view);
  }

  fromTwin<T>(view: (twin: Twin) => T): MaybePromise<T> {
    return this.from((reading) => view(reading.twin));
  }
}

function once<T>(start: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= start();
    return running;
  };
}
