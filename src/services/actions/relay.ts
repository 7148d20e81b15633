import { Backlog } from '../backlog.js';
import type { Clock } from '../clock.js';
import type { DeviceRef } from '../device-id.js';
import type { Replicas } from '../replicas/replicas.js';
import type { Journal } from '../store/journal.js';
import type { OperationFeed } from './feed.js';
import type { Operation } from './operation.js';

export interface RelayOptions {
  readonly replicas: Replicas;
  readonly journal: Journal;
  readonly feed: OperationFeed;
  readonly clock: Clock;
  /** Aborted when nobody follows anything any more. */
  readonly stopping: AbortSignal;
  readonly onError: (error: Error) => void;
}

/** Operations that are read at once. */
const AT_ONCE = 10;

/**
 * Brings what other gateways do to operations to those who follow them here. What cannot be read
 * now is read later: nobody tells of it a second time.
 */
export function relayMoves({
  replicas,
  journal,
  feed,
  clock,
  stopping,
  onError,
}: RelayOptions): void {
  const terms = { atOnce: AT_ONCE, clock, isOver: () => stopping.aborted, onError };
  const publish = (operation: Operation | undefined) => {
    if (operation) feed.publish(operation);
  };
  const operations = new Backlog<string>({
    ...terms,
    async work(ids) {
      await Promise.all(ids.map(async (id) => publish(await journal.find(id))));
    },
  });
  const devices = new Backlog<DeviceRef>({
    ...terms,
    async work(refs) {
      await Promise.all(
        refs.map(async ({ hub, deviceId }) => publish(await journal.findLatest(hub, deviceId))),
      );
    },
  });

  replicas.onMoved((moved) => {
    if (moved) {
      const { id, hub, deviceId } = moved;
      if (feed.isFollowed(id, { hub, deviceId })) operations.add(id, id);
      return;
    }
    // Moves may have been missed: show where everything that is followed stands now.
    for (const id of feed.followedOperations) operations.add(id, id);
    for (const ref of feed.followedDevices) devices.add(`${ref.hub}/${ref.deviceId}`, ref);
  });
}
