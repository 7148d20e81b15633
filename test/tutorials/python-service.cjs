// biome-ignore-all lint/suspicious/noConsole: a newcomer's program talks on the console.
// The back end of the Python tutorial, its order of things: the call is waited for, then the twin read for the time.
'use strict';

const { Client, Registry } = require('azure-iothub');

const connectionString = process.env.IOTHUB_CONNECTION_STRING;
const registry = Registry.fromConnectionString(connectionString);
const client = Client.fromConnectionString(connectionString);
const deviceToReboot = 'myDeviceId';

async function main() {
  console.log('Invoking device to reboot...');
  const { result } = await client.invokeDeviceMethod(deviceToReboot, {
    methodName: 'rebootDevice',
    payload: { method_number: '42' },
    responseTimeoutInSeconds: 60,
  });
  console.log(`The device answered: ${JSON.stringify(result)}`);

  const { responseBody: twin } = await registry.getTwin(deviceToReboot);
  console.log(`Last reboot time: ${twin.properties.reported.rebootTime}`);
}

main().catch((err) => {
  console.error(`Direct method error: ${err.message}`);
  process.exit(1);
});
