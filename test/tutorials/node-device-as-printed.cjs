// biome-ignore-all lint/suspicious/noConsole: a newcomer's program talks on the console.
// The device of the Node tutorial as it was printed: the answer's callback has its test the wrong way round. A sent
// answer has no error, so err.toString() throws inside the SDK. That takes the handler for broken and tries to answer
// 400 in its stead, which is one answer too many; this throw nobody catches. The process dies within the turn in which
// it wrote the first answer, before a byte of it has left, and never gets to report.
'use strict';

const { Client } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');

const connectionString = process.env.IOTHUB_DEVICE_CONNECTION_STRING;
const client = Client.fromConnectionString(connectionString, Mqtt);

function onReboot(request, response) {
  response.send(200, 'Reboot started', (err) => {
    if (!err) {
      console.error(`Could not answer: ${err.toString()}`);
    } else {
      console.log(`Answered ${request.methodName}.`);
    }
  });

  const patch = { iothubDM: { reboot: { lastReboot: new Date().toISOString() } } };
  client.getTwin((err, twin) => {
    if (err) {
      console.error(`Could not get the twin: ${err.toString()}`);
      return;
    }
    twin.properties.reported.update(patch, (err) => {
      if (err) throw err;
      console.log('Reported the reboot.');
    });
  });

  // A real device would restart here.
  console.log('Rebooting!');
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
