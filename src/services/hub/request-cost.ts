import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestClass } from './throttles.js';

/** Requests to the hub, by class; classes without any are absent. */
export type RequestCost = Partial<Record<RequestClass, number>>;

const costs = new AsyncLocalStorage<RequestCost>();

/** Runs a task, and counts what it asks of the hub. */
export function meterRequests<T>(task: () => T): T {
  return costs.run({}, task);
}

/** What the running task has asked of the hub so far; undefined where it is not metered. */
export function currentCost(): RequestCost | undefined {
  return costs.getStore();
}

/** Adds to the count of the running task. */
export function addCost(requestClass: RequestClass, amount: number): void {
  const cost = costs.getStore();
  if (cost) cost[requestClass] = (cost[requestClass] ?? 0) + amount;
}
