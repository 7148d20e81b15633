import type { QoS } from 'mqtt-packet';
import type { Identity } from '../hub/identity.js';
import type { SubscriptionKind } from './topics.js';

/** What of an MQTT client outlives its connection, when it asks for that with clean=false. */
export interface Session {
  readonly subscriptions: Map<SubscriptionKind, QoS>;
}

/** The kept sessions. One ends with the identity it belongs to. */
export interface Sessions {
  /** Starts over [MQTT-3.1.2-6]. */
  discard(identity: Identity): Session;
  /** Takes up the session where it was left, or starts one to be kept [MQTT-3.1.2-4]. */
  resume(identity: Identity): { readonly session: Session; readonly present: boolean };
}

export function createSessions(): Sessions {
  const kept = new WeakMap<Identity, Session>();
  return {
    discard(identity) {
      kept.delete(identity);
      return { subscriptions: new Map() };
    },
    resume(identity) {
      const known = kept.get(identity);
      const session = known ?? { subscriptions: new Map() };
      kept.set(identity, session);
      return { session, present: known !== undefined };
    },
  };
}
