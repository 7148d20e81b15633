import { once } from 'node:events';
import azureIotCommon from 'azure-iot-common';
import azureIothub from 'azure-iothub';
import rhea from 'rhea';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectDevice } from './support/device.js';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { connectMqtt, type MqttClient } from './support/mqtt.js';
import { rejectionOf } from './support/rejection.js';
import { createServiceToken } from './support/service.js';
import { createStillClock } from './support/still-clock.js';

// The SDK's WebSocket transport dials 443 and nothing else, and its AMQP trusts the process's CAs.
await import('../support/hub-ports.cjs' as string);

describe.each([
  ['AMQP', azureIothub.Client.fromConnectionString, 'Amqp'],
  ['AMQP over WebSocket', azureIothub.Client.fromConnectionString, 'AmqpWs'],
] as const)('messages to devices over %s', (_, fromConnectionString, transport) => {
  let emulator: TestEmulator;
  let client: azureIothub.Client;
  let count = 0;

  beforeAll(async () => {
    emulator = await startTestEmulator({ amqpPort: 0 });
    process.env['HUB_PORTS'] = `443=${emulator.httpsPort},5671=${emulator.amqpPort}`;
    process.env['HUB_CA'] = emulator.caFile;
    const { AmqpWs } = await import('azure-iothub/dist/amqp_ws.js');
    client =
      transport === 'Amqp'
        ? fromConnectionString(emulator.sdkConnectionString)
        : fromConnectionString(emulator.sdkConnectionString, AmqpWs);
    client.setRetryPolicy(new azureIotCommon.NoRetry());
    await client.open();
  });
  afterAll(async () => {
    await client.close();
    await emulator[Symbol.asyncDispose]();
  });

  function register() {
    const deviceId = `d${++count}`;
    return { deviceId, connectionString: emulator.registerDevice(deviceId) };
  }

  const queued = async (deviceId: string) =>
    (await send(emulator, `GET /devices/${deviceId}`)).json.cloudToDeviceMessageCount;

  async function listen(connectionString: string, deviceId: string, qos: 0 | 1) {
    const device = await connectMqtt(emulator, connectionString, { clean: false });
    await device.next();
    device.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: `devices/${deviceId}/messages/devicebound/#`, qos }],
    });
    await device.next();
    return device;
  }

  function acknowledge(device: MqttClient, messageId: number | undefined): void {
    device.send({ cmd: 'puback', messageId: messageId ?? 0 });
  }

  test('reach the official device SDK with their properties, and are gone once it completed them', async () => {
    const { deviceId, connectionString } = register();
    await using device = await connectDevice(emulator, connectionString);
    const arrived = new Promise<azureIotCommon.Message>((resolve) => {
      device.client.on('message', (message) => {
        device.client.complete(message, () => resolve(message));
      });
    });
    const message = new azureIotCommon.Message('grüße');
    message.messageId = 'm-1';
    message.contentType = 'application/json';
    message.properties.add('colour & more', 'blau/grün');
    await client.send(deviceId, message);

    const received = await arrived;

    expect(received.getData().toString()).toBe('grüße');
    expect(received.messageId).toBe('m-1');
    expect(received.contentType).toBe('application/json');
    expect(received.properties.getItem(0)).toEqual({ key: 'colour & more', value: 'blau/grün' });
    await vi.waitUntil(async () => (await queued(deviceId)) === 0);
  });

  test('wait for a device that is away, in their order', async () => {
    const { deviceId, connectionString } = register();
    await client.send(deviceId, 'one');
    await client.send(deviceId, 'two');
    const waiting = await queued(deviceId);
    await using device = await listen(connectionString, deviceId, 0);

    const bodies = [await device.nextPublish(), await device.nextPublish()].map(({ payload }) =>
      String(payload),
    );

    expect(waiting).toBe(2);
    expect(bodies).toEqual(['one', 'two']);
    expect(await queued(deviceId)).toBe(0);
  });

  test('come again after a reconnect until they are acknowledged', async () => {
    const { deviceId, connectionString } = register();
    await client.send(deviceId, 'important');
    const first = await listen(connectionString, deviceId, 1);
    await first.nextPublish();
    await first[Symbol.asyncDispose]();
    await using second = await connectMqtt(emulator, connectionString, { clean: false });
    const again = await second.nextPublish(); // the kept session listens already
    acknowledge(second, again.messageId);

    expect(again).toMatchObject({ qos: 1, payload: Buffer.from('important') });
    await vi.waitUntil(async () => (await queued(deviceId)) === 0);
  });

  test('bring feedback to the service that asked for it', async () => {
    const { deviceId, connectionString } = register();
    const receiver = await openFeedback(client);
    const heard = new Promise<azureIotCommon.Message>((resolve) => {
      receiver.on('message', (feedback) => {
        receiver.complete(feedback, () => resolve(feedback));
      });
    });
    const message = new azureIotCommon.Message('x');
    message.ack = 'full';
    message.messageId = 'asked';
    await using device = await listen(connectionString, deviceId, 0);
    await client.send(deviceId, message);
    await device.nextPublish();

    expect(JSON.parse(String((await heard).getData()))).toMatchObject([
      { originalMessageId: 'asked', deviceId, statusCode: 'Success' },
    ]);
  });

  test('to an unknown device are refused as such', async () => {
    const error = await rejectionOf(client.send('nobody', 'x'));

    expect(error.name).toBe('DeviceNotFoundError');
  });

  test('are at most 50 a device, and can be purged', async () => {
    const { deviceId } = register();
    for (let index = 0; index < 50; index += 1) await client.send(deviceId, 'x');
    const error = await rejectionOf(client.send(deviceId, 'x'));
    const purged = await send(emulator, `DELETE /devices/${deviceId}/commands`);

    expect(error.name).toBe('DeviceMaximumQueueDepthExceededError');
    expect(purged.json).toEqual({ totalMessagesPurged: 50, deviceId, moduleId: null });
    expect(await queued(deviceId)).toBe(0);
  });
});

