import { expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import { startDevice } from '../../src/simulator/simulator.js';
import { createServiceSdk } from '../emulator/support/service.js';
import { createCleanup } from '../support/cleanup.js';
import { createEventLog } from '../support/event-log.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTemporaryFolder } from '../support/temporary-folder.js';

test('a device outlives its hub: it tries more and more rarely until the hub is back', async () => {
  await using cleanup = createCleanup();
  const { path } = cleanup.use(await createTemporaryFolder());
  const clock = createManualClock();
  const log = createEventLog();
  const first = await startEmulator({ httpsPort: 0, mqttPort: 0, dataDir: path });
  const { httpsPort, mqttPort, ca } = first;
  const connectionString = first.registerDevice('survivor');
  const device = await startDevice({
    convention: 'java',
    connectionString,
    ca,
    clock,
    logger: log,
  });
  cleanup.defer(() => device.stop());

  await first.close();
  for (const pause of [1_000, 2_000, 4_000]) {
    await clock.scheduled(pause);
    clock.advance(pause);
  }
  await clock.scheduled(8_000);
  expect(log.entries.filter(({ level }) => level === 'warn')).toHaveLength(3);

  const second = await startEmulator({ httpsPort, mqttPort, dataDir: path });
  cleanup.defer(() => second.close());
  const { registry, client } = createServiceSdk(second);
  // The new hub knows nobody: the device gets its old key again.
  const primaryKey = connectionString.replace(/.*SharedAccessKey=/, '');
  await registry.create({
    deviceId: 'survivor',
    authentication: { symmetricKey: { primaryKey, secondaryKey: primaryKey } },
  });
  clock.advance(8_000);
  await log.waitFor('connected', 2);
  const { result } = await client.invokeDeviceMethod('survivor', { methodName: 'reboot' });
  expect(result).toEqual({ status: 200, payload: 'Reboot started' });
  expect(JSON.stringify(log.entries)).not.toContain(primaryKey);
});
