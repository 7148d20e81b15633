import type { Clock } from '../clock.js';
import { hubError } from '../errors.js';
import { dailyMessagesOf, messageBytesOf, type Tier } from './tiers.js';

/** How many messages a hub takes between midnight and midnight, UTC. */
export interface DailyQuota {
  /** Throws the hub's 403002 once the day's messages are used up. */
  check(): void;
  /** Takes as many messages as so many bytes are metered as: at least one. */
  take(bytes: number): void;
}

const dayMs = 24 * 3_600_000;

export function createDailyQuota(
  clock: Clock,
  { tier, units }: { readonly tier: Tier; readonly units: number },
): DailyQuota {
  const allowed = dailyMessagesOf(tier, units);
  const messageBytes = messageBytesOf(tier);
  let day = 0;
  let used = 0;

  function turnDay(): void {
    const today = Math.floor(clock.now().getTime() / dayMs);
    if (today !== day) used = 0;
    day = today;
  }

  return {
    check() {
      turnDay();
      if (used < allowed) return;
      throw hubError(
        'IotHubQuotaExceeded',
        `Total number of messages on IotHub 'localhost' exceeded the allocated quota. Max allowed message count : '${allowed}', current message count : '${used}'. Send and Receive operations are blocked for this hub until the next UTC day.`,
      );
    },
    take(bytes) {
      turnDay();
      used += Math.max(1, Math.ceil(bytes / messageBytes));
    },
  };
}
