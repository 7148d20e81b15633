import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

const requests = new AsyncLocalStorage<string>();
/** Made while this file is loaded, when nobody asks for anything. */
const background = new AsyncResource('TwinqlBackground');

/** Runs a task as part of a caller's request: what it logs, and what it asks of a hub, bear this id. */
export function serveRequest<T>(id: string, task: () => T): T {
  return requests.run(id, task);
}

/** The id of the request that the running task is part of; undefined for what the gateway does by itself. */
export function currentRequestId(): string | undefined {
  return requests.getStore();
}

/**
 * Runs a task as part of no request, whoever began it: for what is done for all, such as polling,
 * which would else be one caller's in logs, traces and costs long after that one has left.
 */
export function inBackground<T>(task: () => T): T {
  return background.runInAsyncScope(task);
}