type StartSasl = (error: undefined, response: string) => void;
type FeedbackReceiver = azureIothub.Client.ServiceReceiver;

function openFeedback(client: azureIothub.Client): Promise<FeedbackReceiver> {
  return new Promise((resolve, reject) => {
    client.getFeedbackReceiver((error, receiver) =>
      receiver === undefined ? reject(error) : resolve(receiver),
    );
  });
}

describe('feedback over HTTPS', () => {
  const path = '/messages/serviceBound/feedback';

  test('is handed out once, locked for a minute, and offered again when that is over', async () => {
    const time = createStillClock();
    await using emulator = await startTestEmulator({ amqpPort: 0, clock: time.clock });
    const none = await send(emulator, `GET ${path}`);
    emulator.registerDevice('d');
    process.env['HUB_PORTS'] = `5671=${emulator.amqpPort}`;
    process.env['HUB_CA'] = emulator.caFile;
    const client = azureIothub.Client.fromConnectionString(emulator.sdkConnectionString);
    await client.open();
    const message = new azureIotCommon.Message('x');
    message.ack = 'full';
    message.messageId = 'm-1';
    await client.send('d', message);
    await client.close();
    await send(emulator, 'DELETE /devices/d/commands');

    const first = await send(emulator, `GET ${path}`);
    const locked = await send(emulator, `GET ${path.toLowerCase()}`);
    time.pass(60_000);
    const late = await send(emulator, `DELETE ${path}/${first.headers.etag?.slice(1, -1)}`);
    const second = await send(emulator, `GET ${path}`);
    const quoted = encodeURIComponent(second.headers.etag ?? '');
    const completed = await send(emulator, `DELETE ${path}/${quoted}`);

    expect([none.status, locked.status]).toEqual([204, 204]);
    expect(first.json).toMatchObject([{ originalMessageId: 'm-1', statusCode: 'Purged' }]);
    expect([late.status, late.headers['iothub-errorcode']]).toEqual([412, 'DeviceMessageLockLost']);
    expect(second.json).toEqual(first.json);
    expect(completed.status).toBe(204);
    expect((await send(emulator, `GET ${path}`)).status).toBe(204);
  });

  test('is for services alone', async () => {
    await using emulator = await startTestEmulator();
    const authorization = createServiceToken('registryReadWrite');

    expect((await send(emulator, `GET ${path}`, { authorization })).status).toBe(401);
  });
});

