import { type Area, may, must, should } from '../check.js';
import { sources } from '../sources.js';
import { type Answer, expectAnswer, expectRefusal } from '../support/http.js';
import type { Client, Hub } from '../support/hub.js';
import { expectMatch, type Pattern, readText } from '../support/match.js';
import { type MqttClient, publish } from '../support/mqtt.js';

const requestTopic = /^\$iothub\/methods\/POST\/reboot\/\?\$rid=[^&]+$/;

/** A device that hears methods. */
async function listen(hub: Hub, client?: Client): Promise<readonly [Client, MqttClient]> {
  const device = client ?? (await hub.createDevice());
  const mqtt = await hub.connectMqtt(device);
  await mqtt.subscribe('$iothub/methods/POST/#');
  return [device, mqtt];
}

function invoke(hub: Hub, { deviceId, moduleId }: Client, call: object = {}): Promise<Answer> {
  const path = moduleId === undefined ? '' : `/modules/${moduleId}`;
  const body = { methodName: 'reboot', payload: null, responseTimeoutInSeconds: 10, ...call };
  return hub.send(`POST /twins/${deviceId}${path}/methods`, { body });
}

/** Waits for the call, and answers it. */
async function respond(mqtt: MqttClient, status: number, payload: string): Promise<void> {
  const { topic } = await mqtt.expectPublish(requestTopic, null);
  mqtt.send(publish(topic.replace('POST/reboot', `res/${status}`), payload));
}

/** The newer envelope, as text in the older one. */
function expectNested(answer: Answer, status: number, code: string, inner: Pattern): void {
  expectAnswer(answer, {
    status,
    headers: { 'iothub-errorcode': code, 'content-type': 'application/json; charset=utf-8' },
    body: { ExceptionMessage: '' },
  });
  expectMatch(JSON.parse(readText(answer.body, 'Message')), inner, 'Message');
}

function refusedCall(id: string, what: string, call: object, source: string = sources.methods) {
  return must(id, `${what} is refused with 400004.`, source, async (hub) => {
    const device = await hub.createDevice();
    const inner = { errorCode: 400004, message: /./, trackingId: /^[0-9a-f]{32}$/ };
    expectNested(await invoke(hub, device, call), 400, 'ArgumentInvalid', inner);
  });
}

