import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the event loop is looked at (ms). */
const RESOLUTION = 10;

/** How long it is looked at before it is judged (ms), and how often it must have come round by then. */
const WINDOW = 250;
const LEAST_ROUNDS = 2;

/**
 * A meter of how long what is ready waits for its turn (ms): the median of the last quarter of a
 * second, so that a single long step, such as a collection of garbage, is no lag.
 */
export function createEventLoopLag(): () => number {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION });
  delays.enable();
  let since = performance.now();
  let lag = 0;
  return () => {
    if (performance.now() - since < WINDOW || delays.count < LEAST_ROUNDS) return lag;
    lag = Math.max(0, delays.percentile(50) / 1e6 - RESOLUTION);
    delays.reset();
    since = performance.now();
    return lag;
  };
}
