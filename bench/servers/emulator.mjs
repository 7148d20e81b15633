// The emulator alone.
import { startEmulator } from '../../dist/emulator/emulator.js';
import { createSeed, nameDevice } from '../harness/fleet.mjs';
import { serve } from '../harness/serve.mjs';

let emulator;

serve({
  /** Without a `size` it has no throttles. */
  async start({ dataDir, devices, size }) {
    const seed = createSeed(devices);
    emulator = await startEmulator({ httpsPort: 0, mqttPort: 0, dataDir, seed, size });
    const { httpsPort, mqttPort, ca, caFile, connectionString, sdkConnectionString } = emulator;
    return {
      httpsPort,
      mqttPort,
      ca,
      caFile,
      connectionString,
      sdkConnectionString,
      serviceKey: /SharedAccessKey=(.*)$/.exec(connectionString)[1],
    };
  },

  /** From now on a read of a twin takes longer (ms). */
  delayReads(ms) {
    emulator.faults.add({ operation: 'twin.get', effect: { kind: 'delay', ms } });
  },

  /** How many twins services have read since the start, by its call log. */
  countReads: () => emulator.calls.count({ operation: 'twin.get' }),

  /** The same of each of the first so many devices. */
  countReadsOfEach: (devices) =>
    Array.from({ length: devices }, (_, index) =>
      emulator.calls.count({ operation: 'twin.get', deviceId: nameDevice(index) }),
    ),

  /** How many of the calls it still remembers, the newest 10,000, were refused as too many. */
  countRefused: () => emulator.calls.list().filter(({ status }) => status === 429).length,
});
