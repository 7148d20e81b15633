// biome-ignore-all lint/suspicious/noConsole: a newcomer's program talks on the console.
// A device with the Python tutorial's manners: busy for twenty seconds, then the report, and last of all the answer.
'use strict';

const { Client } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');

const connectionString = process.env.IOTHUB_DEVICE_CONNECTION_STRING;
const busySeconds = Number(process.env.BUSY_SECONDS ?? 20);
const client = Client.fromConnectionString(connectionString, Mqtt);

// What str(datetime.datetime.now()) gives: local, without a zone, and with a fraction only when there is one.
function pythonNow() {
  const now = new Date();
  const two = (n) => String(n).padStart(2, '0');
  const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  const ms = now.getMilliseconds();
  return `${date} ${time}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}000`}`;
}

function onReboot(request, response) {
  console.log('Rebooting device...');
  setTimeout(() => {
    console.log('Device rebooted.');
    client.getTwin((err, twin) => {
      if (err) throw err;
      twin.properties.reported.update({ rebootTime: pythonNow() }, (err) => {
        if (err) throw err;
        console.log('Reported the reboot.');
        response.send(200, { Response: 'This is what the device says' }, (err) => {
          if (err) throw err;
          console.log(`Answered ${request.methodName}.`);
        });
      });
    });
  }, busySeconds * 1000);
}

client.open((err) => {
  if (err) {
    console.error(`Could not connect: ${err.toString()}`);
    process.exit(1);
  }
  client.onDeviceMethod('rebootDevice', onReboot);
  // The subscription leaves at the end of this turn.
  setImmediate(() => console.log('Connected. Waiting for rebootDevice.'));
});
