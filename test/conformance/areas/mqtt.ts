import { type Area, may, must, should } from '../check.js';
import { mqtt311, sources } from '../sources.js';
import { expectAnswer } from '../support/http.js';
import type { Client, Hub } from '../support/hub.js';
import { read } from '../support/match.js';
import { publish } from '../support/mqtt.js';

const star = { 'If-Match': '*' };

/** How CONNECT is answered, and that nothing but the end follows a refusal. */
async function refuse(
  hub: Hub,
  returnCode: number,
  start: (client: Client) => Parameters<Hub['startMqtt']>,
): Promise<void> {
  const mqtt = hub.startMqtt(...start(await hub.createDevice()));
  await mqtt.expect('connack', { returnCode, sessionPresent: false });
  await mqtt.expectClosed();
}

/** A connected device that sends something for which the hub ends the connection. */
async function violate(hub: Hub, act: (client: Client) => Parameters<typeof publish>) {
  const device = await hub.createDevice();
  const mqtt = await hub.connectMqtt(device);
  mqtt.send(publish(...act(device)));
  await mqtt.expectClosed();
}

export const mqttConnect: Area = {
  title: 'MQTT: connecting',
  checks: [
    must(
      'MQC-01',
      'A device with a token of its own key is let in, and its session is not there yet.',
      sources.mqtt,
      async (hub) => {
        const mqtt = hub.startMqtt(await hub.createDevice());
        await mqtt.expect('connack', { returnCode: 0, sessionPresent: false });
      },
    ),
    must(
      'MQC-02',
      'A token signed by another key is refused with return code 5.',
      sources.mqtt,
      (hub) =>
        refuse(hub, 5, (client) => [
          client,
          { password: hub.deviceToken({ ...client, key: Buffer.alloc(32).toString('base64') }) },
        ]),
    ),
    should(
      'MQC-03',
      'A device that does not exist is refused with return code 5.',
      sources.mqtt,
      (hub) => refuse(hub, 5, (client) => [{ ...client, deviceId: hub.newId() }]),
    ),
    should(
      'MQC-04',
      'A device that is disabled is refused with return code 5.',
      sources.registry,
      async (hub) => {
        const device = await hub.createDevice({ identity: { status: 'disabled' } });
        const mqtt = hub.startMqtt(device);
        await mqtt.expect('connack', { returnCode: 5 });
        await mqtt.expectClosed();
      },
    ),
    must('MQC-05', 'An expired token is refused with return code 5.', sources.mqtt, (hub) =>
      refuse(hub, 5, (client) => [client, { password: hub.deviceToken(client, { expiry: 1 }) }]),
    ),
    must(
      'MQC-06',
      'A token for another device is refused with return code 5.',
      sources.access,
      (hub) =>
        refuse(hub, 5, (client) => {
          const resource = `${hub.target.hostName}/devices/another`;
          return [client, { password: hub.deviceToken(client, { resource }) }];
        }),
    ),
    must(
      'MQC-07',
      'A client id that is not that of the user name is refused.',
      sources.mqtt,
      (hub) => refuse(hub, 5, (client) => [client, { clientId: 'another' }]),
    ),
    must(
      'MQC-08',
      'Another version of MQTT than 3.1.1 is refused with return code 1.',
      mqtt311('MQTT-3.1.2-2'),
      (hub) => refuse(hub, 1, (client) => [client, { protocol: 'MQIsdp' }]),
    ),
    must(
      'MQC-09',
      'A packet before CONNECT ends the connection.',
      mqtt311('MQTT-3.1.0-1'),
      async (hub) => {
        const mqtt = hub.openMqtt();
        mqtt.send({ cmd: 'pingreq' });
        await mqtt.expectClosed();
      },
    ),
    must(
      'MQC-10',
      'A second CONNECT ends the connection.',
      mqtt311('MQTT-3.1.0-2'),
      async (hub) => {
        const device = await hub.createDevice();
        const mqtt = await hub.connectMqtt(device);
        mqtt.send({
          cmd: 'connect',
          protocolId: 'MQTT',
          protocolVersion: 4,
          clientId: device.deviceId,
          clean: true,
          keepalive: 60,
        });
        await mqtt.expectClosed();
      },
    ),
    must(
      'MQC-11',
      'Another connection of the same client ends the older one.',
      mqtt311('MQTT-3.1.4-2'),
      async (hub) => {
        const device = await hub.createDevice();
        const older = await hub.connectMqtt(device);
        const newer = await hub.connectMqtt(device);
        await older.expectClosed();
        await newer.expectSilence();
      },
    ),
    must(
      'MQC-12',
      'With clean session 0 the subscriptions are there when the device comes back.',
      mqtt311('MQTT-3.1.2-4'),
      async (hub) => {
        const device = await hub.createDevice();
        const first = await hub.connectMqtt(device, { clean: false });
        await first.subscribe('$iothub/twin/PATCH/properties/desired/#');
        first.close();
        const second = hub.startMqtt(device, { clean: false });
        await second.expect('connack', { returnCode: 0, sessionPresent: true });
        await hub.prepare(`PATCH /twins/${device.deviceId}`, {
          body: { properties: { desired: { a: 1 } } },
        });
        await second.expectPublish('$iothub/twin/PATCH/properties/desired/?$version=2', {
          a: 1,
          $version: 2,
        });
      },
    ),
    must(
      'MQC-13',
      'With clean session 1 nothing of an earlier session is left.',
      mqtt311('MQTT-3.1.2-6'),
      async (hub) => {
        const device = await hub.createDevice();
        const first = await hub.connectMqtt(device, { clean: false });
        await first.subscribe('$iothub/twin/PATCH/properties/desired/#');
        const second = hub.startMqtt(device, { clean: true });
        await second.expect('connack', { returnCode: 0, sessionPresent: false });
        await hub.prepare(`PATCH /twins/${device.deviceId}`, {
          body: { properties: { desired: { a: 1 } } },
        });
        await second.expectSilence();
      },
    ),
    must('MQC-14', 'PINGREQ is answered.', mqtt311('MQTT-3.12.4-1'), async (hub) => {
      const mqtt = await hub.connectMqtt(await hub.createDevice());
      mqtt.send({ cmd: 'pingreq' });
      await mqtt.expect('pingresp', {});
    }),
    must(
      'MQC-15',
      'The hub knows who is connected, and who has left.',
      sources.registry,
      async (hub) => {
        const device = await hub.createDevice();
        const mqtt = await hub.connectMqtt(device);
        const twin = `GET /twins/${device.deviceId}`;
        expectAnswer(await hub.send(twin), {
          status: 200,
          body: { connectionState: 'Connected', lastActivityTime: /^20\d\d-/ },
        });
        mqtt.send({ cmd: 'disconnect' });
        await mqtt.expectClosed();
        await hub.until(twin, (body) => read(body, 'connectionState') === 'Disconnected');
        expectAnswer(await hub.send(twin), {
          status: 200,
          body: { connectionState: 'Disconnected' },
        });
      },
    ),
    must('MQC-16', 'Disabling a device ends its connection.', sources.registry, async (hub) => {
      const { deviceId, ...rest } = await hub.createDevice();
      const mqtt = await hub.connectMqtt({ deviceId, ...rest });
      await hub.prepare(`PUT /devices/${deviceId}`, {
        body: { deviceId, status: 'disabled' },
        headers: star,
      });
      await mqtt.expectClosed();
    }),
    must('MQC-17', 'Deleting a device ends its connection.', sources.registry, async (hub) => {
      const device = await hub.createDevice();
      const mqtt = await hub.connectMqtt(device);
      await hub.prepare(`DELETE /devices/${device.deviceId}`, { headers: star });
      await mqtt.expectClosed();
    }),
    must(
      'MQC-18',
      'A module connects as {device}/{module}, with its own key.',
      sources.modules,
      async (hub) => {
        const module = await hub.createModule(await hub.createDevice());
        const mqtt = hub.startMqtt(module);
        await mqtt.expect('connack', { returnCode: 0 });
        expectAnswer(await hub.send(`GET /twins/${module.deviceId}/modules/m1`), {
          status: 200,
          body: { connectionState: 'Connected' },
        });
      },
    ),
    must(
      'MQC-19',
      'A token of the policy device lets any device in.',
      sources.access,
      async (hub) => {
        const password = hub.token({ policy: 'device' });
        const mqtt = hub.startMqtt(await hub.createDevice(), { password });
        await mqtt.expect('connack', { returnCode: 0 });
      },
      'policies',
    ),
    must(
      'MQC-20',
      'A token of the policy registryRead lets no device in.',
      sources.access,
      (hub) =>
        refuse(hub, 5, (client) => [client, { password: hub.token({ policy: 'registryRead' }) }]),
      'policies',
    ),
    should(
      'MQC-21',
      'The model id of the user name is that of the twin.',
      sources.mqtt,
      async (hub) => {
        const device = await hub.createDevice();
        const { hostName } = hub.target;
        const username = `${hostName}/${device.deviceId}/?api-version=2021-04-12&model-id=dtmi:com:example:Thermostat;1`;
        await hub.connectMqtt(device, { username });
        expectAnswer(await hub.send(`GET /twins/${device.deviceId}`), {
          status: 200,
          body: { modelId: 'dtmi:com:example:Thermostat;1' },
        });
      },
    ),
    must(
      'MQC-22',
      'A device that is registered by thumbprint has no use for a token.',
      sources.access,
      async (hub) => {
        const device = await hub.createDevice({
          identity: {
            authentication: {
              type: 'selfSigned',
              x509Thumbprint: { primaryThumbprint: 'A'.repeat(40) },
            },
          },
        });
        const key = Buffer.alloc(32).toString('base64');
        const mqtt = hub.startMqtt({ ...device, key });
        await mqtt.expect('connack', { returnCode: 5 });
      },
    ),
  ],
};

