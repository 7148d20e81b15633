import type { Clock } from '../clock.js';

/** An instant as a hub writes it, without the final `Z`: up to seven decimals, trailing zeros dropped. */
export type Timestamp = string;

/** What a hub writes for "never". */
export const never: Timestamp = '0001-01-01T00:00:00';

const ticksPerMs = 10_000;

/** Gives the current instant, each one later than the last, as the hub's 100 ns clock does. */
export function createTimestamps(clock: Clock): () => Timestamp {
  let lastMs = 0;
  let ticks = 0;
  return () => {
    const nowMs = clock.now().getTime();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      ticks = 0;
    } else if (++ticks >= ticksPerMs) {
      lastMs += 1;
      ticks = 0;
    }
    return formatTimestamp(lastMs, ticks);
  };
}

function formatTimestamp(ms: number, ticks: number): Timestamp {
  const iso = new Date(ms).toISOString();
  const fraction = `${iso.slice(20, 23)}${String(ticks).padStart(4, '0')}`.replace(/0+$/, '');
  return fraction === '' ? iso.slice(0, 19) : `${iso.slice(0, 19)}.${fraction}`;
}
