import type { Clock } from './clock.js';
import { fastReads } from './fast-reads.js';
import { createAzureHub } from './hub/azure-hub.js';
import { Budget } from './hub/budget.js';
import { HubHealth } from './hub/hub-health.js';
import { monotonic } from './hub/monotonic-hub.js';
import { monotonicRegistry } from './hub/monotonic-registry.js';
import type { HubAccess } from './hub/sdk.js';
import { withSharedReads } from './hub/shared-reads.js';
import { hubThrottles, type Tier } from './hub/throttles.js';
import type { ServedHub } from './hubs.js';
import { type Observer, unobserved } from './observer.js';
import type { Replicas } from './replicas/replicas.js';
import { admitting } from './watch/polling.js';
import { Watcher } from './watch/watcher.js';

export type OpenHubOptions = HubAccess & {
  /** PEM of an authority to trust beside the well-known ones. */
  readonly ca?: string | undefined;
  readonly tier: Tier;
  readonly units: number;
  /** What part of the hub's throttles the gateway may use, above 0 up to 1. */
  readonly share: number;
  readonly clock: Clock;
  /** The gateways that serve the same hub. */
  readonly replicas: Replicas;
  /** Told of what a listener throws. */
  readonly onError: (error: Error) => void;
  /** Told of what is asked of the hub. */
  readonly observer?: Observer;
};

/** A name that no device has, so that to ask for it costs one read of a twin and no more. */
const NO_DEVICE = 'twinql-readiness';

/** Puts together all that serving a hub takes. Asks it nothing yet. */
export function openHub(options: OpenHubOptions): ServedHub & { close(): void } {
  const { tier, units, share, clock, replicas, onError, observer = unobserved } = options;
  const budget = new Budget({ throttles: hubThrottles(tier, units), share, clock });
  const health = new HubHealth({
    clock,
    ask: () =>
      azure.readTwin(NO_DEVICE, { urgency: 'IDLE' }).then(
        () => {},
        () => {},
      ),
  });
  const azure = createAzureHub({
    ...options,
    budget,
    observer: {
      ...observer,
      onHubExchange(exchange) {
        health.note(exchange);
        observer.onHubExchange(exchange);
      },
    },
  });
  const hub = monotonic(withSharedReads(azure));
  const polling = admitting(replicas.polling(hub.name), hub.hear);
  const watcher = new Watcher({ hub, polling, clock, onError });
  replicas.divide(hub.name, budget);
  return {
    name: hub.name,
    authentication: 'credential' in options ? 'ENTRA_ID' : 'SHARED_ACCESS_KEY',
    tier,
    units,
    hub,
    registry: monotonicRegistry(azure, hub),
    watcher,
    budget,
    health,
    readFast: fastReads({ hub, budget, clock }),
    close() {
      watcher.close();
      hub.close();
      budget.close();
    },
  };
}
