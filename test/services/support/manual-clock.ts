import type { Cancel, Clock } from '../../../src/services/clock.js';

/** A clock of the gateway that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves the clock and runs what falls due, in order. */
  advance(milliseconds: number): void;
  /** What is scheduled, as milliseconds from now, soonest first. */
  readonly pending: readonly number[];
  /** Resolves as soon as something is scheduled. */
  scheduled(): Promise<void>;
}

interface Timer {
  readonly dueAt: number;
  readonly task: () => void;
}

export function createManualClock(start = Date.parse('2026-03-09T07:00:00Z')): ManualClock {
  let now = start;
  const timers = new Set<Timer>();
  let waiting: (() => void)[] = [];
  const soonest = () => [...timers].sort((a, b) => a.dueAt - b.dueAt);

  return {
    now: () => now,
    after(milliseconds, task): Cancel {
      const timer = { dueAt: now + milliseconds, task };
      timers.add(timer);
      for (const resolve of waiting.splice(0)) resolve();
      return () => timers.delete(timer);
    },
    advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const [next] = soonest();
        if (!next || next.dueAt > end) break;
        timers.delete(next);
        now = Math.max(now, next.dueAt);
        next.task();
      }
      now = end;
    },
    get pending() {
      return soonest().map(({ dueAt }) => dueAt - now);
    },
    scheduled: () =>
      new Promise((resolve) => {
        if (timers.size > 0) resolve();
        else waiting = [...waiting, resolve];
      }),
  };
}
