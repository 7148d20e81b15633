import type { Hub } from './hub.js';
import type { TwinReading } from './twin.js';

/**
 * A hub that callers who want the same device at once ask together: while one read is under way,
 * all who come wait for one next read, so that each still sees what was true after it asked.
 */
export function withSharedReads(hub: Hub): Hub {
  const underWay = new Map<string, SharedRead>();

  function start(deviceId: string): Promise<TwinReading> {
    const read: SharedRead = { current: hub.readTwin(deviceId), next: undefined };
    underWay.set(deviceId, read);
    const end = () => {
      if (underWay.get(deviceId) === read && read.next === undefined) underWay.delete(deviceId);
    };
    read.current.then(end, end);
    return read.current;
  }

  return {
    ...hub,
    readTwin(deviceId, options) {
      // Those who poll have one loop a device, and may leave before their turn.
      if (options?.urgency && options.urgency !== 'CALLER') return hub.readTwin(deviceId, options);
      const read = underWay.get(deviceId);
      if (!read) return start(deviceId);
      const startNext = () => start(deviceId);
      read.next ??= read.current.then(startNext, startNext);
      return read.next;
    },
  };
}

interface SharedRead {
  readonly current: Promise<TwinReading>;
  /** The read of those who came after the current one had started. */
  next: Promise<TwinReading> | undefined;
}