export const methods: Area = {
  title: 'Direct methods',
  checks: [
    must(
      'MTH-01',
      "A call is answered 200 with the device's status and payload.",
      sources.methods,
      async (hub) => {
        const [device, mqtt] = await listen(hub);
        const answer = invoke(hub, device);
        await respond(mqtt, 200, '{"done":true}');
        expectAnswer(await answer, { status: 200, body: { status: 200, payload: { done: true } } });
      },
    ),
    must(
      'MTH-02',
      "The device's status is its own: 500 from it is 200 from the hub.",
      sources.methods,
      async (hub) => {
        const [device, mqtt] = await listen(hub);
        const answer = invoke(hub, device);
        await respond(mqtt, 500, '"no"');
        expectAnswer(await answer, { status: 200, body: { status: 500, payload: 'no' } });
      },
    ),
    must(
      'MTH-03',
      'The device gets the payload as JSON; an omitted one as null.',
      sources.nodeDevice,
      async (hub) => {
        const [device, mqtt] = await listen(hub);
        const first = invoke(hub, device, { payload: { delay: [1] } });
        const { topic } = await mqtt.expectPublish(requestTopic, { delay: [1] });
        mqtt.send(publish(topic.replace('POST/reboot', 'res/200')));
        expectAnswer(await first, { status: 200, body: { status: 200, payload: null } });
        const second = invoke(hub, device, { payload: undefined });
        await respond(mqtt, 200, '');
        expectAnswer(await second, { status: 200 });
      },
    ),
    must(
      'MTH-04',
      'A device that does not exist is refused with 404 and 404001.',
      sources.errors,
      async (hub) => {
        const answer = await invoke(hub, { deviceId: hub.newId(), key: '', etag: '' });
        expectNested(answer, 404, 'DeviceNotFound', { errorCode: 404001 });
      },
    ),
    must(
      'MTH-05',
      'A device that is not connected is refused with 404 and 404103, nested in the envelope.',
      sources.observed,
      async (hub) => {
        const answer = await invoke(hub, await hub.createDevice());
        expectNested(answer, 404, 'DeviceNotOnline', {
          errorCode: 404103,
          trackingId: /^[0-9a-f]{32}$/,
          message:
            "The operation failed because the requested device isn't online or hasn't registered the direct method callback.",
          info: {},
          timestampUtc: /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/,
        });
      },
    ),
    must(
      'MTH-06',
      'A device that is connected but has not subscribed to methods is refused with 404103, too.',
      sources.errors,
      async (hub) => {
        const device = await hub.createDevice();
        await hub.connectMqtt(device);
        expectNested(await invoke(hub, device), 404, 'DeviceNotOnline', { errorCode: 404103 });
      },
    ),
    must(
      'MTH-07',
      'A device that does not answer in time is refused with 504 and 504101.',
      sources.errors,
      async (hub) => {
        const [device, mqtt] = await listen(hub);
        const answer = invoke(hub, device, { responseTimeoutInSeconds: 5 });
        await mqtt.expectPublish(requestTopic, null);
        expectNested(await answer, 504, 'GatewayTimeout', {
          errorCode: 504101,
          message: 'Timed out waiting for the response from device.',
        });
      },
    ),
    should(
      'MTH-08',
      'A device that leaves before it answers is refused with 404 and 404104.',
      sources.errors,
      async (hub) => {
        const [device, mqtt] = await listen(hub);
        const answer = invoke(hub, device);
        await mqtt.expectPublish(requestTopic, null);
        mqtt.close();
        expectNested(await answer, 404, 'DeviceConnectionClosedRemotely', { errorCode: 404104 });
      },
    ),
    must(
      'MTH-09',
      'connectTimeoutInSeconds waits for the device to come.',
      sources.methods,
      async (hub) => {
        const device = await hub.createDevice();
        const answer = invoke(hub, device, { connectTimeoutInSeconds: 10 });
        const [, mqtt] = await listen(hub, device);
        await respond(mqtt, 200, '1');
        expectAnswer(await answer, { status: 200, body: { status: 200, payload: 1 } });
      },
    ),
    must('MTH-10', 'A module has methods of its own.', sources.modules, async (hub) => {
      const module = await hub.createModule(await hub.createDevice());
      const [, mqtt] = await listen(hub, module);
      const answer = invoke(hub, module);
      await respond(mqtt, 201, '"module"');
      expectAnswer(await answer, { status: 200, body: { status: 201, payload: 'module' } });
    }),
    may(
      'MTH-11',
      'A device that is disabled is refused with 404103.',
      sources.errors,
      async (hub) => {
        const device = await hub.createDevice({ identity: { status: 'disabled' } });
        expectNested(await invoke(hub, device), 404, 'DeviceNotOnline', { errorCode: 404103 });
      },
    ),
    may(
      'MTH-12',
      'An answer of the device that is no JSON is refused with 502.',
      sources.nodeService,
      async (hub) => {
        const [device, mqtt] = await listen(hub);
        const answer = invoke(hub, device);
        await respond(mqtt, 200, 'not json');
        expectAnswer(await answer, { status: 502, body: { ExceptionMessage: '' } });
      },
    ),
    must(
      'MTH-13',
      'An answer to another request is no answer to this one.',
      sources.mqtt,
      async (hub) => {
        const [device, mqtt] = await listen(hub);
        const answer = invoke(hub, device);
        mqtt.send(publish('$iothub/methods/res/200/?$rid=no-such-request', '"other"'));
        await respond(mqtt, 200, '"mine"');
        expectAnswer(await answer, { status: 200, body: { payload: 'mine' } });
      },
    ),
    refusedCall('MTH-20', 'A response timeout under 5 s', { responseTimeoutInSeconds: 4 }),
    refusedCall('MTH-21', 'A response timeout over 300 s', { responseTimeoutInSeconds: 301 }),
    refusedCall(
      'MTH-22',
      'A connect timeout over the response timeout',
      { connectTimeoutInSeconds: 11 },
      sources.observed,
    ),
    refusedCall('MTH-23', 'A method name with a slash', { methodName: 'a/b' }),
    refusedCall('MTH-24', 'A missing method name', { methodName: undefined }),
    refusedCall('MTH-25', 'A payload of more than 128 KB', { payload: 'x'.repeat(131_072) }),
    must(
      'MTH-26',
      'A body that is no JSON is refused with 400004.',
      sources.errors,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const answer = await hub.send(`POST /twins/${deviceId}/methods`, { body: '{' });
        expectNested(answer, 400, 'ArgumentInvalid', { errorCode: 400004 });
      },
    ),
    must(
      'MTH-27',
      'Before it comes to the method, a refusal of the caller has the plain envelope.',
      sources.errors,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const answer = await hub.send(`POST /twins/${deviceId}/methods`, {
          body: { methodName: 'reboot' },
          authorization: 'SharedAccessSignature sr=x&sig=x&se=1',
        });
        expectRefusal(answer, 401, 'IotHubUnauthorizedAccess');
      },
    ),
  ],
};
