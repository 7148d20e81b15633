// biome-ignore-all lint/suspicious/noConsole: a newcomer's program talks on the console.
// A device that hears the reboot and never answers it.
'use strict';

const { Client } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');

const connectionString = process.env.IOTHUB_DEVICE_CONNECTION_STRING;
const client = Client.fromConnectionString(connectionString, Mqtt);

function onReboot(request) {
  console.log(`Heard ${request.methodName}, and will not answer.`);
}

client.open((err) => {
  if (err) {
    console.error(`Could not connect: ${err.toString()}`);
    process.exit(1);
  }
  client.onDeviceMethod('reboot', onReboot);
  // The subscription leaves at the end of this turn.
  setImmediate(() => console.log('Connected. Waiting for reboot.'));
});
