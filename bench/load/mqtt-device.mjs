import { connect as connectTls } from 'node:tls';
import { generate } from 'mqtt-packet';
import { nameDevice, signToken } from '../harness/fleet.mjs';
import { createFramer } from './mqtt-framer.mjs';

const packetTypes = { connack: 2, publish: 3, puback: 4, suback: 9 };
const changes = '$iothub/twin/PATCH/properties/reported/?$rid=change';
const answers = '$iothub/twin/res/#';
const goodAnswer = Buffer.from('$iothub/twin/res/204/');
/** Reports that are used in turn; their message and request ids are 1 to this. */
const variety = 256;

const reports = Array.from({ length: variety }, (_, index) =>
  generate({
    cmd: 'publish',
    topic: `$iothub/twin/PATCH/properties/reported/?$rid=${index + 1}`,
    payload: JSON.stringify({
      telemetry: { temperature: index % 50, humidity: index % 100 },
      state: index % 2 === 0 ? 'idle' : 'running',
    }),
    qos: 1,
    messageId: index + 1,
    dup: false,
    retain: false,
  }),
);

/** Connects the device of that number with a token of its own. */
export async function connectDevice({ port, ca, index }) {
  const socket = connectTls({ host: '127.0.0.1', port, ca, servername: 'localhost' });
  const handlers = new Map();
  const broken = new Promise((_, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server has closed a connection')));
  });
  broken.catch(() => {}); // whoever waits for something hears of it
  socket.on(
    'data',
    createFramer((type, packet) => handlers.get(type)?.(packet)),
  );

  const receive = (type) =>
    Promise.race([new Promise((resolve) => handlers.set(type, resolve)), broken]);
  let subscribed = false;

  await Promise.race([new Promise((resolve) => socket.once('secureConnect', resolve)), broken]);
  socket.write(generateConnect(index));
  const [, returnCode] = await receive(packetTypes.connack);
  if (returnCode !== 0) throw new Error(`the server refused a device with ${returnCode}`);

  return {
    socket,
    async subscribe() {
      subscribed = true;
      const subscriptions = [{ topic: answers, qos: 0 }];
      socket.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions }));
      await receive(packetTypes.suback);
    },
    /** Reports the time, and asks for no answer. */
    change() {
      const payload = JSON.stringify({ changedAt: Date.now() });
      socket.write(generate({ cmd: 'publish', topic: changes, payload, qos: 0 }));
    },
    report: (work) => Promise.race([report(socket, handlers, { subscribed, ...work }), broken]),
  };
}

/** Keeps `window` reports under way for so long. Resolves with how many were answered. */
function report(socket, handlers, { durationMs, window, subscribed }) {
  const until = performance.now() + durationMs;
  let sent = 0;
  let acknowledged = 0;
  let answered = 0;

  return new Promise((resolve, reject) => {
    function proceed() {
      const done = subscribed ? Math.min(acknowledged, answered) : acknowledged;
      if (performance.now() < until) {
        while (sent < done + window) socket.write(reports[sent++ % variety]);
      } else if (done === sent) {
        resolve(done);
      }
    }
    handlers.set(packetTypes.puback, () => {
      acknowledged++;
      proceed();
    });
    handlers.set(packetTypes.publish, (packet) => {
      // Two bytes say how long the topic is.
      if (!packet.subarray(2, 2 + goodAnswer.length).equals(goodAnswer)) {
        reject(new Error(`a report was refused: ${packet.toString('latin1', 2)}`));
      }
      answered++;
      proceed();
    });
    proceed();
  });
}

function generateConnect(index) {
  return generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId: nameDevice(index),
    clean: true,
    keepalive: 1200,
    username: `localhost/${nameDevice(index)}/?api-version=2021-04-12`,
    password: Buffer.from(signToken(index)),
  });
}
