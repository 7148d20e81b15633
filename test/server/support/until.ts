import { vi } from 'vitest';

/** Waits for a state, at least as long as a busy machine may take to reach it. */
export function until(isReached: () => boolean): Promise<unknown> {
  return vi.waitUntil(isReached, { timeout: 20_000, interval: 1 });
}
