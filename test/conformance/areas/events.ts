import { type Area, must, should } from '../check.js';
import { mqtt311, sources } from '../sources.js';
import { expectAnswer } from '../support/http.js';
import type { Client, Hub, Will } from '../support/hub.js';
import { publish } from '../support/mqtt.js';

/** A device that has sent a message, which the hub has acknowledged. */
async function say(hub: Hub, tail: string, body = 'x', retain = false): Promise<Client> {
  const device = await hub.createDevice();
  const mqtt = await hub.connectMqtt(device);
  const topic = `devices/${device.deviceId}/messages/events/${tail}`;
  mqtt.send({ ...publish(topic, body, 1), retain });
  await mqtt.expect('puback', { messageId: 7 });
  return device;
}

function willOf({ deviceId }: Client, fields: Partial<Will> = {}): Will {
  const topic = `devices/${deviceId}/messages/events/reason=lost`;
  return { topic, payload: Buffer.from('gone'), qos: 1, retain: false, ...fields };
}

export const events: Area = {
  title: 'Device-to-cloud messages as they arrive',
  checks: [
    must(
      'EVT-01',
      'A message arrives with its body, and says who sent it, how that was proved, and when.',
      sources.events,
      async (hub) => {
        const device = await say(hub, '', '{"t":21}');
        expectAnswer(await hub.readEvents(device, 1), {
          status: 200,
          body: {
            events: [
              {
                body: '{"t":21}',
                properties: { 'iothub-MessageType': undefined },
                annotations: {
                  'iothub-connection-device-id': device.deviceId,
                  'iothub-connection-module-id': undefined,
                  'iothub-connection-auth-method':
                    '{"scope":"device","type":"sas","issuer":"iothub","acceptingIpFilterRule":null}',
                  'iothub-connection-auth-generation-id': /./,
                  'iothub-message-source': 'Telemetry',
                },
              },
            ],
          },
        });
      },
      'events',
    ),
    must(
      'EVT-02',
      'Properties in the topic are decoded, those of the system apart; one may be empty, or have no value.',
      sources.mqtt,
      async (hub) => {
        const device = await say(
          hub,
          '%24.mid=m%201&%24.cid=c&%24.ct=application%2Fjson&%24.ce=utf-8&gr%C3%BCn=a%26b&empty=&none',
        );
        expectAnswer(await hub.readEvents(device, 1), {
          status: 200,
          body: {
            events: [
              {
                properties: { grün: 'a&b', empty: '', none: null, '$.mid': undefined },
                systemProperties: {
                  'message-id': 'm 1',
                  'correlation-id': 'c',
                  'content-type': 'application/json',
                  'content-encoding': 'utf-8',
                },
              },
            ],
          },
        });
      },
      'events',
    ),
    must(
      'EVT-03',
      'A retained message is not kept for later, and arrives with the property mqtt-retain.',
      sources.mqtt,
      async (hub) => {
        const device = await say(hub, 'a=b', 'x', true);
        expectAnswer(await hub.readEvents(device, 1), {
          status: 200,
          body: { events: [{ body: 'x', properties: { a: 'b', 'mqtt-retain': 'true' } }] },
        });
      },
      'events',
    ),
    must(
      'EVT-04',
      'What a module sends by an output names the module.',
      sources.modules,
      async (hub) => {
        const { deviceId, ...module } = await hub.createModule(await hub.createDevice());
        const mqtt = await hub.connectMqtt({ deviceId, ...module });
        const events = `devices/${deviceId}/modules/${module.moduleId}/messages/events`;
        mqtt.send(publish(`${events}/%24.on=alarms/`, 'x', 1));
        await mqtt.expect('puback', { messageId: 7 });
        expectAnswer(await hub.readEvents({ deviceId }, 1), {
          status: 200,
          body: {
            events: [
              {
                properties: { '$.on': undefined },
                annotations: {
                  'iothub-connection-device-id': deviceId,
                  'iothub-connection-module-id': 'm1',
                  'iothub-connection-auth-method': /"scope":"module"/,
                },
              },
            ],
          },
        });
      },
      'events',
    ),
    must(
      'EVT-05',
      'The messages of a device arrive in their order, in one partition.',
      sources.events,
      async (hub) => {
        const device = await hub.createDevice();
        const mqtt = await hub.connectMqtt(device);
        for (const body of ['one', 'two', 'three']) {
          mqtt.send(publish(`devices/${device.deviceId}/messages/events/`, body, 1));
          await mqtt.expect('puback', { messageId: 7 });
        }
        const answer = await hub.readEvents(device, 3);
        expectAnswer(answer, {
          status: 200,
          body: { events: [{ body: 'one' }, { body: 'two' }, { body: 'three' }] },
        });
      },
      'events',
    ),
    must(
      'EVT-06',
      'When the connection of a device is lost, its will arrives as a message marked Will.',
      sources.mqtt,
      async (hub) => {
        const device = await hub.createDevice();
        const mqtt = await hub.connectMqtt(device, { will: willOf(device) });
        mqtt.close();
        expectAnswer(await hub.readEvents(device, 1), {
          status: 200,
          body: {
            events: [
              { body: 'gone', properties: { reason: 'lost', 'iothub-MessageType': 'Will' } },
            ],
          },
        });
      },
      'events',
    ),
    must(
      'EVT-07',
      'After DISCONNECT the will is void.',
      mqtt311('MQTT-3.14.4-3'),
      async (hub) => {
        const device = await hub.createDevice();
        const first = await hub.connectMqtt(device, { will: willOf(device) });
        first.send({ cmd: 'disconnect' });
        await first.expectClosed();
        const second = await hub.connectMqtt(device);
        second.send(publish(`devices/${device.deviceId}/messages/events/`, 'after', 1));
        await second.expect('puback', {});
        expectAnswer(await hub.readEvents(device, 1), {
          status: 200,
          body: { events: [{ body: 'after' }] },
        });
      },
      'events',
    ),
    must(
      'EVT-08',
      'The will of a connection arrives when a newer one of the same device takes its place.',
      mqtt311('MQTT-3.1.2-8'),
      async (hub) => {
        const device = await hub.createDevice();
        await hub.connectMqtt(device, { will: willOf(device, { retain: true }) });
        await hub.connectMqtt(device);
        expectAnswer(await hub.readEvents(device, 1), {
          status: 200,
          body: {
            events: [
              { body: 'gone', properties: { 'iothub-MessageType': 'Will', 'mqtt-retain': 'true' } },
            ],
          },
        });
      },
      'events',
    ),
    should(
      'EVT-09',
      'A will that the device could not send itself is refused at CONNECT.',
      sources.mqtt,
      async (hub) => {
        const device = await hub.createDevice();
        for (const fields of [{ topic: 'elsewhere' }, { qos: 2 }] as const) {
          const mqtt = hub.startMqtt(device, { will: willOf(device, fields) });
          await mqtt.expect('connack', { returnCode: 5 });
          await mqtt.expectClosed();
        }
      },
    ),
  ],
};
