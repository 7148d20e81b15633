import { authorize, type Caller } from './access.js';
import type { BudgetLine } from './hub/budget.js';
import type { Hubs } from './hubs.js';

/** How one class of requests to one hub stands. */
export interface HubBudget extends BudgetLine {
  readonly hub: string;
  readonly intervalSeconds: number;
}

/** Shows what the gateway may ask of its hubs, and what it asked. */
export class HubBudgetService {
  readonly #hubs: Hubs;

  constructor(hubs: Hubs) {
    this.#hubs = hubs;
  }

  list(caller: Caller): readonly HubBudget[] {
    authorize(caller, 'hub:read');
    return this.lines();
  }

  /** For the gateway itself: no caller is asked for. */
  lines(): readonly HubBudget[] {
    return this.#hubs.all.flatMap(({ name, budget }) =>
      budget.lines().map((line) => ({
        ...line,
        hub: name,
        intervalSeconds: line.intervalMs / 1000,
      })),
    );
  }
}
