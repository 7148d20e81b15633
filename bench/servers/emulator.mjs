// The emulator alone.
import { startEmulator } from '../../dist/emulator/emulator.js';
import { createSeed } from '../harness/fleet.mjs';
import { serve } from '../harness/serve.mjs';

serve({
  async start({ dataDir, devices }) {
    const seed = createSeed(devices);
    const emulator = await startEmulator({ httpsPort: 0, mqttPort: 0, dataDir, seed });
    const { httpsPort, mqttPort, ca, connectionString } = emulator;
    return {
      httpsPort,
      mqttPort,
      ca,
      serviceKey: /SharedAccessKey=(.*)$/.exec(connectionString)[1],
    };
  },
});
