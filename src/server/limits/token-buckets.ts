import { LRUCache } from 'lru-cache';
import type { Clock } from '../../services/clock.js';

export interface BucketOptions {
  /** What comes back each second. */
  readonly perSecond: number;
  /** What may be taken at once. */
  readonly burst: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** What may be taken so often, of those who take it: at once a burst, then so many a second. */
export class TokenBucket {
  readonly #options: BucketOptions;
  #tokens: number;
  #filledAt: number;

  constructor(options: BucketOptions) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#filledAt = options.clock.now();
  }

  /** Takes one and gives 0, or takes none and gives the seconds until there is one. */
  take(): number {
    const { perSecond, burst, clock } = this.#options;
    const now = clock.now();
    // A clock may be set back.
    const elapsed = Math.max(0, now - this.#filledAt) / 1000;
    this.#tokens = Math.min(burst, this.#tokens + elapsed * perSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) return (1 - this.#tokens) / perSecond;
    this.#tokens -= 1;
    return 0;
  }
}

/** How many keys are remembered. One that is forgotten begins with a full bucket. */
const KEYS = 10_000;

/** A bucket for each key. */
export class TokenBuckets {
  readonly #options: BucketOptions;
  readonly #buckets = new LRUCache<string, TokenBucket>({ max: KEYS });

  constructor(options: BucketOptions) {
    this.#options = options;
  }

  /** As TokenBucket.take, of the key's own. */
  take(key: string): number {
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      bucket = new TokenBucket(this.#options);
      this.#buckets.set(key, bucket);
    }
    return bucket.take();
  }
}
