import type { Clock as EmulatorClock } from '../../../src/emulator/clock.js';
import { type Cancel, type Clock, systemClock } from '../../../src/services/clock.js';

/** Time that can be made to pass faster than it does, for a gateway and for its hub. */
export interface ElasticClock extends Clock {
  /** How many seconds pass in one, from now on, also for what was scheduled before. */
  setRate(rate: number): void;
  /** Resolves when so much time (ms) has passed on this clock. */
  pass(milliseconds: number): Promise<void>;
  /** The same time, as the emulator takes it. */
  readonly forHub: EmulatorClock;
}

export function createElasticClock(): ElasticClock {
  let rate = 1;
  let since = { real: systemClock.now(), shown: systemClock.now() };
  const timers = new Set<Timer>();
  const now = () => since.shown + (systemClock.now() - since.real) * rate;

  function arm(timer: Timer): void {
    timer.cancel = systemClock.after(Math.max(0, timer.dueAt - now()) / rate, () => {
      timers.delete(timer);
      timer.task();
    });
  }

  const after: Clock['after'] = (milliseconds, task) => {
    const timer: Timer = { dueAt: now() + milliseconds, task, cancel: () => {} };
    timers.add(timer);
    arm(timer);
    return () => {
      timers.delete(timer);
      timer.cancel();
    };
  };

  return {
    now,
    after,
    setRate(next) {
      since = { real: systemClock.now(), shown: now() };
      rate = next;
      for (const timer of timers) {
        timer.cancel();
        arm(timer);
      }
    },
    pass: (milliseconds) => new Promise((resolve) => after(milliseconds, resolve)),
    forHub: {
      now: () => new Date(now()),
      schedule: (callback, delayMs) => after(delayMs, callback),
    },
  };
}

interface Timer {
  readonly dueAt: number;
  readonly task: () => void;
  cancel: Cancel;
}
