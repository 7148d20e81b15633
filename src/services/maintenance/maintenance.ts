import type { TwinReading } from '../hub/twin.js';
import { type MaintenanceVerdict, maintenanceVerdict } from './verdict.js';

/** Whether a device may be disturbed, as clients see it. */
export interface Maintenance {
  readonly verdict: MaintenanceVerdict['kind'];
  readonly reason: string;
  readonly policy: string | null;
  readonly timeZone: string | null;
  readonly opensAt: Date | null;
  readonly closesAt: Date | null;
}

/** As of when the device was observed. */
export function maintenanceOf({ twin, observedAt }: TwinReading): Maintenance {
  const verdict = maintenanceVerdict(twin, observedAt);
  const nothing = { policy: null, timeZone: null, opensAt: null, closesAt: null };
  switch (verdict.kind) {
    case 'UNRESTRICTED':
      return { ...nothing, verdict: verdict.kind, reason: 'it has no maintenance policy' };
    case 'UNKNOWN':
      return { ...nothing, verdict: verdict.kind, reason: verdict.reason };
    case 'OPEN':
    case 'CLOSED': {
      const { kind, policy, timeZone, opening } = verdict;
      return {
        verdict: kind,
        reason: reasonOf(verdict),
        policy: policy.name,
        timeZone,
        opensAt: opening ? new Date(opening.opensAt) : null,
        closesAt: opening ? new Date(opening.closesAt) : null,
      };
    }
  }
}

function reasonOf({
  kind,
  policy: { name },
  opening,
}: Extract<MaintenanceVerdict, { kind: 'OPEN' | 'CLOSED' }>): string {
  if (kind === 'OPEN') return `a window of policy '${name}' is open`;
  return opening
    ? `the windows of policy '${name}' are closed`
    : `the windows of policy '${name}' open no more within two years`;
}
