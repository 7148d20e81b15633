import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/services/json.js';
import { checkSchedule } from '../../../src/services/maintenance/check-schedule.js';
import { parsePolicy } from '../../../src/services/maintenance/policy.js';
import type { MaintenanceSchedule } from '../../../src/services/maintenance/schedule.js';
import { maintenanceVerdict } from '../../../src/services/maintenance/verdict.js';
import { makeTwin } from '../support/twins.js';

const night: MaintenanceSchedule = {
  windows: [
    { kind: 'RECURRING', days: ['MONDAY'], start: '02:00', durationMinutes: 60 },
    { kind: 'ONE_OFF', start: '2026-12-24T20:00', durationMinutes: 30 },
  ],
  timeZone: 'Europe/Amsterdam',
  blackoutDates: ['2026-12-25'],
};
const now = Date.parse('2026-11-28T12:00Z');

/** As it stands in the desired properties of a device. */
function documentOf({ windows, timeZone, blackoutDates }: MaintenanceSchedule) {
  return {
    policy: 'night',
    windows: windows.map(({ kind, ...window }) => window),
    ...(timeZone !== null && { timeZone }),
    blackoutDates,
  } as unknown as JsonObject;
}

describe('a maintenance policy', () => {
  test('is read from a twin', () => {
    expect(parsePolicy(documentOf(night))).toEqual({ name: 'night', schedule: night });
  });

  test('may go without a zone and blackouts', () => {
    const document = { policy: 'night', windows: [{ start: 'noon', durationMinutes: 0 }] };

    expect(parsePolicy(document)?.schedule).toMatchObject({ timeZone: null, blackoutDates: [] });
  });

  test.each([
    ['another form', { windows: 'nightly' }],
    ['a window without a start', { policy: 'a', windows: [{ days: ['MONDAY'] }] }],
    ['a text', 'night'],
  ])('is not read from %s', (_name, value) => {
    expect(parsePolicy(value)).toBeUndefined();
  });
});

describe('a schedule is refused', () => {
  const weekly = {
    kind: 'RECURRING',
    days: ['MONDAY'],
    start: '02:00',
    durationMinutes: 60,
  } as const;
  const once = { kind: 'ONE_OFF', start: '2026-12-25T10:00', durationMinutes: 60 } as const;

  test.each<[string, Partial<MaintenanceSchedule>, string]>([
    ['without windows', { windows: [] }, 'schedule.windows: 0 given; expected 1 to 50'],
    [
      'for an unknown zone',
      { timeZone: 'Europe/Atlantis' },
      "schedule.timeZone: 'Europe/Atlantis' is no time zone; expected an IANA name such as Europe/Amsterdam",
    ],
    [
      'for an offset in place of a zone',
      { timeZone: '+02:00' },
      "schedule.timeZone: '+02:00' is no time zone; expected an IANA name such as Europe/Amsterdam",
    ],
    [
      'for a date that is none',
      { blackoutDates: ['2026-02-30'] },
      'schedule.blackoutDates[0]: expected a date, YYYY-MM-DD',
    ],
    [
      'for a window of two days',
      { windows: [{ ...weekly, durationMinutes: 2880 }] },
      'schedule.windows[0].durationMinutes: expected 1 to 1440',
    ],
    [
      'for a window on no day',
      { windows: [weekly, { ...weekly, days: [] }] },
      'schedule.windows[1].days: expected at least one day',
    ],
    [
      'for a time that is none',
      { windows: [{ ...weekly, start: '24:00' }] },
      'schedule.windows[0].start: expected a time, HH:MM',
    ],
    [
      'for a moment that is none',
      { windows: [{ ...once, start: '2026-12-25' }] },
      'schedule.windows[0].start: expected a date and time, YYYY-MM-DDTHH:MM',
    ],
  ])('%s', (_name, part, message) => {
    const schedule = { ...night, blackoutDates: [], ...part };

    expect(() => checkSchedule(schedule, 'schedule')).toThrow(message);
  });

  test('in no other case', () => {
    expect(() => checkSchedule(night, 'schedule')).not.toThrow();
  });
});

describe('a device', () => {
  const withPolicy = (
    schedule: MaintenanceSchedule,
    form: { tags?: object; reported?: object } = {},
  ) => {
    const twin = makeTwin();
    const values = { maintenance: documentOf(schedule) };
    return {
      ...twin,
      desired: { ...twin.desired, values },
      tags: { ...form.tags },
      reported: { ...twin.reported, values: { ...form.reported } },
    };
  };
  const monday = (time: string) => Date.parse(`2026-11-30T${time}Z`);

  test('without a policy may be disturbed at any time', () => {
    expect(maintenanceVerdict(makeTwin(), now)).toEqual({ kind: 'UNRESTRICTED' });
  });

  test('may be disturbed while a window of its policy is open', () => {
    expect(maintenanceVerdict(withPolicy(night), monday('01:30'))).toMatchObject({
      kind: 'OPEN',
      timeZone: 'Europe/Amsterdam',
      opening: { opensAt: monday('01:00'), closesAt: monday('02:00') },
    });
  });

  test('may not at other times, until the next opening', () => {
    expect(maintenanceVerdict(withPolicy(night), now)).toMatchObject({
      kind: 'CLOSED',
      opening: { opensAt: monday('01:00') },
    });
  });

  test('may not ever again when its windows are over', () => {
    const over = { ...night, windows: night.windows.slice(1) };

    expect(maintenanceVerdict(withPolicy(over), Date.parse('2027-01-01T00:00Z'))).toMatchObject({
      kind: 'CLOSED',
      opening: undefined,
    });
  });

  test('goes by the zone of its tag, or by the one that it reports', () => {
    const local = { ...night, timeZone: null };
    const tokyo = { tags: { timeZone: 'Asia/Tokyo' } };
    const denver = { reported: { maintenance: { timeZone: 'America/Denver' } } };
    const zoneOf = (form: object) => maintenanceVerdict(withPolicy(local, form), now);

    expect(zoneOf(tokyo)).toMatchObject({ timeZone: 'Asia/Tokyo' });
    expect(zoneOf(denver)).toMatchObject({ timeZone: 'America/Denver' });
    expect(zoneOf({ ...tokyo, ...denver })).toMatchObject({ timeZone: 'Asia/Tokyo' });
  });

  test('whose zone or policy cannot be told is not disturbed on a guess', () => {
    const twin = makeTwin();
    const odd = { ...twin, desired: { ...twin.desired, values: { maintenance: 'at night' } } };

    expect(maintenanceVerdict(withPolicy({ ...night, timeZone: null }), now)).toEqual({
      kind: 'UNKNOWN',
      reason:
        "policy 'night' goes by the device's own time zone, and neither its tag timeZone nor its reported maintenance.timeZone names one",
    });
    expect(maintenanceVerdict(withPolicy({ ...night, blackoutDates: ['someday'] }), now)).toEqual({
      kind: 'UNKNOWN',
      reason: 'desired.maintenance.blackoutDates[0]: expected a date, YYYY-MM-DD',
    });
    expect(maintenanceVerdict(odd, now)).toEqual({
      kind: 'UNKNOWN',
      reason: 'desired.maintenance: expected a maintenance policy',
    });
  });
});
