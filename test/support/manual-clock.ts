/** A clock that stands still until a test moves it. */
export interface ManualClock {
  now(): Date;
  schedule(callback: () => void, delayMs: number): () => void;
  /** Moves the clock and fires what falls due, in order. */
  advance(ms: number): void;
  /** Resolves as soon as a timer of exactly this length is running. */
  scheduled(delayMs: number): Promise<void>;
  /** How many timers are running. */
  readonly pending: number;
}

interface Timer {
  readonly delayMs: number;
  readonly dueAt: number;
  readonly callback: () => void;
}

export function createManualClock(start = new Date('2026-03-09T07:05:02.041Z')): ManualClock {
  let now = start.getTime();
  const timers = new Set<Timer>();
  const waiters = new Set<{ readonly delayMs: number; readonly resolve: () => void }>();

  return {
    now: () => new Date(now),
    schedule(callback, delayMs) {
      const timer = { delayMs, dueAt: now + delayMs, callback };
      timers.add(timer);
      for (const waiter of waiters) {
        if (waiter.delayMs !== delayMs) continue;
        waiters.delete(waiter);
        waiter.resolve();
      }
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (let timer = next(end); timer; timer = next(end)) {
        timers.delete(timer);
        now = timer.dueAt;
        timer.callback();
      }
      now = end;
    },
    scheduled(delayMs) {
      return new Promise((resolve) => {
        if ([...timers].some((timer) => timer.delayMs === delayMs)) resolve();
        else waiters.add({ delayMs, resolve });
      });
    },
    get pending() {
      return timers.size;
    },
  };

  function next(end: number): Timer | undefined {
    return [...timers]
      .filter((timer) => timer.dueAt <= end)
      .sort((a, b) => a.dueAt - b.dueAt)
      .at(0);
  }
}
