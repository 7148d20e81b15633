import { authorize, type Caller } from './access.js';
import type { Budget, BudgetLine } from './hub/budget.js';

/** How one class of requests to one hub stands. */
export interface HubBudget extends BudgetLine {
  readonly hub: string;
  readonly intervalSeconds: number;
}

/** Shows what the gateway may ask of its hub, and what it asked. */
export class HubBudgetService {
  readonly #hub: string;
  readonly #budget: Budget;

  constructor(hub: string, budget: Budget) {
    this.#hub = hub;
    this.#budget = budget;
  }

  list(caller: Caller): readonly HubBudget[] {
    authorize(caller, 'hub:read');
    return this.lines();
  }

  /** For the gateway itself: no caller is asked for. */
  lines(): readonly HubBudget[] {
    return this.#budget.lines().map((line) => ({
      ...line,
      hub: this.#hub,
      intervalSeconds: line.intervalMs / 1000,
    }));
  }
}
