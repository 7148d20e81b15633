import type { MovedOperation, Replicas } from '../replicas/replicas.js';
import type { Journal } from '../store/journal.js';
import type { OperationFeed } from './feed.js';
import type { Operation } from './operation.js';

export interface RelayOptions {
  readonly replicas: Replicas;
  readonly journal: Journal;
  readonly feed: OperationFeed;
  readonly onError: (error: Error) => void;
}

/** Brings what other gateways do to operations to those who follow them here. */
export function relayMoves(options: RelayOptions): void {
  const { replicas, onError } = options;
  replicas.onMoved((moved) => {
    // What cannot be read now is told again when the database is back.
    (moved ? relay(options, moved) : catchUp(options)).catch(onError);
  });
}

async function relay(
  { journal, feed }: RelayOptions,
  { id, hub, deviceId }: MovedOperation,
): Promise<void> {
  if (feed.isFollowed(id, { hub, deviceId })) publish(feed, await journal.find(id));
}

/** Moves may have been missed: shows where everything that is followed stands now. */
async function catchUp({ journal, feed }: RelayOptions): Promise<void> {
  for (const id of feed.followedOperations) publish(feed, await journal.find(id));
  for (const { hub, deviceId } of feed.followedDevices) {
    publish(feed, await journal.findLatest(hub, deviceId));
  }
}

function publish(feed: OperationFeed, operation: Operation | undefined): void {
  if (operation) feed.publish(operation);
}
