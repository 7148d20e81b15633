import type { Clock } from '../clock.js';

const LIFETIME_SECONDS = 3600;
/** Renewed this long before it ends: more than any request takes, and than clocks differ. */
const MARGIN_SECONDS = 600;

/**
 * Hands out a shared access signature, signing a new one only when the last is about to end.
 * `sign` makes one that ends at a time, in seconds since the epoch.
 */
export function reusedToken(sign: (endsAt: number) => string, clock: Clock): () => string {
  let token = '';
  let renewAt = 0;
  return () => {
    const now = Math.floor(clock.now() / 1000);
    if (now >= renewAt) {
      token = sign(now + LIFETIME_SECONDS);
      renewAt = now + LIFETIME_SECONDS - MARGIN_SECONDS;
    }
    return token;
  };
}
