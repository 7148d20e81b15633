/** The devices of the demo, each always the same, so that examples can name it. */
import type { ConventionName, Properties } from './convention.js';

export interface DemoDevice {
  readonly deviceId: string;
  readonly convention: ConventionName;
  readonly firmwareVersion: string;
  readonly tags: {
    readonly site: string;
    /** Where its days begin and end. */
    readonly timeZone: string;
    readonly floor: number;
    readonly environment: 'production' | 'test';
    readonly twinql: { readonly profile: ConventionName };
  };
  readonly properties: Properties;
}

const conventions: readonly ConventionName[] = ['node', 'node', 'python', 'java'];
/** Some devices are behind. */
const firmwareVersions: Readonly<Record<ConventionName, readonly string[]>> = {
  node: ['1.4.2', '1.4.2', '1.3.9'],
  python: ['2.0.1', '1.9.8'],
  java: ['3.1.0', '3.0.4'],
};
const timeZones = { Lisbon: 'Europe/Lisbon', Tromsø: 'Europe/Oslo', Osaka: 'Asia/Tokyo' } as const;
const places = [
  { name: 'lobby-display', site: 'Lisbon' },
  { name: 'cooling-pump', site: 'Lisbon' },
  { name: 'weather-station', site: 'Tromsø' },
  { name: 'loading-gate', site: 'Osaka' },
  { name: 'roof-solar', site: 'Lisbon' },
  { name: 'water-meter', site: 'Osaka' },
  { name: 'greenhouse-fan', site: 'Tromsø' },
  { name: 'parcel-scanner', site: 'Osaka' },
] as const;

/** Every four of them are two `node` devices, a `python` and a `java` one. */
export function describeDemoDevice(index: number): DemoDevice {
  const { name, site } = at(places, index);
  const convention = at(conventions, index);
  const round = Math.floor(index / places.length);
  return {
    deviceId: `${name}-${round + 1}`,
    convention,
    firmwareVersion: at(firmwareVersions[convention], Math.floor(index / conventions.length)),
    tags: {
      site,
      timeZone: timeZones[site],
      floor: (index * 3) % 7,
      environment: index % 10 === 9 ? 'test' : 'production',
      twinql: { profile: convention },
    },
    properties: {
      battery: { level: 100 - ((index * 37) % 90), charging: index % 3 === 0 },
      network: { kind: index % 2 === 0 ? 'wifi' : 'lte', rssi: -45 - ((index * 11) % 40) },
    },
  };
}

/** The list is taken round and round, and never empty. */
function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}
