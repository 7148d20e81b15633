import type { Clock } from '../clock.js';

/** An instant as a hub writes it, without the final `Z`: up to seven decimals, trailing zeros dropped. */
export type Timestamp = string;

/** What a hub writes for "never". */
export const never: Timestamp = '0001-01-01T00:00:00';

const ticksPerMs = 10_000;

/** Gives the current instant, each one later than the last, as the hub's 100 ns clock does. */
export function createTimestamps(clock: Clock): () => Timestamp {
  let lastMs = 0;
  let lastText = '';
  let ticks = 0;

  function enter(ms: number): void {
    lastMs = ms;
    lastText = new Date(ms).toISOString().slice(0, -1);
    ticks = 0;
  }

  return () => {
    const nowMs = clock.now().getTime();
    if (nowMs > lastMs) enter(nowMs);
    else if (++ticks >= ticksPerMs) enter(lastMs + 1);
    return dropZeros(`${lastText}${String(ticks).padStart(4, '0')}`);
  };
}

/** Of the decimals, and with the last of them the point. */
function dropZeros(text: string): Timestamp {
  return text.replace(/\.?0+$/, '');
}
