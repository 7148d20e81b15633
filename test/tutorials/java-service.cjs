// biome-ignore-all lint/suspicious/noConsole: a newcomer's program talks on the console.
// The back end of the Java tutorial: it prints what the device answered, then its reported properties again and again.
'use strict';

const { Client, Registry } = require('azure-iothub');

const connectionString = process.env.IOTHUB_CONNECTION_STRING;
const registry = Registry.fromConnectionString(connectionString);
const client = Client.fromConnectionString(connectionString);
const deviceToReboot = 'myDeviceId';

async function main() {
  const { result } = await client.invokeDeviceMethod(deviceToReboot, {
    methodName: 'reboot',
    responseTimeoutInSeconds: 30,
    connectTimeoutInSeconds: 5,
  });
  console.log(`The device answered: ${JSON.stringify(result)}`);

  setInterval(async () => {
    const { responseBody: twin } = await registry.getTwin(deviceToReboot);
    const { lastReboot } = twin.properties.reported;
    if (lastReboot === undefined) {
      console.log('Waiting for the device to report its reboot.');
    } else {
      console.log(`Last reboot time: ${JSON.stringify(lastReboot)}`);
      process.exit(0);
    }
  }, 2000);
}

main().catch((err) => {
  console.error(`Direct method error: ${err.message}`);
  process.exit(1);
});
