import type { Operation } from '../calls.js';
import type { Clock } from '../clock.js';
import { hubError } from '../errors.js';
import { createDailyQuota } from './daily-quota.js';
import {
  classOf,
  maxActiveJobs,
  meteredOf,
  type Quota,
  quotaOf,
  type RequestClass,
  type Tier,
} from './tiers.js';

/** How much a hub of some tier takes. */
export interface Throttles {
  /** Throws the hub's 403002 once the messages of the day are used up. */
  checkQuota(): void;
  /** Counts a request that has succeeded toward the daily quota. */
  charge(operation: Operation, bytes: Traffic): void;
  /**
   * Admits a request with a body of so many bytes: at once (0), or after so many milliseconds, as a
   * hub shapes a burst. Throws the hub's 429 once too much is waiting, and as `checkQuota` does.
   */
  admit(operation: Operation, bytes?: number): number;
  /** The same for one device of a job, which is never refused. */
  admitJobStep(): number;
  /** Throws the hub's 429 when one more job would be too many. */
  checkActiveJobs(active: number): void;
}

/** How many bytes of payload went either way. */
export interface Traffic {
  readonly received?: number;
  readonly sent?: number;
}

export interface Size {
  readonly tier: Tier;
  readonly units: number;
}

/** What has to wait longer than this is refused. */
const maxBacklogMs = 10_000;

/** Direct methods are metered in pieces of this size (bytes). */
const methodPiece = 4096;

export const boundless: Throttles = {
  checkQuota() {},
  charge() {},
  admit: () => 0,
  admitJobStep: () => 0,
  checkActiveJobs() {},
};

export function createThrottles(clock: Clock, { tier, units }: Size): Throttles {
  const buckets = new Map<RequestClass, Bucket>();
  const quota = createDailyQuota(clock, { tier, units });

  function bucketOf(requestClass: RequestClass): Bucket {
    const bucket =
      buckets.get(requestClass) ?? createBucket(clock, quotaOf(requestClass, tier, units));
    buckets.set(requestClass, bucket);
    return bucket;
  }

  return {
    checkQuota: () => quota.check(),
    charge(operation, { received = 0, sent = 0 }) {
      const metered = meteredOf(operation);
      if (metered === 'received' || metered === 'both') quota.take(received);
      if (metered === 'sent' || metered === 'both') quota.take(sent);
    },
    admit(operation, bytes = 0) {
      quota.check();
      const requestClass = classOf(operation);
      if (requestClass === undefined) return 0;
      const cost = requestClass === 'methods' ? Math.max(1, Math.ceil(bytes / methodPiece)) : 1;
      const waitMs = bucketOf(requestClass).take(maxBacklogMs, cost);
      if (waitMs !== undefined) return waitMs;
      throw hubError(
        'ThrottlingBacklogTimeout',
        `The request has been throttled. Wait 10 seconds and try again. Operation type: ${requestClass}`,
      );
    },
    admitJobStep: () => bucketOf('jobSteps').take(Number.POSITIVE_INFINITY, 1) ?? 0,
    checkActiveJobs(active) {
      if (active < maxActiveJobs(tier)) return;
      throw hubError(
        'ThrottlingMaxActiveJobCountExceeded',
        `A hub of tier ${tier} has at most ${maxActiveJobs(tier)} jobs scheduled or under way.`,
      );
    },
  };
}

interface Bucket {
  /** Takes a request's cost and gives how long it has to wait; takes none when that would be too long. */
  take(maxWaitMs: number, cost: number): number | undefined;
}

/** A bucket that refills evenly and may go into debt: the debt is the backlog. */
function createBucket(clock: Clock, { requests, intervalMs }: Quota): Bucket {
  const msPerRequest = intervalMs / requests;
  let tokens = requests;
  let filledAtMs = clock.now().getTime();
  return {
    take(maxWaitMs, cost) {
      const nowMs = clock.now().getTime();
      tokens = Math.min(requests, tokens + (nowMs - filledAtMs) / msPerRequest);
      filledAtMs = nowMs;
      const waitMs = Math.max(0, (cost - tokens) * msPerRequest);
      if (waitMs > maxWaitMs) return undefined;
      tokens -= cost;
      return Math.ceil(waitMs);
    },
  };
}
