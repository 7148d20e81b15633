import type { ConventionName } from './convention.js';
import { type DeviceOptions, type SimulatedDevice, startDevice } from './simulator.js';

export interface DemoRegistration {
  readonly tags: { readonly site: string; readonly twinql: { readonly profile: ConventionName } };
}

export interface DemoFleetOptions extends Omit<DeviceOptions, 'convention' | 'connectionString'> {
  readonly count: number;
  /** Creates the device's identity in the hub, with these tags, and gives its connection string. */
  register(deviceId: string, registration: DemoRegistration): string | Promise<string>;
}

export interface DemoFleet {
  readonly devices: readonly SimulatedDevice[];
  stop(): Promise<void>;
}

const conventions: readonly ConventionName[] = ['node', 'node', 'python', 'java'];
const places = [
  { name: 'lobby-display', site: 'Lisbon' },
  { name: 'cooling-pump', site: 'Lisbon' },
  { name: 'weather-station', site: 'Tromsø' },
  { name: 'loading-gate', site: 'Osaka' },
  { name: 'roof-solar', site: 'Lisbon' },
  { name: 'water-meter', site: 'Osaka' },
  { name: 'greenhouse-fan', site: 'Tromsø' },
  { name: 'parcel-scanner', site: 'Osaka' },
];

/** Starts `count` tutorial devices, every four of them two `node`, one `python` and one `java`. */
export async function startDemoFleet(options: DemoFleetOptions): Promise<DemoFleet> {
  const { count, register, ...rest } = options;
  const started = await Promise.allSettled(
    Array.from({ length: count }, async (_, index) => {
      const { deviceId, convention, tags } = describeDemoDevice(index);
      const connectionString = await register(deviceId, { tags });
      return startDevice({ ...rest, convention, connectionString });
    }),
  );
  const devices = started.flatMap((result) =>
    result.status === 'fulfilled' ? [result.value] : [],
  );
  const stop = async () => {
    await Promise.all(devices.map((device) => device.stop()));
  };
  const failure = started.find((result) => result.status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  return { devices, stop };
}

/** The demo's device at `index`: always the same, so that examples can name it. */
export function describeDemoDevice(index: number): {
  readonly deviceId: string;
  readonly convention: ConventionName;
  readonly tags: DemoRegistration['tags'];
} {
  const { name, site } = at(places, index);
  const convention = at(conventions, index);
  const deviceId = `${name}-${Math.floor(index / places.length) + 1}`;
  return { deviceId, convention, tags: { site, twinql: { profile: convention } } };
}

/** The list is taken round and round, and never empty. */
function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}
