import { Counter, Gauge, type Registry } from 'prom-client';
import type { HubBudget } from '../../services/hub-budget.js';
import type { LiveCounts } from '../live-counts.js';

/** What stands now; asked anew for each scrape. */
export interface GaugeSources {
  readonly hubBudgets: () => readonly HubBudget[];
  readonly watchedDevices: () => number;
  readonly drivenOperations: () => number;
  readonly liveCounts: () => LiveCounts;
}

/** Registers the hubs' budgets, what is watched and under way, who is listening and what waits for them. */
export function registerGauges(registry: Registry, sources: GaugeSources): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `twinql_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  const budget = (name: string, help: string, read: (line: HubBudget) => number) =>
    new Gauge({
      name: `twinql_hub_budget_${name}`,
      help,
      labelNames: ['hub', 'class'],
      registers: [registry],
      collect() {
        for (const line of sources.hubBudgets()) this.set(labelsOf(line), read(line));
      },
    });

  budget('limit', 'Requests per interval when the hub is well.', ({ limit }) => limit);
  budget('allowed', 'Requests per interval now.', ({ allowed }) => allowed);
  budget('used', 'Requests sent in the interval that ends now.', ({ used }) => used);
  budget('waiting', 'Requests that wait for their turn.', ({ waiting }) => waiting);
  budget(
    'interval_seconds',
    'The interval that the others are of.',
    ({ intervalSeconds }) => intervalSeconds,
  );
  const throttled = new Counter({
    name: 'twinql_hub_throttled_total',
    help: 'Requests that the hub refused with 429.',
    labelNames: ['hub', 'class'],
    registers: [registry],
    collect() {
      throttled.reset();
      for (const line of sources.hubBudgets()) this.inc(labelsOf(line), line.throttled);
    },
  });

  gauge('watched_devices', 'Devices whose twins are watched.', sources.watchedDevices);
  gauge(
    'operations_under_way',
    'Operations that this gateway carries on.',
    sources.drivenOperations,
  );
  gauge('cohorts', 'Subscriptions that are executed.', () => sources.liveCounts().cohorts);
  gauge('subscribers', 'Subscribers of them.', () => sources.liveCounts().members);
  gauge(
    'waiting_characters',
    'What waits for slow subscribers, in characters of JSON.',
    () => sources.liveCounts().waiting,
  );
  gauge('web_sockets', 'Open WebSockets.', () => sources.liveCounts().sockets);
  gauge(
    'unsent_bytes',
    'What was written to WebSockets and has not left this machine.',
    () => sources.liveCounts().unsent,
  );
  gauge('event_streams', 'Open event streams.', () => sources.liveCounts().eventStreams);
}

function labelsOf({ hub, requestClass }: HubBudget): { hub: string; class: string } {
  return { hub, class: requestClass };
}
