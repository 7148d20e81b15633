import { type Area, must, should } from '../check.js';
import { amqp10, mqtt311, sources } from '../sources.js';
import { type Answer, expectAnswer, expectRefusal } from '../support/http.js';
import type { Hub } from '../support/hub.js';
import { expectMatch, fail, read } from '../support/match.js';
import { within } from '../support/mqtt.js';

function addressOf(deviceId: string): string {
  return `/devices/${deviceId}/messages/devicebound`;
}

/** Sends bytes, as the SDKs do, with what else the message is to have. */
async function send(hub: Hub, deviceId: string, body: string, fields: object = {}) {
  const amqp = await hub.connectAmqp();
  return await amqp.send({ to: addressOf(deviceId), body: Buffer.from(body), ...fields });
}

const feedbackPath = '/messages/serviceBound/feedback';
const feedbackType = 'application/vnd.microsoft.iothub.feedback.json';

/**
 * The feedback on a message to the device that `cause` names. Feedback is one queue for the whole hub: who receives it
 * takes it from all others.
 */
function receiveFeedback(hub: Hub, cause: () => Promise<string>): Promise<readonly unknown[]> {
  return hub.alone('feedback', async () => {
    const deviceId = await cause();
    const amqp = await hub.connectAmqp();
    const arrival = new Promise<readonly unknown[]>((resolve) => {
      amqp.listen(feedbackPath, (body) => {
        const mine = findRecords(JSON.parse(body), deviceId);
        if (mine.length > 0) resolve(mine);
      });
    });
    try {
      return await within(arrival, hub.target.patienceMs, 'no feedback came');
    } finally {
      await amqp.close();
    }
  });
}

/** A message that was dropped, and whose sender wants to hear of that. */
async function dropMessage(hub: Hub): Promise<string> {
  const { deviceId } = await hub.createDevice();
  await send(hub, deviceId, 'x', {
    message_id: deviceId,
    application_properties: { 'iothub-ack': 'negative' },
  });
  await hub.prepare(`DELETE /devices/${deviceId}/commands`);
  return deviceId;
}

/** The answer that brings a device's feedback. What other devices' there is goes with it. */
async function askForFeedback(hub: Hub, deviceId: string): Promise<Answer> {
  const isMine = (body: unknown) => findRecords(body, deviceId).length > 0;
  const answer = await hub.sendUntil(`GET ${feedbackPath}`, isMine);
  const headers = { etag: /^"[^"]+"$/, 'content-type': feedbackType };
  const record = { originalMessageId: deviceId, statusCode: 'Purged', description: /./ };
  expectAnswer(answer, { status: 200, headers });
  expectMatch(findRecords(answer.body, deviceId), [record], 'feedback');
  return answer;
}

function findRecords(batch: unknown, deviceId: string): readonly unknown[] {
  if (!Array.isArray(batch)) return [];
  return batch.filter((record) => read(record, 'deviceId') === deviceId);
}

function formatLock({ headers }: Answer): string {
  return `${feedbackPath}/${String(headers.etag).slice(1, -1)}`;
}

