import { Extensions } from 'type-graphql';

/**
 * What a subscriber may miss. NEWEST: payloads are states; the newest replaces one that was not
 * sent yet, and a newcomer is sent the newest at once. EVERY: payloads are events; none is left
 * out, and a newcomer is sent all of them from the first.
 */
export type Delivery = 'NEWEST' | 'EVERY';

/** What is kept in the extensions of a field of Subscription. */
export interface DeliveryRule {
  readonly delivery: Delivery;
}

/** How a subscription is delivered. A schema in which one is without is refused at start-up. */
export function Delivers(delivery: Delivery): ReturnType<typeof Extensions> {
  return Extensions({ delivery } satisfies DeliveryRule);
}
