import { type DemoDevice, describeDemoDevice } from './demo-device.js';
import { type DeviceOptions, type SimulatedDevice, startDevice } from './simulator.js';

export type DemoRegistration = Pick<DemoDevice, 'tags'>;

export interface DemoFleetOptions
  extends Omit<DeviceOptions, 'connectionString' | keyof DemoDevice> {
  readonly count: number;
  /** Creates the device's identity in the hub, with these tags, and gives its connection string. */
  register(deviceId: string, registration: DemoRegistration): string | Promise<string>;
}

export interface DemoFleet {
  readonly devices: readonly SimulatedDevice[];
  stop(): Promise<void>;
}

/** More at once would wait for each other's handshakes until they time out. */
const CONNECTING_AT_ONCE = 20;

/** Starts the first `count` devices of the demo; if one fails, none remains. */
export async function startDemoFleet(options: DemoFleetOptions): Promise<DemoFleet> {
  const { count, register, ...rest } = options;
  const devices: SimulatedDevice[] = [];
  const stop = async () => {
    await Promise.all(devices.map((device) => device.stop()));
  };
  const indices = Array.from({ length: count }, (_, index) => index).values();
  const startInTurn = async () => {
    for (const index of indices) {
      const { deviceId, tags, ...device } = describeDemoDevice(index);
      const connectionString = await register(deviceId, { tags });
      devices[index] = await startDevice({ ...rest, ...device, connectionString });
    }
  };
  const started = await Promise.allSettled(
    Array.from({ length: CONNECTING_AT_ONCE }, () => startInTurn()),
  );
  const failure = started.find((result) => result.status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  return { devices, stop };
}
