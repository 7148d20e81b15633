import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the event loop is looked at (ms). */
const RESOLUTION = 10;

/** How long it is looked at before it is judged (ms), and how often it came round by then, at least. */
const WINDOW = 250;
const LEAST_SAMPLES = 3;

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
    const watched = performance.now() - since;
    if (watched < WINDOW) return lag;
    // Nobody asked for long: what was then is not what is now.
    const isRecent = watched < 2 * WINDOW && delays.count >= LEAST_SAMPLES;
    lag = isRecent ? Math.max(0, delays.percentile(50) / 1e6 - RESOLUTION) : 0;
    delays.reset();
    since += watched;
    return lag;
  };
}
