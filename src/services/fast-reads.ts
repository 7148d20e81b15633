import { batched } from './batch.js';
import type { Clock } from './clock.js';
import type { Budget } from './hub/budget.js';
import { HubError } from './hub/hub.js';
import type { MonotonicHub } from './hub/monotonic-hub.js';
import type { TwinReading } from './hub/twin.js';
import { LARGEST_PAGE } from './query/hub-queries.js';
import { deviceTwinQueries, type TwinQuery } from './query/twin-query.js';

/** Reads a device for those to whom seconds do not matter. Throws HubError. */
export type FastRead = (deviceId: string) => Promise<TwinReading>;

export interface FastReadsOptions {
  readonly hub: MonotonicHub;
  readonly budget: Budget;
  readonly clock: Clock;
}

/** A reading this young (ms) is given again. */
export const FAST_AGE = 10_000;
/** Fewer devices than this are worth no query: a point read is a small part of its budget, and current. */
const FEWEST_QUERIED = 10;
/** The part of the queries that reads may use up: lists and counts, who need the rest, have no other way. */
const PART_OF_QUERIES = 0.5;

/**
 * Reads that cost the hub as few requests as they can: what was seen within ten seconds is given
 * again, whoever asks while a device is being read waits for that read, and of the devices that
 * are asked for in the same moment ten or more are asked for by query, a hundred at once, while
 * at most half of the queries are used. A device that no query gives is read by point.
 */
export function fastReads({ hub, budget, clock }: FastReadsOptions): FastRead {
  const underWay = new Map<string, Promise<TwinReading>>();
  const find = batched(async (deviceIds) => {
    const found = await Promise.all(deviceTwinQueries(deviceIds, LARGEST_PAGE).map(ask));
    return new Map(found.flat().map((reading) => [reading.twin.deviceId, reading]));
  });

  async function ask({ sql, deviceIds }: TwinQuery): Promise<readonly TwinReading[]> {
    const { waiting, used, allowed } = budget.line('QUERIES');
    const isFree = waiting === 0 && used < allowed * PART_OF_QUERIES;
    if (!isFree || deviceIds.length < FEWEST_QUERIED) return [];
    try {
      return (await hub.queryTwins(sql, { size: LARGEST_PAGE })).readings;
    } catch (error) {
      if (error instanceof HubError && error.code === 'THROTTLED') return [];
      throw error;
    }
  }

  function start(deviceId: string): Promise<TwinReading> {
    const reading = find(deviceId).then((found) => found ?? hub.readTwin(deviceId));
    underWay.set(deviceId, reading);
    const end = () => void underWay.delete(deviceId);
    reading.then(end, end);
    return reading;
  }

  return async (deviceId) => {
    const known = hub.latest(deviceId);
    if (known && clock.now() - known.observedAt <= FAST_AGE) return known;
    return underWay.get(deviceId) ?? start(deviceId);
  };
}
