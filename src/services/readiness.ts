import type { Clock } from './clock.js';
import type { HubCondition } from './hub/hub-health.js';
import type { Hubs } from './hubs.js';
import { Recent } from './recent.js';
import type { Journal } from './store/journal.js';

/** Whether the gateway can do its work, part by part. Says nothing that is secret. */
export interface ReadinessReport {
  /** Not while it stops, without its database, or without a hub that is of use. */
  readonly ready: boolean;
  readonly stopping: boolean;
  readonly database: { readonly usable: boolean };
  readonly hubs: Readonly<Record<string, HubCondition>>;
}

export interface ReadinessServiceOptions {
  readonly hubs: Hubs;
  readonly journal: Pick<Journal, 'check'>;
  readonly clock: Clock;
  /** Aborted when the gateway stops. */
  readonly stopping: AbortSignal;
}

/** How long a report stands (ms): whoever asks more often costs nothing more. */
const STANDS_FOR = 1_000;
/** How long a check waits for the database (ms). */
const PATIENCE = 2_000;

/** Tells whether callers should be sent here. Takes at most two seconds, and asks the hubs next to nothing. */
export class ReadinessService {
  readonly #options: ReadinessServiceOptions;
  readonly #parts: Recent<Pick<ReadinessReport, 'database' | 'hubs'>>;

  constructor(options: ReadinessServiceOptions) {
    this.#options = options;
    this.#parts = new Recent({ clock: options.clock, keptFor: STANDS_FOR, most: 1 });
  }

  async report(): Promise<ReadinessReport> {
    const parts = await this.#parts.get('all', () => this.#look());
    const stopping = this.#options.stopping.aborted;
    const someHub = Object.values(parts.hubs).some(({ usable }) => usable);
    return { ready: !stopping && parts.database.usable && someHub, stopping, ...parts };
  }

  async #look(): Promise<Pick<ReadinessReport, 'database' | 'hubs'>> {
    const [usable, hubs] = await Promise.all([
      this.#hasDatabase(),
      Promise.all(
        this.#options.hubs.all.map(
          async ({ name, health }) => [name, await health.check()] as const,
        ),
      ),
    ]);
    return { database: { usable }, hubs: Object.fromEntries(hubs) };
  }

  #hasDatabase(): Promise<boolean> {
    const { journal, clock } = this.#options;
    return new Promise((resolve) => {
      const cancel = clock.after(PATIENCE, () => resolve(false));
      const settle = (usable: boolean) => {
        cancel();
        resolve(usable);
      };
      journal.check().then(
        () => settle(true),
        () => settle(false),
      );
    });
  }
}
