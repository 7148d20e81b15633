// biome-ignore-all lint/suspicious/noConsole: a newcomer's program talks on the console.
// The back end of the Node tutorial: asks myDeviceId to reboot, and reads its twin until it tells of a new reboot.
'use strict';

const { Client, Registry } = require('azure-iothub');

const connectionString = process.env.IOTHUB_CONNECTION_STRING;
const registry = Registry.fromConnectionString(connectionString);
const client = Client.fromConnectionString(connectionString);
const deviceToReboot = 'myDeviceId';

function lastRebootOf(twin) {
  const { iothubDM } = twin.properties.reported;
  return iothubDM?.reboot?.lastReboot;
}

function startReboot() {
  const params = { methodName: 'reboot', payload: null, timeoutInSeconds: 30 };
  client.invokeDeviceMethod(deviceToReboot, params, (err, result) => {
    if (err) {
      console.error(`Direct method error: ${err.message}`);
      process.exit(1);
    }
    console.log(`The device answered: ${JSON.stringify(result)}`);
  });
}

function watchReboot(before) {
  setInterval(() => {
    registry.getTwin(deviceToReboot, (err, twin) => {
      if (err) {
        console.error(`Could not read the twin: ${err.message}`);
        process.exit(1);
      }
      const lastReboot = lastRebootOf(twin);
      if (lastReboot === before) {
        console.log('Waiting for the device to report its reboot.');
      } else {
        console.log(`Last reboot time: ${lastReboot}`);
        process.exit(0);
      }
    });
  }, 2000);
}

registry.getTwin(deviceToReboot, (err, twin) => {
  if (err) {
    console.error(`Could not read the twin: ${err.message}`);
    process.exit(1);
  }
  startReboot();
  watchReboot(lastRebootOf(twin));
});
