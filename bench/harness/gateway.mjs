import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** All load comes from one address and one caller: what one may ask for is for other cases to measure. */
const many = 1_000_000;
export const oneForAll = {
  callerOperationsPerSecond: many,
  addressRequestsPerSecond: many,
  messagesPerSecond: many,
  socketsPerCaller: many,
  socketsPerAddress: many,
  subscriptionsPerCaller: many,
  subscriptionsPerSocket: many,
};

/** Starts an emulator with so many devices and a gateway in front of it, each in a process of its own. */
export async function startGateway({ start, createFolder, devices, size, tier = 'S3', units = 1 }) {
  const emulator = await start('servers/emulator.mjs');
  const hub = await emulator.call('start', { dataDir: createFolder(), devices, size });
  const gateway = await start('servers/gateway.mjs', ['--expose-gc']);
  const folder = createFolder();
  const configFile = join(folder, 'limits.json');
  writeFileSync(configFile, JSON.stringify({ limits: oneForAll }));
  const { url } = await gateway.call('start', {
    PORT: '0',
    DATA_DIR: folder,
    CONFIG_FILE: configFile,
    IOTHUB_CONNECTION_STRING: hub.connectionString,
    IOTHUB_CA_FILE: hub.caFile,
    HUB_TIER: tier,
    HUB_UNITS: String(units),
    LOG_LEVEL: 'error',
  });
  return { emulator, hub, gateway, url };
}
