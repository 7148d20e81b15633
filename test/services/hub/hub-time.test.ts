import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dateFromHubTime,
  dateFromTicks,
  parseHubTime,
  ticksFromMilliseconds,
} from '../../../src/services/hub/hub-time.js';

describe('a time of the hub', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['1970-01-01T00:00:00.0000001Z', 1n],
    ['1970-01-01T00:00:00.1Z', 1_000_000n],
    ['1970-01-01T00:00:00.1000000Z', 1_000_000n],
    ['1970-01-01T00:00:01+00:00', 10_000_000n],
    ['2026-03-09T07:00:02.6Z', 17_730_396_026_000_000n],
    ['2026-03-09T07:00:02.6', 17_730_396_026_000_000n],
    ['2026-03-09T07:00:02.123456789Z', 17_730_396_021_234_567n],
  ])('%s is %d ticks', (text, ticks) => {
    expect(parseHubTime(text)).toBe(ticks);
  });

  it.each([
    '',
    'now',
    '2026-03-09',
    '2026-03-09 07:00:02Z',
    '2026-03-09T07:00:02.Z',
    '2026-03-09T07:00:02+02:00',
    '2026-13-09T07:00:02Z',
    '2026-03-09T07:00:02Z ',
    7,
    null,
    undefined,
    { $lastUpdated: '2026-03-09T07:00:02Z' },
  ])('is not %j', (value) => {
    expect(parseHubTime(value)).toBeUndefined();
    expect(dateFromHubTime(value)).toBeNull();
  });

  it('orders as integers, whatever number of digits the hub wrote', () => {
    const ticks = fc.bigInt({ min: 0n, max: 2_000_000_000n * 10_000_000n });
    fc.assert(
      fc.property(ticks, ticks, (a, b) => {
        expect(parseHubTime(write(a))).toBe(a);
        const [first, second] = [parseHubTime(write(a)), parseHubTime(write(b))];
        if (first === undefined || second === undefined) throw new TypeError('not a time');
        expect(first < second).toBe(a < b);
      }),
    );
  });

  it('of year 1 means never', () => {
    expect(dateFromHubTime('0001-01-01T00:00:00Z')).toBeNull();
    expect(dateFromHubTime('0001-01-01T00:00:00.0000001Z')).toBeNull();
  });

  it('is cut to the millisecond as a date', () => {
    expect(dateFromHubTime('2026-03-09T07:00:02.9999999Z')).toEqual(
      new Date('2026-03-09T07:00:02.999Z'),
    );
  });
});

describe('milliseconds', () => {
  it('are ticks and back', () => {
    const now = Date.parse('2026-03-09T07:00:02.041Z');

    expect(ticksFromMilliseconds(now)).toBe(BigInt(now) * 10_000n);
    expect(dateFromTicks(ticksFromMilliseconds(now))).toEqual(new Date(now));
  });

  it('may have fractions, which are cut', () => {
    expect(ticksFromMilliseconds(1.9)).toBe(10_000n);
  });
});

/** As the hub does: up to seven digits, trailing zeros dropped. */
function write(ticks: bigint): string {
  const second = new Date(Number(ticks / 10_000_000n) * 1000).toISOString().slice(0, 19);
  const fraction = (ticks % 10_000_000n).toString().padStart(7, '0').replace(/0+$/, '');
  return `${second}${fraction && `.${fraction}`}Z`;
}
