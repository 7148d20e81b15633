/** Starts an emulator with so many devices and a gateway in front of it, each in a process of its own. */
export async function startGateway({ start, createFolder, devices, size, tier = 'S3' }) {
  const emulator = await start('servers/emulator.mjs');
  const hub = await emulator.call('start', { dataDir: createFolder(), devices, size });
  const gateway = await start('servers/gateway.mjs', ['--expose-gc']);
  const { url } = await gateway.call('start', {
    PORT: '0',
    DATA_DIR: createFolder(),
    IOTHUB_CONNECTION_STRING: hub.connectionString,
    IOTHUB_CA_FILE: hub.caFile,
    HUB_TIER: tier,
    LOG_LEVEL: 'error',
  });
  return { emulator, hub, gateway, url };
}
