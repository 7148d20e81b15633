/** Days as IoT devices and calendars write them, from Monday (ISO 8601). */
export const weekdays = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
] as const;
export type Weekday = (typeof weekdays)[number];

/** Opens every week on these days, at a time of the wall clock. */
export interface RecurringWindow {
  readonly kind: 'RECURRING';
  readonly days: readonly Weekday[];
  /** `HH:MM`, 00:00 to 23:59. */
  readonly start: string;
  readonly durationMinutes: number;
}

/** Opens once. */
export interface OneOffWindow {
  readonly kind: 'ONE_OFF';
  /** `YYYY-MM-DDTHH:MM`, on the wall clock. */
  readonly start: string;
  readonly durationMinutes: number;
}

export type MaintenanceWindow = RecurringWindow | OneOffWindow;

/** When devices may be disturbed. */
export interface MaintenanceSchedule {
  readonly windows: readonly MaintenanceWindow[];
  /** IANA name, such as `Europe/Amsterdam`; null: each device's own. */
  readonly timeZone: string | null;
  /** `YYYY-MM-DD`: whole days of the zone on which nothing is open. */
  readonly blackoutDates: readonly string[];
}

/** A time in which a device may be disturbed, in ms since the epoch: from the first to before the last. */
export interface Opening {
  readonly opensAt: number;
  readonly closesAt: number;
}
