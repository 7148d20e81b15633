import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestClass } from './throttles.js';

/** Requests to the hub, by class; classes without any are absent. */
export type RequestCost = Partial<Record<RequestClass, number>>;

const costs = new AsyncLocalStorage<RequestCost>();

/** Runs a task, and counts in `cost` what it asks of the hub. */
export function meterRequests<T>(cost: RequestCost, task: () => T): T {
  return costs.run(cost, task);
}

/** The count of the task that is running, if it is metered. */
export function currentCost(): RequestCost | undefined {
  return costs.getStore();
}

/** Adds to the count of the task that is running. */
export function addCost(requestClass: RequestClass, amount: number): void {
  const cost = costs.getStore();
  if (cost) cost[requestClass] = (cost[requestClass] ?? 0) + amount;
}