describe('the AMQP port', () => {
  test('refuses a service whose token is wrong or may not send', async () => {
    await using emulator = await startTestEmulator({ amqpPort: 0 });
    process.env['HUB_PORTS'] = `5671=${emulator.amqpPort}`;
    process.env['HUB_CA'] = emulator.caFile;
    for (const [policy, key] of [
      ['registryRead', 'dHdpbnFsLWVtdWxhdG9yL3JlZ2lzdHJ5UmVhZC4uLi4='],
      ['service', Buffer.alloc(32).toString('base64')],
    ]) {
      const client = azureIothub.Client.fromConnectionString(
        `HostName=localhost;SharedAccessKeyName=${policy};SharedAccessKey=${key}`,
      );
      client.setRetryPolicy(new azureIotCommon.NoRetry());

      const error = await rejectionOf(client.open());

      expect(Reflect.get(error, 'amqpError')).toMatchObject({ name: 'UnauthorizedError' });
    }
  });

  test('opens a link before it sends feedback over it, to a client that was quick to ask', async () => {
    await using emulator = await startTestEmulator({ amqpPort: 0 });
    const connectionString = emulator.registerDevice('d');
    const { ca, amqpPort: port = 0 } = emulator;
    const connection = rhea.create_container().connect({
      ...({ transport: 'tls', ca } as const),
      ...{ host: 'localhost', port, reconnect: false },
    });
    const tokens = connection.open_sender('$cbs');
    connection.open_receiver('$cbs');
    await once(tokens, 'sendable');
    tokens.send({ message_id: '1', body: createServiceToken('service') });
    await once(connection, 'message');
    const service = connection.open_sender('/messages/devicebound');
    await once(service, 'sendable');
    service.send({
      to: '/devices/d/messages/devicebound',
      message_id: 'asked',
      application_properties: { 'iothub-ack': 'full' },
      body: 'x',
    });
    await using device = await connectMqtt(emulator, connectionString, { clean: false });
    await device.next();
    device.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: 'devices/d/messages/devicebound/#', qos: 0 }],
    });
    await device.next();
    await device.nextPublish();
    const session = connection.create_session();
    session.begin();
    const receiver = session.open_receiver({
      source: '/messages/serviceBound/feedback',
      credit_window: 0,
    });
    receiver.add_credit(1); // in the same breath, as Java's SDK does
    const [{ message }] = await once(receiver, 'message');
    connection.close();

    expect(JSON.parse(String(message.body.content))).toMatchObject([
      { originalMessageId: 'asked' },
    ]);
  });

  // Python's AMQP library asks for this mechanism, and takes a link for refused whose other end is not named.
  test('lets a client in by MSSBCBS, and names both ends of its links', async () => {
    await using emulator = await startTestEmulator({ amqpPort: 0 });
    const options = {
      transport: 'tls',
      host: 'localhost',
      port: emulator.amqpPort ?? 0,
      ca: emulator.ca,
      reconnect: false,
      sasl_mechanisms: { MSSBCBS: () => ({ start: (done: StartSasl) => done(undefined, '') }) },
    } as const;
    const connection = rhea.create_container().connect(options);
    const sender = connection.open_sender({ source: 'me', target: '$cbs' });
    const receiver = connection.open_receiver({ source: '$cbs', target: 'me' });
    await Promise.all([once(sender, 'sender_open'), once(receiver, 'receiver_open')]);
    const ends = [sender, receiver].map(({ source, target }) => [source.address, target.address]);
    connection.close();

    expect(ends).toEqual([
      ['me', '$cbs'],
      ['$cbs', 'me'],
    ]);
  });

  test('keeps serving after garbage', async () => {
    await using emulator = await startTestEmulator({ amqpPort: 0 });
    const { connect } = await import('node:tls');
    const socket = connect({ host: 'localhost', port: emulator.amqpPort ?? 0, ca: emulator.ca });
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));

    expect((await send(emulator, 'GET /devices')).status).toBe(200);
  });
});
