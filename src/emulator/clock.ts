/** The emulator's only source of time: what the hour is, and how to be called later. */
export interface Clock {
  now(): Date;
  /** Calls back once after `delayMs`, unless the returned function is called before. */
  schedule(callback: () => void, delayMs: number): () => void;
}

/** A clock whose hour comes from `now`. Its timers are the process's, and do not keep the process alive. */
export function createClock(now: () => Date = () => new Date()): Clock {
  return {
    now,
    schedule(callback, delayMs) {
      const timer = setTimeout(callback, delayMs);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

export function delay(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(resolve, delayMs);
  });
}
