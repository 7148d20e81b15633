import { parseTwin, type Twin, type TwinReading } from '../../../src/services/hub/twin.js';
import type { JsonObject, JsonValue } from '../../../src/services/json.js';

/** Where the tests' devices report that they rebooted. */
export const evidencePath = ['iothubDM', 'reboot', 'lastReboot'] as const;

export interface TwinForm {
  readonly deviceId?: string;
  readonly version?: number;
  readonly deviceEtag?: string;
  readonly connected?: boolean;
  /** What stands at `evidencePath`, and since when by the hub's clock. Null: nothing was reported. */
  readonly report?: { readonly value: JsonValue; readonly at: string } | null;
  /** Further reported properties. */
  readonly reported?: JsonObject;
}

const before = { value: 'before', at: '2026-03-09T06:00:00.5Z' };

/** A twin as the hub writes it. */
export function twinJson(form: TwinForm = {}): JsonObject {
  const { deviceId = 'pump-7', version = 5, deviceEtag = 'MQ==', connected = true } = form;
  const { report = before, reported = {} } = form;
  const stamp = { $lastUpdated: report?.at ?? before.at };
  const section: JsonObject =
    report === null
      ? { ...reported, $metadata: stamp, $version: 1 }
      : {
          ...reported,
          iothubDM: { reboot: { lastReboot: report.value } },
          $metadata: {
            ...stamp,
            iothubDM: { ...stamp, reboot: { ...stamp, lastReboot: stamp } },
          },
          $version: version - 1,
        };
  return {
    deviceId,
    etag: 'AAAAAAAAAAE=',
    deviceEtag,
    status: 'enabled',
    connectionState: connected ? 'Connected' : 'Disconnected',
    lastActivityTime: '0001-01-01T00:00:00Z',
    version,
    tags: {},
    properties: { desired: { $metadata: stamp, $version: 1 }, reported: section },
  };
}

export function makeTwin(form: TwinForm = {}): Twin {
  const twin = parseTwin(twinJson(form));
  if (!twin) throw new TypeError('not a twin');
  return twin;
}

/** A point read that took no time; the hub's clock, cut to the second, agrees with ours. */
export function makeReading(
  at: number,
  form: TwinForm = {},
  circumstances: Partial<Omit<TwinReading, 'twin'>> = {},
): TwinReading {
  return {
    twin: makeTwin(form),
    source: 'POINT_READ',
    askedAt: at,
    observedAt: at,
    hubTime: Math.floor(at / 1000) * 1000,
    ...circumstances,
  };
}
