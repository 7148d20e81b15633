import { describe, expect, test } from 'vitest';
import { nextOpening, openingsOf } from '../../../src/services/maintenance/openings.js';
import {
  type MaintenanceSchedule,
  type MaintenanceWindow,
  weekdays,
} from '../../../src/services/maintenance/schedule.js';

const amsterdam = 'Europe/Amsterdam';

function nightly(start: string, durationMinutes: number): MaintenanceWindow {
  return { kind: 'RECURRING', days: weekdays, start, durationMinutes };
}

function scheduleOf(
  windows: readonly MaintenanceWindow[],
  blackoutDates: readonly string[] = [],
): MaintenanceSchedule {
  return { windows, timeZone: null, blackoutDates };
}

/** The first openings, as an ISO interval of UTC. */
function openings(
  schedule: MaintenanceSchedule,
  from: string,
  { zone = amsterdam, most = 3 } = {},
): readonly string[] {
  const found: string[] = [];
  for (const { opensAt, closesAt } of openingsOf(schedule, zone, Date.parse(from))) {
    found.push(`${minute(opensAt)}/${minute(closesAt)}`);
    if (found.length === most) break;
  }
  return found;
}

const minute = (at: number) => `${new Date(at).toISOString().slice(0, 16)}Z`;

describe('a recurring window', () => {
  test('opens on its days, at its time of the wall clock', () => {
    const schedule = scheduleOf([
      { kind: 'RECURRING', days: ['MONDAY', 'THURSDAY'], start: '22:30', durationMinutes: 90 },
    ]);

    // 2026-01-01 is a Thursday; Amsterdam is an hour ahead of UTC.
    expect(openings(schedule, '2026-01-01T12:00Z')).toEqual([
      '2026-01-01T21:30Z/2026-01-01T23:00Z',
      '2026-01-05T21:30Z/2026-01-05T23:00Z',
      '2026-01-08T21:30Z/2026-01-08T23:00Z',
    ]);
  });

  test('is open from its first moment to before its last', () => {
    const schedule = scheduleOf([nightly('02:00', 60)]);
    const opens = Date.parse('2026-01-10T01:00Z');
    const closes = Date.parse('2026-01-10T02:00Z');

    expect(nextOpening(schedule, amsterdam, opens)?.opensAt).toBe(opens);
    expect(nextOpening(schedule, amsterdam, closes - 1)?.opensAt).toBe(opens);
    expect(nextOpening(schedule, amsterdam, closes)?.opensAt).toBe(opens + 24 * 3_600_000);
  });

  test('across midnight and across a year is one opening', () => {
    expect(openings(scheduleOf([nightly('23:00', 180)]), '2026-12-31T23:30Z', { most: 2 })).toEqual(
      ['2026-12-31T22:00Z/2027-01-01T01:00Z', '2027-01-01T22:00Z/2027-01-02T01:00Z'],
    );
  });

  test('of a whole day, every day, closes only when a day is longer than it', () => {
    const whole = scheduleOf([nightly('00:00', 1440)]);
    const closes = (zone: string) =>
      nextOpening(whole, zone, Date.parse('2026-06-01T12:00Z'))?.closesAt ?? 0;

    expect(minute(closes(amsterdam))).toBe('2026-10-25T22:00Z');
    expect(closes('Asia/Kolkata')).toBeGreaterThan(Date.parse('2028-06-01'));
  });

  test('is one opening with those that it touches', () => {
    const schedule = scheduleOf([nightly('01:00', 60), nightly('02:00', 60), nightly('02:30', 15)]);

    expect(openings(schedule, '2026-01-01T12:00Z', { most: 1 })).toEqual([
      '2026-01-02T00:00Z/2026-01-02T02:00Z',
    ]);
  });

  test('is open at the same time everywhere in zones that are apart', () => {
    const schedule = scheduleOf([nightly('02:00', 60)]);
    const firstIn = (zone: string) => openings(schedule, '2026-07-01T00:00Z', { zone, most: 1 });

    expect(firstIn('Asia/Kolkata')).toEqual(['2026-07-01T20:30Z/2026-07-01T21:30Z']);
    expect(firstIn('America/Sao_Paulo')).toEqual(['2026-07-01T05:00Z/2026-07-01T06:00Z']);
    expect(firstIn('Pacific/Chatham')).toEqual(['2026-07-01T13:15Z/2026-07-01T14:15Z']);
  });
});

