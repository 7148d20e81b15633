import { connectDevice, type TestDevice } from '../../emulator/support/device.js';
import type { TestEmulator } from '../../emulator/support/emulator.js';
import { report } from '../../support/puppet-device.js';

/** What devices do when they are called: each always the same. */
export const conducts = [
  'ANSWERS_THEN_REPORTS',
  'REPORTS_THEN_ANSWERS',
  /** As one that restarts in the middle of the call. */
  'REPORTS_ONLY',
  'ANSWERS_ONLY',
  'REFUSES',
] as const;
export type Conduct = (typeof conducts)[number];

/** What one device knows of one call: the truth that operations are held against. */
export interface CallTruth {
  readonly conduct: Conduct;
  called: number;
  reported: boolean;
}

/** Devices of the node convention that count their calls by the `key` in the payload, and report it. */
export interface CountingFleet extends AsyncDisposable {
  readonly deviceIds: readonly string[];
  /** Every call that came, by key. */
  readonly calls: ReadonlyMap<string, CallTruth>;
  /** Told of every call that comes. */
  onCall: () => void;
}

/** `conductOf` decides what each device does, by its number. */
export async function startCountingFleet(
  emulator: TestEmulator,
  count: number,
  conductOf: (index: number) => Conduct,
): Promise<CountingFleet> {
  const calls = new Map<string, CallTruth>();
  const deviceIds = Array.from({ length: count }, (_, index) => `counting-${index}`);
  const devices: TestDevice[] = [];
  const fleet: CountingFleet = {
    deviceIds,
    calls,
    onCall: () => {},
    async [Symbol.asyncDispose]() {
      await Promise.all(devices.map((device) => device[Symbol.asyncDispose]()));
    },
  };

  for (const [index, deviceId] of deviceIds.entries()) {
    const device = await connectDevice(emulator, emulator.registerDevice(deviceId));
    devices.push(device);
    const conduct = conductOf(index);
    device.client.onDeviceMethod('reboot', (request, response) => {
      const { key } = request.payload as { key: string };
      const truth = calls.get(key) ?? { conduct, called: 0, reported: false };
      calls.set(key, truth);
      truth.called += 1;
      fleet.onCall();
      // The gateway that called may be dead: then nobody hears the answer.
      void respond(conduct).catch(() => {});

      async function respond(how: Conduct): Promise<void> {
        switch (how) {
          case 'ANSWERS_THEN_REPORTS':
            await answer(200);
            return tell();
          case 'REPORTS_THEN_ANSWERS':
            await tell();
            return answer(200);
          case 'REPORTS_ONLY':
            return tell();
          case 'ANSWERS_ONLY':
            return answer(200);
          case 'REFUSES':
            return answer(500);
        }
      }

      async function answer(status: number): Promise<void> {
        await response.send(status).catch(() => {});
      }

      async function tell(): Promise<void> {
        await report(device, { iothubDM: { reboot: { lastReboot: key } } });
        truth.reported = true;
      }
    });
  }
  return fleet;
}
