/** The simulator's only source of time: what the hour is, and how to be called later. */
export interface Clock {
  now(): Date;
  /** Calls back once after `delayMs`, unless the returned function is called before. */
  schedule(callback: () => void, delayMs: number): () => void;
}

/** The process's own clock. Its timers keep the process alive: a device that restarts is offline, not gone. */
export const systemClock: Clock = {
  now: () => new Date(),
  schedule(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
