/** Cancels what was scheduled; calling it twice is harmless. */
export type Cancel = () => void;

/** Time as a parameter, so that tests decide when it passes. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `task` once after at least `milliseconds`. */
  after(milliseconds: number, task: () => void): Cancel;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
};
