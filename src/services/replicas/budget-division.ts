import type { Budget } from '../hub/budget.js';
import { type RequestClass, requestClasses } from '../hub/throttles.js';
import { isJsonObject, type JsonObject } from '../json.js';
import type { Member } from './session.js';

/** What each gateway is sure to be given, needed or not: this part of an equal share. */
const SURE = 0.1;

/**
 * Divides each budget by what the gateways have need of. What a gateway loses it gives up at
 * once; what it wins it takes one heartbeat later, when the others have given it up.
 */
export class BudgetDivision {
  readonly #budgets = new Map<string, Budget>();
  readonly #parts = new Map<string, number>();
  #members = 1;

  /** From here on divides a budget, too; among others it starts with next to nothing. */
  add(hub: string, budget: Budget): void {
    this.#budgets.set(hub, budget);
    for (const requestClass of requestClasses) {
      this.#allot(hub, budget, requestClass, this.#members === 1 ? 1 : 0);
    }
  }

  /** What this gateway has need of: requests an interval by class, of each hub. */
  demand(): JsonObject {
    const demands = [...this.#budgets].map(([hub, budget]) => [
      hub,
      Object.fromEntries(
        budget.lines().map(({ requestClass, used, waiting }) => [requestClass, used + waiting]),
      ),
    ]);
    return Object.fromEntries(demands);
  }

  /** The others took this gateway for dead and use its parts: it wins new ones as a newcomer does. */
  giveUp(): void {
    for (const key of this.#parts.keys()) this.#parts.set(key, 0);
  }

  /** The others cannot be heard, and may take this gateway for dead: it makes do with an equal part. */
  holdBack(): void {
    for (const [hub, budget] of this.#budgets) {
      for (const requestClass of requestClasses) {
        const part = this.#parts.get(`${hub} ${requestClass}`) ?? 1;
        this.#allot(hub, budget, requestClass, Math.min(part, 1 / this.#members));
      }
    }
  }

  divide(self: string, members: readonly Member[]): void {
    this.#members = Math.max(1, members.length);
    for (const [hub, budget] of this.#budgets) {
      const limits = new Map(budget.lines().map((line) => [line.requestClass, line.limit]));
      for (const requestClass of requestClasses) {
        const sure = (SURE * (limits.get(requestClass) ?? 1)) / this.#members;
        const own = members.find(({ id }) => id === self);
        const needs = members.map((member) => needOf(member, hub, requestClass) + sure);
        const total = needs.reduce((sum, need) => sum + need, 0);
        const part = own ? (needOf(own, hub, requestClass) + sure) / total : 0;
        this.#allot(hub, budget, requestClass, part);
      }
    }
  }

  /** Whoever has need of it soon has an equal part at least. */
  #allot(hub: string, budget: Budget, requestClass: RequestClass, part: number): void {
    const key = `${hub} ${requestClass}`;
    const now = Math.min(part, this.#parts.get(key) ?? part);
    budget.allot(requestClass, now, 1 / this.#members);
    this.#parts.set(key, part);
  }
}

function needOf({ demand }: Member, hub: string, requestClass: RequestClass): number {
  const ofHub = isJsonObject(demand) ? demand[hub] : undefined;
  const need = isJsonObject(ofHub) ? ofHub[requestClass] : undefined;
  return typeof need === 'number' ? need : 0;
}
