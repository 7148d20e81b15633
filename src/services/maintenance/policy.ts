import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, type JsonObject, type JsonValue } from '../json.js';
import { type MaintenanceSchedule, weekdays } from './schedule.js';

/** Where a device finds its policy in its desired properties, and reports what became of it. */
export const MAINTENANCE_PATH = ['maintenance'] as const;

/** A schedule by its name. The same name with another schedule has another revision. */
export interface MaintenancePolicy {
  readonly name: string;
  readonly revision: string;
  readonly schedule: MaintenanceSchedule;
}

export function makePolicy(name: string, schedule: MaintenanceSchedule): MaintenancePolicy {
  const text = canonicalJson(documentOf(schedule));
  const revision = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { name, revision, schedule };
}

/** A policy as it stands in the desired properties of a device. */
export function formatPolicy({ name, revision, schedule }: MaintenancePolicy): JsonObject {
  return { policy: name, revision, ...documentOf(schedule) };
}

/** The inverse of formatPolicy; undefined for what was written by somebody else in another form. */
export function parsePolicy(value: JsonValue | undefined): MaintenancePolicy | undefined {
  const { data } = policyForm.safeParse(value);
  if (!data) return undefined;
  const { policy: name, revision, windows, timeZone, blackoutDates } = data;
  return { name, revision, schedule: { windows: windows.map(toWindow), timeZone, blackoutDates } };
}

/** Absent keys would leave in the twin what an earlier policy has there; null removes it. */
function documentOf({ windows, timeZone, blackoutDates }: MaintenanceSchedule): JsonObject {
  return {
    timeZone,
    windows: windows.map(({ kind, ...window }): JsonObject => window),
    blackoutDates,
  };
}

type WindowDocument = z.infer<typeof windowForm>;

function toWindow(window: WindowDocument): MaintenanceSchedule['windows'][number] {
  return 'days' in window ? { kind: 'RECURRING', ...window } : { kind: 'ONE_OFF', ...window };
}

const durationMinutes = z.int().min(1).max(1440);

const windowForm = z.union([
  z.strictObject({
    days: z.array(z.enum(weekdays)).min(1),
    start: z.iso.time({ precision: -1 }),
    durationMinutes,
  }),
  z.strictObject({
    start: z.iso.datetime({ local: true, precision: -1 }),
    durationMinutes,
  }),
]);

const policyForm = z.object({
  policy: z.string().min(1),
  revision: z.string().min(1),
  timeZone: z.string().nullable().default(null),
  windows: z.array(windowForm),
  blackoutDates: z.array(z.iso.date()).default([]),
});
