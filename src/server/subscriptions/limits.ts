/** How much is held for those who read slowly, in characters of JSON. */
export interface SubscriptionLimits {
  /** What one connection may have under way before payloads wait for it. */
  readonly underWay: number;
  /** What may wait for one subscriber of events; beyond, its connection is closed. */
  readonly backlog: number;
  /** What a cohort of events keeps for newcomers; beyond, they get a cohort of their own. */
  readonly history: number;
}

export const defaultSubscriptionLimits: SubscriptionLimits = {
  // The largest device twin, with room for its names and quotes.
  underWay: 128 * 1024,
  backlog: 1024 * 1024,
  history: 256 * 1024,
};
