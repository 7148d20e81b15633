import { Temporal } from 'temporal-polyfill';
import {
  type MaintenanceSchedule,
  type MaintenanceWindow,
  type Opening,
  weekdays,
} from './schedule.js';

/** A schedule that opens no sooner than this (days) counts as one that never opens. */
const HORIZON_DAYS = 2 * 366;

const MINUTE = 60_000;

/**
 * The openings of a schedule in a time zone that have not closed by `from` (ms since the epoch), in
 * order, up to the horizon; windows that touch are one opening.
 *
 * A start is a time of the wall clock, a duration is time that passes (RFC 5545, 3.3.5 and 3.8.5.3).
 * A start in the hour that is skipped opens as long after midnight as on any other day: at 03:30
 * for 02:30. A start in the hour that comes twice opens the first time only. A window is never
 * shorter or longer for it.
 */
export function* openingsOf(
  schedule: MaintenanceSchedule,
  timeZone: string,
  from: number,
): Generator<Opening, undefined> {
  let open: Opening | undefined;
  for (const part of partsOf(schedule, timeZone, from)) {
    if (open && part.opensAt <= open.closesAt) {
      open = { opensAt: open.opensAt, closesAt: Math.max(open.closesAt, part.closesAt) };
    } else {
      if (open) yield open;
      open = part;
    }
  }
  if (open) yield open;
  return undefined;
}

/** The opening that a time falls into, or the next one; undefined where none comes before the horizon. */
export function nextOpening(
  schedule: MaintenanceSchedule,
  timeZone: string,
  from: number,
): Opening | undefined {
  return openingsOf(schedule, timeZone, from).next().value;
}

/** What each window opens and blackouts leave of it, in the order in which it opens. */
function* partsOf(
  { windows, blackoutDates }: MaintenanceSchedule,
  timeZone: string,
  from: number,
): Generator<Opening> {
  const blackouts = blackoutDates.map((date) => wholeDay(Temporal.PlainDate.from(date), timeZone));
  const now = Temporal.Instant.fromEpochMilliseconds(from);
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
  // One that began up to a day ago, and lasts a day, may be open still.
  for (let day = -2; day <= HORIZON_DAYS; day += 1) {
    const date = today.add({ days: day });
    yield* windows
      .flatMap((window) => opensOn(window, date, timeZone))
      .flatMap((opening) => outsideOf(blackouts, opening))
      .filter(({ closesAt }) => closesAt > from)
      .sort((one, other) => one.opensAt - other.opensAt);
  }
}

/** The opening of a window that starts on a day, if one does. */
function opensOn(
  window: MaintenanceWindow,
  date: Temporal.PlainDate,
  timeZone: string,
): readonly Opening[] {
  const time = startOn(window, date);
  if (time === undefined) return [];
  const opensAt = date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
  return [{ opensAt, closesAt: opensAt + window.durationMinutes * MINUTE }];
}

function startOn(window: MaintenanceWindow, date: Temporal.PlainDate): string | undefined {
  if (window.kind === 'ONE_OFF') {
    const [day, time] = window.start.split('T');
    return day === date.toString() ? time : undefined;
  }
  const weekday = weekdays[date.dayOfWeek - 1];
  return weekday !== undefined && window.days.includes(weekday) ? window.start : undefined;
}

function outsideOf(blackouts: readonly Opening[], opening: Opening): readonly Opening[] {
  return blackouts.reduce<readonly Opening[]>(
    (parts, blackout) => parts.flatMap((part) => without(part, blackout)),
    [opening],
  );
}

/** What is left of a time without another one. */
function without({ opensAt, closesAt }: Opening, gap: Opening): readonly Opening[] {
  const before = { opensAt, closesAt: Math.min(closesAt, gap.opensAt) };
  const after = { opensAt: Math.max(opensAt, gap.closesAt), closesAt };
  return [before, after].filter((part) => part.opensAt < part.closesAt);
}

function wholeDay(date: Temporal.PlainDate, timeZone: string): Opening {
  return {
    opensAt: startOfDay(date, timeZone),
    closesAt: startOfDay(date.add({ days: 1 }), timeZone),
  };
}

/** Midnight, or, where the clocks skip it, the first moment of the day. */
function startOfDay(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}
