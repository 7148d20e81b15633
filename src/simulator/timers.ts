import type { Clock } from './clock.js';

/** The waits of one device, so that stopping the device ends them all. */
export interface Timers {
  /** Resolves after `seconds`, and never once the timers are cancelled: a stopped device does not wake. */
  wait(seconds: number): Promise<void>;
  /** Settles as `work` does, or rejects after `seconds`. Goes on after `cancelAll`: its end is bounded anyway. */
  limit<T>(work: Promise<T>, seconds: number): Promise<T>;
  cancelAll(): void;
}

export function createTimers(clock: Clock): Timers {
  const pending = new Set<() => void>();
  let cancelled = false;
  return {
    wait(seconds) {
      return new Promise((resolve) => {
        if (cancelled) return;
        const cancel = clock.schedule(() => {
          pending.delete(cancel);
          resolve();
        }, seconds * 1000);
        pending.add(cancel);
      });
    },
    limit(work, seconds) {
      return new Promise((resolve, reject) => {
        const cancel = clock.schedule(() => {
          reject(new Error(`The hub did not answer within ${seconds} s.`));
        }, seconds * 1000);
        work.finally(cancel).then(resolve, reject);
      });
    },
    cancelAll() {
      cancelled = true;
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
}