export const messages: Area = {
  title: 'Cloud-to-device messages and AMQP',
  checks: [
    must(
      'AMQ-01',
      'A token that is put is answered with status code 200 under the id of the request.',
      sources.amqp,
      async (hub) => {
        const amqp = hub.openAmqp();
        expectMatch(await amqp.putToken(hub.token()), 200, 'status-code');
      },
      'amqp',
    ),
    must(
      'AMQ-02',
      'A token that is not to be believed is answered with status code 401.',
      sources.amqp,
      async (hub) => {
        const amqp = hub.openAmqp();
        const token = hub.token().replace(/&sig=[^&]*/, `&sig=${'A'.repeat(43)}%3D`);
        expectMatch(await amqp.putToken(token), 401, 'status-code');
      },
      'amqp',
    ),
    must(
      'AMQ-03',
      'Without a token, a link is refused with amqp:unauthorized-access.',
      amqp10('5.1'),
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const outcome = await hub.openAmqp().send({ to: addressOf(deviceId), body: 'x' });
        expectMatch(outcome, 'refused amqp:unauthorized-access', 'outcome');
      },
      'amqp',
    ),
    must(
      'AMQ-04',
      'A link to a node that does not exist is refused with amqp:not-found.',
      amqp10('2.8.15'),
      async (hub) => {
        const amqp = await hub.connectAmqp();
        expectMatch(await amqp.tryReceive('/messages/nowhere'), 'amqp:not-found', 'condition');
      },
      'amqp',
    ),
    must(
      'AMQ-05',
      'A message to a device is accepted.',
      amqp10('3.4.2'),
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        expectMatch(await send(hub, deviceId, 'x'), 'accepted', 'outcome');
      },
      'amqp',
    ),
    must(
      'AMQ-06',
      'A message to a device that does not exist is rejected with amqp:not-found.',
      sources.nodeService,
      async (hub) => {
        const outcome = await send(hub, hub.newId(), 'x');
        expectMatch(outcome, 'rejected amqp:not-found', 'outcome');
      },
      'amqp',
    ),
    must(
      'AMQ-07',
      'The policy registryRead may not send.',
      sources.access,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const amqp = hub.openAmqp();
        await amqp.putToken(hub.token({ policy: 'registryRead' }));
        const outcome = await amqp.send({ to: addressOf(deviceId), body: 'x' });
        expectMatch(outcome, 'refused amqp:unauthorized-access', 'outcome');
      },
      'amqp',
      'policies',
    ),
    must(
      'C2D-01',
      'A device gets the message with its properties in the topic, those of the system under $.',
      sources.mqtt,
      async (hub) => {
        const device = await hub.createDevice();
        const mqtt = await hub.connectMqtt(device);
        await mqtt.subscribe(`${addressOf(device.deviceId).slice(1)}/#`, 1);
        await send(hub, device.deviceId, 'grüße', {
          message_id: 'm 1',
          correlation_id: 'c-1',
          content_type: 'text/plain',
          application_properties: { 'colour & more': 'blau/grün' },
        });
        const to = encodeURIComponent(`/devices/${device.deviceId}/messages/deviceBound`);
        const bag = [
          '%24.mid=m%201',
          '%24.cid=c-1',
          `%24.to=${to}`,
          '%24.ct=text%2Fplain',
          'colour%20%26%20more=blau%2Fgr%C3%BCn',
        ];
        const { topic } = await mqtt.expectPublish(
          new RegExp(`^devices/${device.deviceId}/messages/devicebound/`),
          'grüße',
        );
        const fields = topic.split('/messages/devicebound/')[1]?.split('&') ?? [];
        expectMatch([...fields].sort(), [...bag].sort(), 'topic');
      },
      'amqp',
    ),
    must(
      'C2D-02',
      'Messages wait for a device that is away, and come in their order.',
      sources.messages,
      async (hub) => {
        const device = await hub.createDevice();
        await send(hub, device.deviceId, 'one');
        await send(hub, device.deviceId, 'two');
        expectAnswer(await hub.send(`GET /devices/${device.deviceId}`), {
          status: 200,
          body: { cloudToDeviceMessageCount: 2 },
        });
        const mqtt = await hub.connectMqtt(device);
        await mqtt.subscribe(`${addressOf(device.deviceId).slice(1)}/#`);
        await mqtt.expectPublish(/devicebound/, 'one');
        await mqtt.expectPublish(/devicebound/, 'two');
      },
      'amqp',
    ),
    must(
      'C2D-03',
      'What a device has not acknowledged comes again when it is back.',
      mqtt311('MQTT-4.4.0-1'),
      async (hub) => {
        const device = await hub.createDevice();
        const first = await hub.connectMqtt(device, { clean: false });
        await first.subscribe(`${addressOf(device.deviceId).slice(1)}/#`, 1);
        await send(hub, device.deviceId, 'important');
        await first.expectPublish(/devicebound/, 'important');
        first.close();
        const second = await hub.connectMqtt(device, { clean: false });
        const { messageId = 0 } = await second.expectPublish(/devicebound/, 'important');
        second.send({ cmd: 'puback', messageId });
        const line = `GET /devices/${device.deviceId}`;
        await hub.until(line, (body) => read(body, 'cloudToDeviceMessageCount') === 0);
        expectAnswer(await hub.send(line), {
          status: 200,
          body: { cloudToDeviceMessageCount: 0 },
        });
      },
      'amqp',
    ),
    must(
      'C2D-04',
      'A purge answers how many messages it dropped.',
      sources.rest,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        await send(hub, deviceId, 'one');
        await send(hub, deviceId, 'two');
        expectAnswer(await hub.send(`DELETE /devices/${deviceId}/commands`), {
          status: 200,
          body: { totalMessagesPurged: 2, deviceId, moduleId: null },
        });
        expectAnswer(await hub.send(`DELETE /devices/${deviceId}/commands`), {
          status: 200,
          body: { totalMessagesPurged: 0 },
        });
      },
      'amqp',
    ),
    must(
      'C2D-05',
      'Who asks for full feedback hears that the device has the message.',
      sources.messages,
      async (hub) => {
        const device = await hub.createDevice();
        const mqtt = await hub.connectMqtt(device);
        await mqtt.subscribe(`${addressOf(device.deviceId).slice(1)}/#`);
        const records = await receiveFeedback(hub, async () => {
          await send(hub, device.deviceId, 'x', {
            message_id: device.deviceId,
            application_properties: { 'iothub-ack': 'full' },
          });
          return device.deviceId;
        });
        expectMatch(
          records,
          [
            {
              originalMessageId: device.deviceId,
              deviceGenerationId: /./,
              deviceId: device.deviceId,
              enqueuedTimeUtc: /^20\d\d-/,
              statusCode: 'Success',
              description: 'Success',
            },
          ],
          'feedback',
        );
      },
      'amqp',
    ),
    should(
      'C2D-06',
      'Feedback on a purged message says Purged.',
      sources.messages,
      async (hub) => {
        const records = await receiveFeedback(hub, () => dropMessage(hub));
        expectMatch(records, [{ originalMessageId: /./, statusCode: 'Purged' }], 'feedback');
      },
      'amqp',
    ),
    must(
      'C2D-07',
      'The 51st message that waits is rejected with amqp:resource-limit-exceeded.',
      sources.quotas,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const amqp = await hub.connectAmqp();
        const message = { to: addressOf(deviceId), body: Buffer.from('x') };
        for (let sent = 0; sent < 50; sent += 1) {
          expectMatch(await amqp.send(message), 'accepted', `outcome ${sent}`);
        }
        const outcome = await amqp.send(message);
        expectMatch(outcome, 'rejected amqp:resource-limit-exceeded', 'outcome');
      },
      'amqp',
    ),
    must(
      'C2D-08',
      'A message of more than 64 KB is rejected.',
      sources.quotas,
      async (hub) => {
        const { deviceId } = await hub.createDevice();
        const outcome = await send(hub, deviceId, 'x'.repeat(64 * 1024 + 1));
        expectMatch(outcome, /^rejected /, 'outcome');
      },
      'amqp',
    ),
    should(
      'C2D-09',
      'A message whose time is over is not delivered.',
      sources.messages,
      async (hub) => {
        const device = await hub.createDevice();
        await send(hub, device.deviceId, 'late', { absolute_expiry_time: Date.now() + 20 });
        const line = `GET /devices/${device.deviceId}`;
        await hub.until(line, (body) => read(body, 'cloudToDeviceMessageCount') === 0);
        const mqtt = await hub.connectMqtt(device);
        await mqtt.subscribe(`${addressOf(device.deviceId).slice(1)}/#`);
        await mqtt.expectSilence();
      },
      'amqp',
    ),
    must(
      'C2D-10',
      'What waits for a device that is deleted is not for another of the same id.',
      sources.registry,
      async (hub) => {
        const device = await hub.createDevice();
        const path = `/devices/${device.deviceId}`;
        await send(hub, device.deviceId, 'for the old one');
        await hub.prepare(`DELETE ${path}`, { headers: { 'If-Match': '*' } });
        await hub.prepare(`PUT ${path}`, { body: { deviceId: device.deviceId } });
        expectAnswer(await hub.send(`DELETE ${path}/commands`), {
          status: 200,
          body: { totalMessagesPurged: 0 },
        });
      },
      'amqp',
    ),
    must(
      'C2D-11',
      'Over HTTPS feedback comes with a lock token in its ETag, and by that is completed.',
      sources.rest,
      (hub) =>
        hub.alone('feedback', async () => {
          const lock = formatLock(await askForFeedback(hub, await dropMessage(hub)));
          expectAnswer(await hub.send(`DELETE ${lock}`), { status: 204 });
          expectRefusal(await hub.send(`DELETE ${lock}`), 412, 'DeviceMessageLockLost');
        }),
      'amqp',
    ),
    must(
      'C2D-12',
      'Feedback that is abandoned comes again, under another lock.',
      sources.rest,
      (hub) =>
        hub.alone('feedback', async () => {
          const deviceId = await dropMessage(hub);
          const lock = formatLock(await askForFeedback(hub, deviceId));
          expectAnswer(await hub.send(`POST ${lock}/abandon`), { status: 204 });
          const again = formatLock(await askForFeedback(hub, deviceId));
          if (again === lock) fail(again, 'another lock', 'lock');
          expectAnswer(await hub.send(`DELETE ${again}`), { status: 204 });
        }),
      'amqp',
    ),
    must(
      'C2D-13',
      'A lock that is not there, or no more, is refused with 412 DeviceMessageLockLost.',
      sources.errors,
      async (hub) => {
        const lost = '11111111-2222-3333-4444-555555555555';
        const complete = await hub.send(`DELETE ${feedbackPath}/${lost}`);
        expectRefusal(complete, 412, 'DeviceMessageLockLost');
        const abandon = await hub.send(`POST ${feedbackPath}/${lost}/abandon`);
        expectRefusal(abandon, 412, 'DeviceMessageLockLost');
      },
    ),
  ],
};
