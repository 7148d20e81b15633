import { describe, expect, it } from 'vitest';
import { connectivityOf } from '../../src/services/connectivity.js';
import { parseTwin, type TwinReading } from '../../src/services/hub/twin.js';
import type { JsonObject } from '../../src/services/json.js';
import { makeReading, twinJson } from './support/twins.js';

const now = Date.parse('2026-03-09T07:00:00Z');

function readingOf(json: JsonObject): TwinReading {
  const twin = parseTwin(json);
  if (!twin) throw new TypeError('not a twin');
  return { ...makeReading(now), twin };
}

function reportedAt(time: string): JsonObject {
  const { properties = {} } = twinJson({ report: { value: 'then', at: time } });
  return { properties };
}

describe('whether a device is there', () => {
  it.each<[string, JsonObject, string]>([
    ['that the hub sees connected', { connectionState: 'Connected' }, 'ONLINE'],
    [
      'that is disabled, whatever the hub says of its connection',
      { connectionState: 'Connected', status: 'disabled' },
      'OFFLINE',
    ],
    ['that never did anything', {}, 'NEVER_CONNECTED'],
    ['that was active within five minutes', { lastActivityTime: '2026-03-09T06:55:01Z' }, 'STALE'],
    ['that was active longer ago', { lastActivityTime: '2026-03-09T06:55:00Z' }, 'OFFLINE'],
    ['that reported within five minutes', reportedAt('2026-03-09T06:59:00Z'), 'STALE'],
    ['that reported longer ago', reportedAt('2026-03-09T06:00:00Z'), 'OFFLINE'],
  ])('is judged of one %s', (_name, changes, verdict) => {
    const json = { ...twinJson({ report: null, connected: false }), ...changes };
    const seen = connectivityOf(readingOf(json));

    expect(seen.verdict).toBe(verdict);
    expect(seen.reason).not.toBe('');
  });

  it('comes with what it rests on', () => {
    const reading = makeReading(now, { connected: false });

    expect(connectivityOf(reading)).toEqual({
      verdict: 'OFFLINE',
      reason: 'the hub sees it disconnected',
      connectionState: 'DISCONNECTED',
      lastActivityAt: null,
      lastReportedAt: new Date('2026-03-09T06:00:00.5Z'),
    });
  });

  it('takes no report from the mere creation of a twin', () => {
    const reading = makeReading(now, { report: null, connected: false });

    expect(connectivityOf(reading)).toMatchObject({
      verdict: 'NEVER_CONNECTED',
      lastReportedAt: null,
    });
  });
});
