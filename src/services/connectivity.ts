import { dateFromHubTime } from './hub/hub-time.js';
import type { TwinReading } from './hub/twin.js';

export type ConnectivityVerdict = 'NEVER_CONNECTED' | 'ONLINE' | 'STALE' | 'OFFLINE';

/** Whether a device is there, and why we think so. */
export interface Connectivity {
  readonly verdict: ConnectivityVerdict;
  readonly reason: string;
  readonly connectionState: 'CONNECTED' | 'DISCONNECTED';
  readonly lastActivityAt: Date | null;
  readonly lastReportedAt: Date | null;
}

/** The hub's connection state lags by up to minutes; a sign of life this young (ms) outweighs it. */
const LAG = 5 * 60_000;

/** Judges by what the hub says of the connection and by the last signs of life in the twin. */
export function connectivityOf({ twin, observedAt }: TwinReading): Connectivity {
  const lastReportedAt =
    twin.reported.version > 1 ? dateFromHubTime(twin.reported.metadata['$lastUpdated']) : null;
  const connected = twin.connectionState === 'Connected';
  const facts = {
    connectionState: connected ? 'CONNECTED' : 'DISCONNECTED',
    lastActivityAt: twin.lastActivityTime,
    lastReportedAt,
  } as const;
  const newest = Math.max(twin.lastActivityTime?.getTime() ?? 0, lastReportedAt?.getTime() ?? 0);
  if (twin.status === 'disabled') {
    return { verdict: 'OFFLINE', reason: 'the device is disabled', ...facts };
  }
  if (connected) return { verdict: 'ONLINE', reason: 'the hub sees it connected', ...facts };
  if (newest === 0) {
    return { verdict: 'NEVER_CONNECTED', reason: 'no activity is on record', ...facts };
  }
  if (observedAt - newest < LAG) {
    const reason = 'the hub sees it disconnected, but it was active within the last five minutes';
    return { verdict: 'STALE', reason, ...facts };
  }
  return { verdict: 'OFFLINE', reason: 'the hub sees it disconnected', ...facts };
}
