import { Temporal } from 'temporal-polyfill';
import { badInput, type RequestError } from '../errors.js';
import type { MaintenanceSchedule, MaintenanceWindow } from './schedule.js';

/** Twins are small (desired properties: 32 KB), and devices must read it, too. */
const MOST_WINDOWS = 50;
const MOST_BLACKOUTS = 366;
const LONGEST_WINDOW = 1440;

/** Throws RequestError naming the part of a schedule that is wrong; `place` stands before its name. */
export function checkSchedule(schedule: MaintenanceSchedule, place: string): void {
  const { windows, timeZone, blackoutDates } = schedule;
  checkCount(windows, `${place}.windows`, { least: 1, most: MOST_WINDOWS });
  checkCount(blackoutDates, `${place}.blackoutDates`, { least: 0, most: MOST_BLACKOUTS });
  if (timeZone !== null && !isTimeZone(timeZone)) {
    throw badInput(
      `${place}.timeZone`,
      `'${timeZone}' is no time zone; expected an IANA name such as Europe/Amsterdam`,
    );
  }
  for (const [index, date] of blackoutDates.entries()) {
    if (isDate(date)) continue;
    throw badInput(`${place}.blackoutDates[${index}]`, 'expected a date, YYYY-MM-DD');
  }
  for (const [index, window] of windows.entries()) {
    const problem = windowProblem(window, `${place}.windows[${index}]`);
    if (problem) throw problem;
  }
}

/** Whether it is the name of a zone; offsets such as `+02:00` drift when clocks change. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return true;
  } catch {
    return false;
  }
}

function windowProblem(window: MaintenanceWindow, place: string): RequestError | undefined {
  const { durationMinutes } = window;
  if (
    !Number.isInteger(durationMinutes) ||
    durationMinutes < 1 ||
    durationMinutes > LONGEST_WINDOW
  ) {
    return badInput(`${place}.durationMinutes`, `expected 1 to ${LONGEST_WINDOW}`);
  }
  if (window.kind === 'RECURRING') {
    if (window.days.length === 0) return badInput(`${place}.days`, 'expected at least one day');
    if (!isTime(window.start)) return badInput(`${place}.start`, 'expected a time, HH:MM');
  } else if (!isDateTime(window.start)) {
    return badInput(`${place}.start`, 'expected a date and time, YYYY-MM-DDTHH:MM');
  }
  return undefined;
}

function checkCount(
  list: readonly unknown[],
  place: string,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  if (list.length >= least && list.length <= most) return;
  throw badInput(place, `${list.length} given; expected ${least} to ${most}`);
}

function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

function isDateTime(text: string): boolean {
  const [date = '', time = '', ...rest] = text.split('T');
  return rest.length === 0 && isDate(date) && isTime(time);
}
