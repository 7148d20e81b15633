import { all, any, type Condition, everyRow, says } from './condition.js';
import type { DateTimeCondition } from './device-filter.js';
import { quoteValue } from './escape.js';

/** The newest of some times of the hub. */
export interface NewestTime {
  /** Properties that hold times; what is not there is no time. */
  readonly properties: readonly string[];
  /** That there is a time at all, and that there is none. */
  readonly known: Condition;
  readonly unknown: Condition;
}

/** What the hub writes where it has no time to tell: in the year 1. */
const firstKnown = new Date(0);

/** When the hub last heard of a device. */
export const lastActivityTime: NewestTime = {
  properties: ['lastActivityTime'],
  known: notBefore('lastActivityTime', firstKnown),
  unknown: before('lastActivityTime', firstKnown),
};

/** The newest of what may or may not be there. */
export function newestOf(properties: readonly string[]): NewestTime {
  return {
    properties,
    known: any(properties.map((time) => says(`IS_DEFINED(${time})`))),
    unknown: all(properties.map(isAbsent)),
  };
}

export function compileTime(time: NewestTime, condition: DateTimeCondition): Condition {
  const { until, from } = bounds(condition);
  const { exists } = condition;
  return all([
    until || from || exists === true ? time.known : everyRow,
    exists === false ? time.unknown : everyRow,
    from ? anyNotBefore(time, from) : everyRow,
    until ? allBefore(time, until) : everyRow,
  ]);
}

export function compileNegatedTime(time: NewestTime, condition: DateTimeCondition): Condition {
  const { until, from } = bounds(condition);
  const { exists } = condition;
  return any([
    ...(until || from || exists === true ? [time.unknown] : []),
    ...(exists === false ? [time.known] : []),
    ...(from ? [allBefore(time, from)] : []),
    ...(until ? [anyNotBefore(time, until)] : []),
  ]);
}

function anyNotBefore({ properties }: NewestTime, date: Date): Condition {
  return any(properties.map((time) => notBefore(time, date)));
}

function allBefore({ properties }: NewestTime, date: Date): Condition {
  return all(properties.map((time) => before(time, date)));
}

function isAbsent(property: string): Condition {
  return says(`NOT IS_DEFINED(${property})`);
}

/** From (inclusive) and until (exclusive): times are cut to the millisecond, as they are shown. */
function bounds({ lt, lte, gt, gte }: DateTimeCondition): { until?: Date; from?: Date } {
  const untils = [...(lt ? [lt] : []), ...(lte ? [next(lte)] : [])];
  const froms = [...(gte ? [gte] : []), ...(gt ? [next(gt)] : [])];
  const sorted = (dates: readonly Date[]) => [...dates].sort((a, b) => Number(a) - Number(b));
  const [until] = sorted(untils);
  const from = sorted(froms).at(-1);
  return { ...(until && { until }), ...(from && { from }) };
}

function next(date: Date): Date {
  return new Date(date.getTime() + 1);
}

/**
 * Absent, or before a date.
 * The hub's times are text with zero to seven digits after the second, then Z, and text does not
 * quite order those: within a second, Z sorts after every digit. So a fraction that the bound
 * merely continues (.5Z before .52) is named.
 */
function before(time: string, date: Date): Condition {
  const { text, cut } = boundText(date);
  return any([
    isAbsent(time),
    says(`${time} < ${quoteValue(text)}`),
    ...(cut.length > 0 ? [says(`${time} IN ${list(cut)}`)] : []),
  ]);
}

function notBefore(time: string, date: Date): Condition {
  const { text, cut } = boundText(date);
  return all([
    says(`${time} >= ${quoteValue(text)}`),
    ...(cut.length > 0 ? [says(`${time} NIN ${list(cut)}`)] : []),
  ]);
}

const LAST_SECOND = '9999-12-31T23:59:60';

/** Where a time starts as text, and the earlier texts that sort after that. */
function boundText(date: Date): { text: string; cut: readonly string[] } {
  const iso = date.toISOString();
  // The hub's years have four digits, and so has the next millisecond of the last of them.
  if (iso.startsWith('+')) return { text: LAST_SECOND, cut: [] };
  const second = iso.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
  const fraction = iso.slice(second.length + 1, -1).replace(/0+$/, '');
  if (fraction === '') return { text: second, cut: [] };
  const shorter = Array.from(fraction.slice(1), (_, index) => fraction.slice(0, index + 1));
  return {
    text: `${second}.${fraction}`,
    cut: [`${second}Z`, ...shorter.map((digits) => `${second}.${digits}Z`)],
  };
}

function list(texts: readonly string[]): string {
  return `[${texts.map(quoteValue).join(', ')}]`;
}
