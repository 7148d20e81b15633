import type { Clock } from '../clock.js';
import type { DeviceMessage, EventOrigin, HubEvent } from './hub-event.js';

export interface EventFilter {
  readonly deviceId?: string;
}

/** What devices have sent to the cloud, for tests to assert on. */
export interface EventLog {
  /** The newest events, those of a partition oldest first: at most 10,000 and 16 MB of each of the four partitions. */
  list(filter?: EventFilter): readonly HubEvent[];
  /** Forgets the events. Sequence numbers go on. */
  clear(): void;
}

/**
 * Where device-to-cloud messages arrive, as in the endpoint that is built into a hub: appended to the
 * partition of their device, and kept until newer ones push them out. Readers take nothing away.
 */
export interface Events extends EventLog {
  readonly partitionCount: number;
  append(origin: EventOrigin, message: DeviceMessage): HubEvent;
  /** Events of one partition from a sequence number on; what is older than the oldest kept is skipped. */
  read(partition: number, fromSequenceNumber: number, limit: number): readonly HubEvent[];
  /** Calls back at each new event; returns how to stop that. */
  watch(callback: (event: HubEvent) => void): () => void;
}

/** As many as a new hub has. */
const partitionCount = 4;
const maxEvents = 10_000;
const maxBytes = 16 * 1024 * 1024;

export function createEvents(clock: Clock): Events {
  const partitions = Array.from({ length: partitionCount }, createPartition);
  const watchers = new Set<(event: HubEvent) => void>();

  function partitionAt(index: number): Partition {
    const partition = partitions[index];
    if (partition === undefined) throw new RangeError(`there is no partition ${index}`);
    return partition;
  }

  return {
    partitionCount,
    append(origin, message) {
      const partition = choosePartition(origin.deviceId);
      const place = partitionAt(partition).nextPlace();
      const enqueuedAtMs = clock.now().getTime();
      const event = {
        message,
        origin,
        source: 'Telemetry',
        partition,
        ...place,
        enqueuedAtMs,
      } as const;
      partitionAt(partition).push(event);
      for (const callback of [...watchers]) callback(event);
      return event;
    },
    read: (partition, fromSequenceNumber, limit) =>
      partitionAt(partition).readFrom(fromSequenceNumber, limit),
    list: ({ deviceId } = {}) =>
      partitions
        .flatMap((partition) => partition.readFrom(0, maxEvents))
        .filter(({ origin }) => deviceId === undefined || origin.deviceId === deviceId),
    clear() {
      for (const partition of partitions) partition.clear();
    },
    watch(callback) {
      watchers.add(callback);
      return () => watchers.delete(callback);
    },
  };
}

interface Partition {
  /** Of the event that is pushed next. */
  nextPlace(): Pick<HubEvent, 'sequenceNumber' | 'offset'>;
  push(event: HubEvent): void;
  readFrom(sequenceNumber: number, limit: number): readonly HubEvent[];
  clear(): void;
}

function createPartition(): Partition {
  let kept: HubEvent[] = [];
  /** How many of `kept` are pushed out already. */
  let outdated = 0;
  let keptBytes = 0;
  let sequenceNumber = 0;
  let offset = 0;

  function pushOut(): void {
    while (kept.length - outdated > maxEvents || keptBytes > maxBytes) {
      const oldest = kept[outdated++];
      if (oldest !== undefined) keptBytes -= sizeOf(oldest);
    }
    if (outdated * 2 > kept.length) {
      kept = kept.slice(outdated);
      outdated = 0;
    }
  }

  return {
    nextPlace: () => ({ sequenceNumber, offset }),
    push(event) {
      kept.push(event);
      keptBytes += sizeOf(event);
      sequenceNumber += 1;
      offset += sizeOf(event);
      pushOut();
    },
    readFrom(from, limit) {
      const [oldest] = kept.slice(outdated, outdated + 1);
      const start = outdated + Math.max(0, from - (oldest?.sequenceNumber ?? 0));
      return kept.slice(start, start + limit);
    },
    clear() {
      kept = [];
      outdated = 0;
      keptBytes = 0;
    },
  };
}

/** A few hundred bytes go with the body of each event. */
const overheadBytes = 256;

function sizeOf({ message: { body, properties, ...system } }: HubEvent): number {
  let size = overheadBytes + body.length;
  for (const [name, value] of [...Object.entries(properties), ...Object.entries(system)]) {
    size += name.length + (value?.length ?? 0);
  }
  return size;
}

/** Always the same for a device, so that its messages keep their order. */
function choosePartition(deviceId: string): number {
  let hash = 0;
  for (let index = 0; index < deviceId.length; index += 1) {
    hash = (hash * 31 + deviceId.charCodeAt(index)) >>> 0;
  }
  return hash % partitionCount;
}
