/** The tiers that have twins and methods; the basic ones lack them. */
export const tiers = ['F1', 'S1', 'S2', 'S3'] as const;
export type Tier = (typeof tiers)[number];

/** Requests that draw on one throttle of the hub together. */
export const requestClasses = [
  'TWIN_READS',
  'TWIN_WRITES',
  'QUERIES',
  'METHODS',
  'MESSAGES',
  'JOBS',
  'REGISTRY',
] as const;
export type RequestClass = (typeof requestClasses)[number];

/** So many requests in any interval of this length. */
export interface Throttle {
  readonly requests: number;
  readonly intervalMs: number;
}

const SECOND = 1_000;
const MINUTE = 60_000;
/** Methods are metered in pieces of 4 KB, of 160 KB, 480 KB and 24 MB a second and unit. */
const METHOD_METER = { F1: 40, S1: 40, S2: 120, S3: 6_144 } as const;

/** What a hub permits, by "IoT Hub quotas and throttling" of Microsoft's documentation. */
export function hubThrottles(tier: Tier, units: number): Readonly<Record<RequestClass, Throttle>> {
  const large = tier === 'S3';
  const perMinute = (requests: number): Throttle => ({
    requests: requests * units,
    intervalMs: MINUTE,
  });
  const perSecond = (requests: number): Throttle => ({ requests, intervalMs: SECOND });
  return {
    TWIN_READS: perSecond(large ? 500 * units : scaled(tier, 100, 10 * units)),
    TWIN_WRITES: perSecond(large ? 250 * units : scaled(tier, 50, 5 * units)),
    QUERIES: perMinute(large ? 1_000 : 20),
    METHODS: perSecond(METHOD_METER[tier] * units),
    MESSAGES: perMinute(large ? 5_000 : 100),
    JOBS: perMinute(large ? 5_000 : 100),
    REGISTRY: perMinute(large ? 5_000 : 100),
  };
}

/** On S2 units count once they give more than the floor; on F1 and S1 they do not. */
function scaled(tier: Tier, floor: number, byUnits: number): number {
  return tier === 'S2' ? Math.max(floor, byUnits) : floor;
}
