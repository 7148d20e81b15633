import type { Clock } from '../../../src/emulator/clock.js';

/** A clock that stands still; what waits on it can be let go. */
export function createStillClock() {
  const start = Date.now();
  let nowMs = start;
  const waiting = new Set<{ readonly callback: () => void; readonly atMs: number }>();
  const clock: Clock = {
    now: () => new Date(nowMs),
    schedule(callback, delayMs) {
      const timer = { callback, atMs: nowMs + delayMs };
      waiting.add(timer);
      return () => waiting.delete(timer);
    },
  };
  return {
    clock,
    waiting: () => [...waiting].filter(({ atMs }) => atMs - nowMs !== 1000).length, // not the sweep
    pass(ms: number) {
      nowMs += ms;
      for (const timer of [...waiting].filter(({ atMs }) => atMs <= nowMs)) {
        waiting.delete(timer);
        timer.callback();
      }
    },
  };
}
