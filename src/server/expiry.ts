import type { Cancel, Clock } from '../services/clock.js';

/** Timers take no longer ones (ms): 2^31 - 1 and more would be none at all. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** Runs a task when a time has come, however far away; without a time, never. */
export function atExpiry(clock: Clock, expiresAt: Date | undefined, task: () => void): Cancel {
  let cancel: Cancel = () => {};
  const wait = (ends: number) => {
    const left = ends - clock.now();
    if (left <= 0) return task();
    cancel = clock.after(Math.min(left, LONGEST_WAIT), () => wait(ends));
  };
  if (expiresAt) wait(expiresAt.getTime());
  return () => cancel();
}
