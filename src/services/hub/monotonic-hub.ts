import { type Hub, HubError } from './hub.js';
import type { IdentityName } from './registry.js';
import type { Twin, TwinReading } from './twin.js';

/** The newest readings that were shown, of devices and of modules. */
export interface TwinMemory {
  /** The newer of this reading and the one that is known. */
  admit(reading: TwinReading): TwinReading;
  /** It is no more, or another one bears its name: versions start again. */
  forget(name: IdentityName): void;
  /** Its identity was changed, which moves no version of its twin: what is known changes with it. */
  revise(name: IdentityName, identity: Partial<Pick<Twin, IdentityFact>>): void;
}

/** What a twin mirrors of its identity. */
export type IdentityFact = 'deviceEtag' | 'status' | 'statusReason' | 'authenticationType';

/** A hub that never shows a device older than it has shown it before. */
export interface MonotonicHub extends Hub, TwinMemory {
  /** The newest reading of a device that is still remembered. */
  latest(deviceId: string): TwinReading | undefined;
  /** Takes in what another gateway read of a device; gives what is newest. */
  hear(deviceId: string, outcome: TwinReading | HubError): TwinReading | HubError;
}

/** Devices whose newest reading is remembered; the ones seen longest ago are forgotten first. */
const REMEMBERED = 10_000;

/**
 * Query results lag behind point reads, and answers overtake each other: without this a stale list
 * row would overwrite a fresh device in a client's cache.
 */
export function monotonic(hub: Hub, remembered = REMEMBERED): MonotonicHub {
  const readings = new Map<string, TwinReading>();

  function admit(reading: TwinReading): TwinReading {
    const key = keyOf(reading.twin);
    const known = readings.get(key);
    const newest = known && isOlder(reading, known) ? known : reading;
    readings.delete(key);
    readings.set(key, newest);
    if (readings.size > remembered) {
      const [oldest] = readings.keys();
      if (oldest !== undefined) readings.delete(oldest);
    }
    return newest;
  }

  /** Another device may come to bear its name, and its versions start again. */
  function forgetIfGone(deviceId: string, error: unknown): void {
    const gone = error instanceof HubError && error.code === 'DEVICE_NOT_FOUND';
    if (gone) readings.delete(deviceId);
  }

  return {
    ...hub,
    admit,
    forget: (name) => void readings.delete(keyOf(name)),
    revise(name, identity) {
      const known = readings.get(keyOf(name));
      if (!known) return;
      readings.set(keyOf(name), { ...known, twin: { ...known.twin, ...identity } });
    },
    latest: (deviceId) => readings.get(deviceId),
    hear(deviceId, outcome) {
      if (!(outcome instanceof HubError)) return admit(outcome);
      forgetIfGone(deviceId, outcome);
      return outcome;
    },
    async readTwin(deviceId, options) {
      try {
        return admit(await hub.readTwin(deviceId, options));
      } catch (error) {
        forgetIfGone(deviceId, error);
        throw error;
      }
    },
    async queryTwins(sql, page) {
      const result = await hub.queryTwins(sql, page);
      return { ...result, readings: result.readings.map(admit) };
    },
  };
}

/** No id holds a slash. */
function keyOf({ deviceId, moduleId }: IdentityName): string {
  return moduleId === undefined ? deviceId : `${deviceId}/${moduleId}`;
}

/** How far the query index may lag behind (ms); connection and status move no version. */
const INDEX_LAG = 120_000;

/**
 * A point read that was asked for after the known reading was here is the truth, even with a lower
 * version (a failover, or a device created anew). Otherwise the version decides; a query row of the
 * same version tells no more than a point read that is younger than the index may be.
 */
function isOlder(reading: TwinReading, known: TwinReading): boolean {
  const { version } = reading.twin;
  if (reading.source !== 'QUERY') {
    return reading.askedAt < known.observedAt && version < known.twin.version;
  }
  if (version !== known.twin.version) return version < known.twin.version;
  return known.source !== 'QUERY' && reading.observedAt - known.observedAt < INDEX_LAG;
}
