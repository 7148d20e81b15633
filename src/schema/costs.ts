import { Extensions } from 'type-graphql';

/** What a field may ask of a hub, each time that it is asked for. */
export interface HubCost {
  /** Requests that the hub permits many of: of a twin, an identity, a method. */
  readonly requests?: number;
  /** Twin queries, of which it permits few. */
  readonly queries?: number;
  /** The argument with a list, as `input.devices`: the requests are for each of its items, as is the result. */
  readonly perItemOf?: string;
}

/** What is kept in the extensions of a field. */
export interface CostRule {
  readonly hubCost: HubCost;
}

/**
 * What a field costs the hub, for the limit of complexity. Left out: a field of Query, Mutation or
 * Subscription costs one request, every other none.
 */
export function Costs(hubCost: HubCost): ReturnType<typeof Extensions> {
  return Extensions({ hubCost } satisfies CostRule);
}
