import { RequestError } from '../errors.js';
import type { Twin } from '../hub/twin.js';
import { valueAt } from '../json.js';
import { checkSchedule, isTimeZone } from './check-schedule.js';
import { nextOpening } from './openings.js';
import { MAINTENANCE_PATH, type MaintenancePolicy, parsePolicy } from './policy.js';
import type { Opening } from './schedule.js';

const PLACE = `desired.${MAINTENANCE_PATH.join('.')}`;

/** Where a device's own time zone stands: a tag, or what it reports. */
const TIME_ZONE_TAG = ['timeZone'];
const REPORTED_TIME_ZONE = [...MAINTENANCE_PATH, 'timeZone'];

/** Whether a device may be disturbed at a time, by the policy in its desired properties. */
export type MaintenanceVerdict =
  /** It has no policy: any time will do. */
  | { readonly kind: 'UNRESTRICTED' }
  | {
      readonly kind: 'OPEN';
      readonly policy: MaintenancePolicy;
      readonly timeZone: string;
      readonly opening: Opening;
    }
  | {
      readonly kind: 'CLOSED';
      readonly policy: MaintenancePolicy;
      readonly timeZone: string;
      /** The next one; undefined: it opens no more within two years. */
      readonly opening: Opening | undefined;
    }
  /** What is there cannot be told: nobody may be disturbed on a guess. */
  | { readonly kind: 'UNKNOWN'; readonly reason: string };

/** `now` in ms since the epoch. */
export function maintenanceVerdict(twin: Twin, now: number): MaintenanceVerdict {
  const document = valueAt(twin.desired.values, MAINTENANCE_PATH);
  if (document === undefined) return { kind: 'UNRESTRICTED' };
  const policy = parsePolicy(document);
  if (!policy) return { kind: 'UNKNOWN', reason: `${PLACE}: expected a maintenance policy` };
  const problem = problemOf(policy);
  if (problem !== undefined) return { kind: 'UNKNOWN', reason: problem };
  const timeZone = policy.schedule.timeZone ?? timeZoneOf(twin);
  if (timeZone === undefined || !isTimeZone(timeZone)) {
    const reason = `policy '${policy.name}' goes by the device's own time zone, and neither its tag ${TIME_ZONE_TAG.join('.')} nor its reported ${REPORTED_TIME_ZONE.join('.')} names one`;
    return { kind: 'UNKNOWN', reason };
  }
  const opening = nextOpening(policy.schedule, timeZone, now);
  return opening && opening.opensAt <= now
    ? { kind: 'OPEN', policy, timeZone, opening }
    : { kind: 'CLOSED', policy, timeZone, opening };
}

function problemOf({ schedule }: MaintenancePolicy): string | undefined {
  try {
    checkSchedule(schedule, PLACE);
    return undefined;
  } catch (error) {
    if (error instanceof RequestError) return error.message;
    throw error;
  }
}

/** The zone that a device is in, where it is known. */
function timeZoneOf({ tags, reported }: Twin): string | undefined {
  const named = valueAt(tags, TIME_ZONE_TAG) ?? valueAt(reported.values, REPORTED_TIME_ZONE);
  return typeof named === 'string' ? named : undefined;
}