describe('when clocks change', () => {
  test('a start in the skipped hour opens as long after midnight as on any other day', () => {
    // On 29 March 2026 Amsterdam skips from 02:00 to 03:00 at 01:00 UTC.
    expect(openings(scheduleOf([nightly('02:30', 60)]), '2026-03-28T12:00Z', { most: 2 })).toEqual([
      '2026-03-29T01:30Z/2026-03-29T02:30Z',
      '2026-03-30T00:30Z/2026-03-30T01:30Z',
    ]);
  });

  test('a start in the hour that comes twice opens the first time only', () => {
    // On 25 October 2026 Amsterdam goes from 03:00 back to 02:00 at 01:00 UTC.
    expect(openings(scheduleOf([nightly('02:30', 30)]), '2026-10-24T12:00Z', { most: 2 })).toEqual([
      '2026-10-25T00:30Z/2026-10-25T01:00Z',
      '2026-10-26T01:30Z/2026-10-26T02:00Z',
    ]);
  });

  test('a window lasts as long as ever', () => {
    const hours = (from: string) => {
      const opening = nextOpening(scheduleOf([nightly('23:00', 360)]), amsterdam, Date.parse(from));
      return opening && (opening.closesAt - opening.opensAt) / 3_600_000;
    };

    expect(hours('2026-03-28T12:00Z')).toBe(6);
    expect(hours('2026-10-24T12:00Z')).toBe(6);
    expect(hours('2026-06-01T12:00Z')).toBe(6);
  });

  test('a day without midnight begins with its first moment', () => {
    // Beirut skips midnight: 29 March 2026 begins at 01:00.
    const schedule = scheduleOf([nightly('22:00', 240)], ['2026-03-29']);

    expect(openings(schedule, '2026-03-28T12:00Z', { zone: 'Asia/Beirut', most: 1 })).toEqual([
      '2026-03-28T20:00Z/2026-03-28T22:00Z',
    ]);
  });
});

describe('a one-off window', () => {
  test('opens once', () => {
    const schedule = scheduleOf([
      { kind: 'ONE_OFF', start: '2026-12-24T20:00', durationMinutes: 120 },
    ]);

    expect(openings(schedule, '2026-11-28T00:00Z')).toEqual([
      '2026-12-24T19:00Z/2026-12-24T21:00Z',
    ]);
    expect(openings(schedule, '2026-12-24T21:00Z')).toEqual([]);
  });

  test('beyond two years never opens', () => {
    const schedule = scheduleOf([
      { kind: 'ONE_OFF', start: '2029-01-01T20:00', durationMinutes: 120 },
    ]);

    expect(nextOpening(schedule, amsterdam, Date.parse('2026-11-28T00:00Z'))).toBeUndefined();
  });
});

describe('a blackout date', () => {
  test('closes what is open when it begins, and opens what is when it ends', () => {
    const schedule = scheduleOf([nightly('22:00', 240)], ['2026-12-25']);

    expect(openings(schedule, '2026-12-24T12:00Z', { most: 3 })).toEqual([
      '2026-12-24T21:00Z/2026-12-24T23:00Z',
      '2026-12-25T23:00Z/2026-12-26T01:00Z',
      '2026-12-26T21:00Z/2026-12-27T01:00Z',
    ]);
  });

  test('keeps a schedule closed that opens on it alone', () => {
    const window = { kind: 'ONE_OFF', start: '2026-12-25T10:00', durationMinutes: 60 } as const;

    expect(openings(scheduleOf([window], ['2026-12-25']), '2026-12-01T00:00Z')).toEqual([]);
  });
});
