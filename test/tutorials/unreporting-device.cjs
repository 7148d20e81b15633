// biome-ignore-all lint/suspicious/noConsole: a newcomer's program talks on the console.
// A device that accepts the reboot and is never heard of it again: nothing is reported.
'use strict';

const { Client } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');

const connectionString = process.env.IOTHUB_DEVICE_CONNECTION_STRING;
const client = Client.fromConnectionString(connectionString, Mqtt);

function onReboot(request, response) {
  response.send(200, 'Reboot started', (err) => {
    if (err) throw err;
    console.log(`Answered ${request.methodName}.`);
  });
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
