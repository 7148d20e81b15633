import { authorize, type Caller } from './access.js';
import type { Clock } from './clock.js';
import type { HubError } from './hub/hub.js';
import type { HubAuthentication, Hubs } from './hubs.js';
import { failureOfCheck, type HubFailure } from './query/unavailable.js';
import { Recent } from './recent.js';
import { toRequestError } from './request-failure.js';

/** A hub, and whether it is there. */
export interface HubStatus {
  readonly name: string;
  readonly authentication: HubAuthentication;
  readonly tier: string;
  readonly units: number;
  readonly reachable: boolean;
  /** Why it is not. */
  readonly failure: HubFailure | null;
  readonly checkedAt: Date;
}

/** How long the answer of a hub is believed (ms): asking costs it a query. */
const BELIEVED_FOR = 30_000;

/** Shows the hubs that the gateway serves. */
export class HubService {
  readonly #hubs: Hubs;
  readonly #clock: Clock;
  readonly #checks: Recent<Pick<HubStatus, 'reachable' | 'failure' | 'checkedAt'>>;

  constructor(hubs: Hubs, clock: Clock) {
    this.#hubs = hubs;
    this.#clock = clock;
    this.#checks = new Recent({ clock, keptFor: BELIEVED_FOR, most: hubs.all.length });
  }

  async list(caller: Caller): Promise<readonly HubStatus[]> {
    authorize(caller, 'hub:read');
    return Promise.all(
      this.#hubs.all.map(async ({ name, authentication, tier, units, hub }) => ({
        name,
        authentication,
        tier,
        units,
        ...(await this.#checks.get(name, async () => {
          const failure = await hub.check().then(
            () => null,
            (error: HubError) => failureOfCheck(name, toRequestError(error)),
          );
          const checkedAt = new Date(this.#clock.now());
          return { reachable: failure === null, failure, checkedAt };
        })),
      })),
    );
  }
}
