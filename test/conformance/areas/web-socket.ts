import { generate } from 'mqtt-packet';
import { type Area, must } from '../check.js';
import { sources } from '../sources.js';
import { openingOf, toStream } from '../support/hub.js';
import { expectMatch } from '../support/match.js';
import { within } from '../support/mqtt.js';

export const webSocket: Area = {
  title: 'MQTT over WebSocket',
  checks: [
    must(
      'WSS-01',
      'The path /$iothub/websocket opens with the subprotocol mqtt.',
      sources.mqtt,
      async (hub) => {
        expectMatch(await openingOf(hub.openWebSocket()), 'open mqtt', 'opening');
      },
    ),
    must('WSS-02', "Java's query does no harm.", sources.javaService, async (hub) => {
      const socket = hub.openWebSocket('/$iothub/websocket?iothub-no-client-cert=true');
      expectMatch(await openingOf(socket), 'open mqtt', 'opening');
    }),
    must('WSS-03', 'Another path is answered 404.', sources.mqtt, async (hub) => {
      const opening = await openingOf(hub.openWebSocket('/elsewhere'));
      expectMatch(opening, 'Unexpected server response: 404', 'opening');
    }),
    must(
      'WSS-04',
      'A device connects, and its packets are answered.',
      sources.mqtt,
      async (hub) => {
        const socket = hub.openWebSocket();
        expectMatch(await openingOf(socket), 'open mqtt', 'opening');
        const device = await hub.createDevice();
        const mqtt = hub.startMqtt(device, { stream: toStream(socket) });
        await mqtt.expect('connack', { returnCode: 0 });
        await mqtt.expectSilence();
      },
    ),
    must(
      'WSS-05',
      'Frames are a stream of bytes: a packet may come in many of them.',
      sources.nodeDevice,
      async (hub) => {
        const socket = hub.openWebSocket();
        expectMatch(await openingOf(socket), 'open mqtt', 'opening');
        const device = await hub.createDevice();
        const answer = new Promise<unknown>((resolve) => {
          socket.once('message', (data: Buffer) => resolve([...data]));
        });
        const packet = generate({
          cmd: 'connect',
          protocolId: 'MQTT',
          protocolVersion: 4,
          clientId: device.deviceId,
          clean: true,
          keepalive: 60,
          username: `${hub.target.hostName}/${device.deviceId}/?api-version=2021-04-12`,
          password: Buffer.from(hub.deviceToken(device)),
        });
        for (const byte of packet) socket.send(Buffer.from([byte]));
        const { patienceMs } = hub.target;
        expectMatch(await within(answer, patienceMs, 'no answer'), [0x20, 2, 0, 0], 'CONNACK');
      },
    ),
  ],
};
