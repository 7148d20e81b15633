import { describe, expect, test } from 'vitest';
import { formatJavaTime, formatPythonTime } from '../../src/simulator/local-time.js';

describe('a local time', () => {
  test('is printed as Python prints it, with six digits of fraction', () => {
    expect(formatPythonTime(new Date(2026, 2, 9, 7, 5, 2, 41))).toBe('2026-03-09 07:05:02.041000');
  });

  test('is printed as Python prints it, without a fraction when that is zero', () => {
    expect(formatPythonTime(new Date(2026, 11, 31, 23, 0, 0, 0))).toBe('2026-12-31 23:00:00');
  });

  test.each([
    [new Date(2026, 2, 9, 7, 5, 2, 41), '2026-03-09T07:05:02.041'],
    [new Date(2026, 2, 9, 7, 5, 2, 0), '2026-03-09T07:05:02'],
    [new Date(2026, 2, 9, 7, 5, 0, 0), '2026-03-09T07:05'],
    [new Date(2026, 2, 9, 7, 5, 0, 1), '2026-03-09T07:05:00.001'],
  ])('is printed as Java prints it: %s', (time, text) => {
    expect(formatJavaTime(time)).toBe(text);
  });
});
