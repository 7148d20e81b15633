// biome-ignore-all lint/suspicious/noConsole: a newcomer's program talks on the console.
// A device with the Java tutorial's manners: it answers at once and, five seconds later, reports a LocalDateTime the way
// Java's JSON library writes one: as an object of numbers, local and without a zone.
'use strict';

const { Client } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');

const connectionString = process.env.IOTHUB_DEVICE_CONNECTION_STRING;
const client = Client.fromConnectionString(connectionString, Mqtt);

function localDateTime() {
  const now = new Date();
  return {
    date: { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() },
    time: {
      hour: now.getHours(),
      minute: now.getMinutes(),
      second: now.getSeconds(),
      nano: now.getMilliseconds() * 1000000,
    },
  };
}

function onReboot(request, response) {
  response.send(200, 'Started reboot', (err) => {
    if (err) throw err;
    console.log(`Answered ${request.methodName}.`);
  });

  console.log('Rebooting...');
  setTimeout(() => {
    client.getTwin((err, twin) => {
      if (err) throw err;
      twin.properties.reported.update({ lastReboot: localDateTime() }, (err) => {
        if (err) throw err;
        console.log('Reported the reboot.');
      });
    });
  }, 5000);
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
