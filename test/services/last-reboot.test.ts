import { describe, expect, it } from 'vitest';
import { parseTwin, type Twin } from '../../src/services/hub/twin.js';
import type { JsonObject } from '../../src/services/json.js';
import { lastRebootOf } from '../../src/services/last-reboot.js';

const paths = [['iothubDM', 'reboot', 'lastReboot'], ['rebootTime'], ['lastReboot']];

function twinOf(values: JsonObject, metadata: JsonObject): Twin {
  const reported = { ...values, $metadata: metadata, $version: 2 };
  const twin = parseTwin({ deviceId: 'd1', version: 1, properties: { desired: {}, reported } });
  if (!twin) throw new TypeError('not a twin');
  return twin;
}

const at = (time: string) => ({ $lastUpdated: `2026-03-09T07:00:${time}Z` });

describe('the last reboot', () => {
  it('is none where nothing was reported', () => {
    expect(lastRebootOf(twinOf({}, at('00')), paths)).toBeNull();
    expect(lastRebootOf(twinOf({ other: 1 }, { other: at('00') }), paths)).toBeNull();
  });

  it("is when the hub received the report, beside what the device's clock said", () => {
    const twin = twinOf({ rebootTime: '1999-01-01 00:00:00' }, { rebootTime: at('02.1234567') });

    expect(lastRebootOf(twin, paths)).toEqual({
      at: new Date('2026-03-09T07:00:02.123Z'),
      ticks: 17_730_396_021_234_567n,
      reported: '1999-01-01 00:00:00',
      path: 'rebootTime',
    });
  });

  it('is the newest of all conventions, to the tick', () => {
    const values = { rebootTime: 'older', lastReboot: { date: 'newer' } };
    const metadata = {
      rebootTime: at('02.1'),
      lastReboot: { ...at('02'), date: at('02.1000001') },
    };

    expect(lastRebootOf(twinOf(values, metadata), paths)).toMatchObject({
      path: 'lastReboot',
      reported: { date: 'newer' },
    });
  });

  it('is the first of the conventions where two say the same time', () => {
    const values = { rebootTime: 'a', lastReboot: 'b' };
    const metadata = { rebootTime: at('02.1'), lastReboot: at('02.1000000') };

    expect(lastRebootOf(twinOf(values, metadata), paths)?.path).toBe('rebootTime');
  });

  it('is none where the hub does not say when', () => {
    expect(lastRebootOf(twinOf({ rebootTime: 'a' }, {}), paths)).toBeNull();
  });
});
