import { z } from 'zod';
import type { JsonValue } from '../json.js';
import { type MaintenanceSchedule, weekdays } from './schedule.js';

/** Where a device finds its policy in its desired properties. */
export const MAINTENANCE_PATH = ['maintenance'] as const;

/** When a device may be disturbed, by a name. */
export interface MaintenancePolicy {
  readonly name: string;
  readonly schedule: MaintenanceSchedule;
}

/** Reads a policy as it stands in the desired properties of a device; undefined for another form. */
export function parsePolicy(value: JsonValue | undefined): MaintenancePolicy | undefined {
  const { data } = policyForm.safeParse(value);
  if (!data) return undefined;
  const { policy: name, windows, timeZone, blackoutDates } = data;
  return { name, schedule: { windows: windows.map(toWindow), timeZone, blackoutDates } };
}

/** Only the form: what it says is checkSchedule's. Other keys may stand beside these. */
const policyForm = z.object({
  policy: z.string().min(1),
  timeZone: z.string().nullable().default(null),
  windows: z.array(
    z.object({
      days: z.array(z.enum(weekdays)).optional(),
      start: z.string(),
      durationMinutes: z.number(),
    }),
  ),
  blackoutDates: z.array(z.string()).default([]),
});

type WindowDocument = z.infer<typeof policyForm>['windows'][number];

/** A window on days of the week recurs; one without opens once. */
function toWindow({ days, ...window }: WindowDocument): MaintenanceSchedule['windows'][number] {
  return days ? { kind: 'RECURRING', days, ...window } : { kind: 'ONE_OFF', ...window };
}