export const mqttTwins: Area = {
  title: 'MQTT: twins',
  checks: [
    must(
      'MQT-01',
      'A device reads both sections with their $version, without metadata, under its own request id.',
      sources.mqtt,
      async (hub) => {
        const device = await hub.createDevice({
          twin: { tags: { secret: 1 }, properties: { desired: { interval: 60 } } },
        });
        const mqtt = await hub.connectMqtt(device);
        await mqtt.subscribe('$iothub/twin/res/#');
        mqtt.send(publish('$iothub/twin/GET/?$rid=Rid-1'));
        await mqtt.expectPublish('$iothub/twin/res/200/?$rid=Rid-1', {
          desired: { interval: 60, $version: 2, $metadata: undefined },
          reported: { $version: 1, $metadata: undefined },
          tags: undefined,
        });
      },
    ),
    must(
      'MQT-02',
      'A payload of one space, at QoS 1, is a request for the twin, and is acknowledged.',
      sources.pythonDevice,
      async (hub) => {
        const mqtt = await hub.connectMqtt(await hub.createDevice());
        await mqtt.subscribe('$iothub/twin/res/#');
        mqtt.send(publish('$iothub/twin/GET/?$rid=1', ' ', 1));
        await mqtt.expect('puback', { messageId: 7 });
        await mqtt.expectPublish('$iothub/twin/res/200/?$rid=1', { desired: { $version: 1 } });
      },
    ),
    must(
      'MQT-03',
      'A report is answered 204, empty, with the new $version, and services see it.',
      sources.mqtt,
      async (hub) => {
        const device = await hub.createDevice();
        const mqtt = await hub.connectMqtt(device);
        await mqtt.subscribe('$iothub/twin/res/#');
        mqtt.send(publish('$iothub/twin/PATCH/properties/reported/?$rid=9', '{"a":{"b":1}}'));
        await mqtt.expectPublish('$iothub/twin/res/204/?$rid=9&$version=2', '');
        const time = /^20\d\d-/;
        expectAnswer(await hub.send(`GET /twins/${device.deviceId}`), {
          status: 200,
          body: {
            version: 3,
            properties: {
              reported: {
                a: { b: 1 },
                $version: 2,
                $metadata: { $lastUpdated: time, a: { b: { $lastUpdated: time } } },
              },
            },
          },
        });
      },
    ),
    may(
      'MQT-04',
      "A report leaves the twin's ETag alone: it is the services' own.",
      sources.observed,
      async (hub) => {
        const device = await hub.createDevice();
        const mqtt = await hub.connectMqtt(device);
        await mqtt.subscribe('$iothub/twin/res/#');
        mqtt.send(publish('$iothub/twin/PATCH/properties/reported/?$rid=9', '{"a":1}'));
        await mqtt.expectPublish(/^\$iothub\/twin\/res\/204\//, '');
        expectAnswer(await hub.send(`GET /twins/${device.deviceId}`), {
          status: 200,
          body: { etag: 'AAAAAAAAAAE=', version: 3 },
        });
      },
    ),
    must('MQT-05', 'A null in a report removes.', sources.twins, async (hub) => {
      const device = await hub.createDevice();
      const mqtt = await hub.connectMqtt(device);
      await mqtt.subscribe('$iothub/twin/res/#');
      for (const [rid, patch] of [
        ['1', '{"a":1,"b":2}'],
        ['2', '{"a":null}'],
      ]) {
        mqtt.send(publish(`$iothub/twin/PATCH/properties/reported/?$rid=${rid}`, patch));
        await mqtt.expectPublish(/^\$iothub\/twin\/res\/204\//, '');
      }
      expectAnswer(await hub.send(`GET /twins/${device.deviceId}`), {
        status: 200,
        body: { properties: { reported: { a: undefined, b: 2, $version: 3 } } },
      });
    }),
    must(
      'MQT-06',
      'A report for another $version than the current is refused with 412, in topic and body.',
      sources.mqtt,
      async (hub) => {
        const mqtt = await hub.connectMqtt(await hub.createDevice());
        await mqtt.subscribe('$iothub/twin/res/#');
        const topic = '$iothub/twin/PATCH/properties/reported/?$rid=3&$version=7';
        mqtt.send(publish(topic, '{"a":1}'));
        await mqtt.expectPublish('$iothub/twin/res/412/?$rid=3', {
          errorCode: 412001,
          message: /./,
          trackingId: /^[0-9a-f]{32}$/,
          timestampUtc: /^20\d\d-/,
        });
      },
    ),
    must(
      'MQT-07',
      'A report that a twin cannot hold is refused with 400, in topic and body.',
      sources.nodeDevice,
      async (hub) => {
        const mqtt = await hub.connectMqtt(await hub.createDevice());
        await mqtt.subscribe('$iothub/twin/res/#');
        for (const payload of ['{"a.b":1}', 'no json', '[]']) {
          mqtt.send(publish('$iothub/twin/PATCH/properties/reported/?$rid=4', payload));
          await mqtt.expectPublish('$iothub/twin/res/400/?$rid=4', { errorCode: 400004 });
        }
      },
    ),
    must(
      'MQT-08',
      'A report of more than 32 KB is refused with 400.',
      sources.twins,
      async (hub) => {
        const mqtt = await hub.connectMqtt(await hub.createDevice());
        await mqtt.subscribe('$iothub/twin/res/#');
        const values = Array.from({ length: 9 }, (_, index) => [`p${index}`, 'x'.repeat(4000)]);
        const payload = JSON.stringify(Object.fromEntries(values));
        mqtt.send(publish('$iothub/twin/PATCH/properties/reported/?$rid=5', payload));
        await mqtt.expectPublish('$iothub/twin/res/400/?$rid=5', { errorCode: 400004 });
      },
    ),
    must(
      'MQT-09',
      'A device hears of a desired write what was written, removals as null, and the $version.',
      sources.mqtt,
      async (hub) => {
        const device = await hub.createDevice({
          twin: { properties: { desired: { keep: 1, drop: 2 } } },
        });
        const mqtt = await hub.connectMqtt(device);
        await mqtt.subscribe('$iothub/twin/PATCH/properties/desired/#');
        await hub.prepare(`PATCH /twins/${device.deviceId}`, {
          body: { properties: { desired: { drop: null, add: { x: 1 } } } },
        });
        await mqtt.expectPublish('$iothub/twin/PATCH/properties/desired/?$version=3', {
          drop: null,
          add: { x: 1 },
          keep: undefined,
          $version: 3,
          $metadata: undefined,
        });
      },
    ),
    may(
      'MQT-10',
      'After a replacement a device hears all of the desired properties.',
      sources.twins,
      async (hub) => {
        const device = await hub.createDevice({ twin: { properties: { desired: { old: 1 } } } });
        const mqtt = await hub.connectMqtt(device);
        await mqtt.subscribe('$iothub/twin/PATCH/properties/desired/#');
        await hub.prepare(`PUT /twins/${device.deviceId}`, {
          body: { properties: { desired: { young: 2 } } },
        });
        await mqtt.expectPublish('$iothub/twin/PATCH/properties/desired/?$version=3', {
          young: 2,
          $version: 3,
        });
      },
    ),
    must('MQT-11', 'Of tags a device hears nothing.', sources.twins, async (hub) => {
      const device = await hub.createDevice();
      const mqtt = await hub.connectMqtt(device);
      await mqtt.subscribe('$iothub/twin/PATCH/properties/desired/#');
      await hub.prepare(`PATCH /twins/${device.deviceId}`, { body: { tags: { a: 1 } } });
      await mqtt.expectSilence();
    }),
    must(
      'MQT-12',
      'After UNSUBSCRIBE, which is acknowledged, a device hears nothing more.',
      mqtt311('MQTT-3.10.4-2'),
      async (hub) => {
        const device = await hub.createDevice();
        const mqtt = await hub.connectMqtt(device);
        const topic = '$iothub/twin/PATCH/properties/desired/#';
        await mqtt.subscribe(topic);
        mqtt.send({ cmd: 'unsubscribe', messageId: 5, unsubscriptions: [topic] });
        await mqtt.expect('unsuback', { messageId: 5 });
        await hub.prepare(`PATCH /twins/${device.deviceId}`, {
          body: { properties: { desired: { a: 1 } } },
        });
        await mqtt.expectSilence();
      },
    ),
    must(
      'MQT-13',
      'A device that connected without an api-version may not report: 400.',
      sources.mqtt,
      async (hub) => {
        const device = await hub.createDevice();
        const username = `${hub.target.hostName}/${device.deviceId}`;
        const mqtt = await hub.connectMqtt(device, { username });
        await mqtt.subscribe('$iothub/twin/res/#');
        mqtt.send(publish('$iothub/twin/PATCH/properties/reported/?$rid=6', '{"a":1}'));
        await mqtt.expectPublish('$iothub/twin/res/400/?$rid=6', { errorCode: 400004 });
      },
    ),
    must('MQT-14', 'A module has a twin of its own.', sources.modules, async (hub) => {
      const device = await hub.createDevice({
        twin: { properties: { desired: { of: 'device' } } },
      });
      const mqtt = await hub.connectMqtt(await hub.createModule(device));
      await mqtt.subscribe('$iothub/twin/res/#');
      mqtt.send(publish('$iothub/twin/GET/?$rid=1'));
      await mqtt.expectPublish('$iothub/twin/res/200/?$rid=1', {
        desired: { of: undefined, $version: 1 },
      });
    }),
  ],
};

export const mqttMessages: Area = {
  title: 'MQTT: telemetry, subscriptions and violations',
  checks: [
    must(
      'MQM-01',
      'Telemetry at QoS 1 is acknowledged, whatever properties its topic carries.',
      mqtt311('MQTT-4.3.2-2'),
      async (hub) => {
        const device = await hub.createDevice();
        const mqtt = await hub.connectMqtt(device);
        const events = `devices/${device.deviceId}/messages/events/`;
        for (const tail of ['', 'a=b&%24.ct=application%2Fjson', 'key&empty=', 'out=1/']) {
          mqtt.send(publish(`${events}${tail}`, '{"t":21}', 1));
          await mqtt.expect('puback', { messageId: 7 });
        }
      },
    ),
    must(
      'MQM-02',
      'Telemetry at QoS 0 has no answer, and the connection stays.',
      mqtt311('MQTT-4.3.1-1'),
      async (hub) => {
        const device = await hub.createDevice();
        const mqtt = await hub.connectMqtt(device);
        mqtt.send(publish(`devices/${device.deviceId}/messages/events/`, 'x'));
        await mqtt.expectSilence();
      },
    ),
    must('MQM-03', 'A message at QoS 2 ends the connection.', sources.mqtt, (hub) =>
      violate(hub, ({ deviceId }) => [`devices/${deviceId}/messages/events/`, 'x', 2]),
    ),
    must(
      'MQM-04',
      'A message on a topic that is not for devices ends the connection.',
      sources.mqtt,
      (hub) => violate(hub, () => ['elsewhere', 'x']),
    ),
    must(
      'MQM-05',
      "A message on another device's topic ends the connection.",
      sources.mqtt,
      (hub) => violate(hub, () => ['devices/another/messages/events/', 'x']),
    ),
    must('MQM-06', 'A message of more than 256 KB ends the connection.', sources.quotas, (hub) =>
      violate(hub, ({ deviceId }) => [
        `devices/${deviceId}/messages/events/`,
        'x'.repeat(256 * 1024 + 1),
      ]),
    ),
    must('MQM-07', 'What is no MQTT ends the connection.', sources.mqtt, async (hub) => {
      const mqtt = hub.openMqtt();
      mqtt.stream.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await mqtt.expectClosed();
    }),
    must('MQM-08', 'A subscription at QoS 2 is granted QoS 1.', sources.mqtt, async (hub) => {
      const device = await hub.createDevice();
      const mqtt = await hub.connectMqtt(device);
      await mqtt.subscribe(`devices/${device.deviceId}/messages/devicebound/#`, 2, 1);
    }),
    should(
      'MQM-09',
      'A subscription to what a device may not hear is refused with 0x80.',
      mqtt311('MQTT-3.8.4-5'),
      async (hub) => {
        const mqtt = await hub.connectMqtt(await hub.createDevice());
        await mqtt.subscribe('devices/another/messages/devicebound/#', 0, 0x80);
        await mqtt.subscribe('#', 0, 0x80);
        await mqtt.expectSilence();
      },
    ),
    must(
      'MQM-10',
      'Who is not subscribed to answers gets none, and is acknowledged all the same.',
      sources.mqtt,
      async (hub) => {
        const mqtt = await hub.connectMqtt(await hub.createDevice());
        mqtt.send(publish('$iothub/twin/GET/?$rid=1', '', 1));
        await mqtt.expect('puback', { messageId: 7 });
        await mqtt.expectSilence();
      },
    ),
    must('MQM-11', 'DISCONNECT ends the connection.', mqtt311('MQTT-3.14.4-1'), async (hub) => {
      const mqtt = await hub.connectMqtt(await hub.createDevice());
      mqtt.send({ cmd: 'disconnect' });
      await mqtt.expectClosed();
    }),
    should(
      'MQM-12',
      'A sixth subscription is refused with 0x80, until another is given up.',
      sources.mqtt,
      async (hub) => {
        const module = await hub.createModule(await hub.createDevice());
        const mqtt = await hub.connectMqtt(module);
        const path = `devices/${module.deviceId}/modules/${module.moduleId}`;
        await mqtt.subscribe('$iothub/twin/res/#');
        await mqtt.subscribe('$iothub/twin/PATCH/properties/desired/#');
        await mqtt.subscribe('$iothub/methods/POST/#');
        await mqtt.subscribe(`${path}/messages/devicebound/#`);
        await mqtt.subscribe(`${path}/inputs/#`);
        await mqtt.subscribe(`${path}/#`, 0, 0x80);
        await mqtt.subscribe(`${path}/inputs/#`, 1);
        mqtt.send({ cmd: 'unsubscribe', messageId: 5, unsubscriptions: [`${path}/inputs/#`] });
        await mqtt.expect('unsuback', { messageId: 5 });
        await mqtt.subscribe(`${path}/#`);
      },
    ),
    must(
      'MQM-13',
      'A module that subscribes to all that is for it gets the messages to it.',
      sources.mqtt,
      async (hub) => {
        const module = await hub.createModule(await hub.createDevice());
        const mqtt = await hub.connectMqtt(module);
        const path = `devices/${module.deviceId}/modules/${module.moduleId}`;
        await mqtt.subscribe(`${path}/#`, 1);
        const amqp = await hub.connectAmqp();
        await amqp.send({ to: `/${path}/messages/devicebound`, body: Buffer.from('hello') });
        const topic = new RegExp(`^${path}/messages/devicebound/`);
        await mqtt.expectPublish(topic, 'hello');
      },
      'amqp',
    ),
  ],
};
