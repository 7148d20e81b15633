import { once } from 'node:events';
import type azureIotCommon from 'azure-iot-common';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectDevice, type TestDevice } from './emulator/support/device.js';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { send as ask } from './emulator/support/https.js';
import { connectMqtt } from './emulator/support/mqtt.js';
import { dyingAt, preloading } from './faults/support/preloads.js';
import { createManualClock } from './services/support/manual-clock.js';
import { createIssuer } from './support/entra.js';
import {
  startGateway,
  startGatewayProcess,
  startWorld,
  type TestGateway,
  type World,
} from './support/gateway.js';
import { startHoldingProxy } from './support/holding-proxy.js';
import {
  CancelOperationDocument,
  OperationDocument,
  type OperationStateFragment,
  RepeatOperationDocument,
  SendMessageDocument,
  type SendMessageInput,
  type SendMessageMutation,
  WatchOperationDocument,
} from './support/operations.js';
import { type Postgres, postgresMissing, startPostgres } from './support/postgres.js';
import { createTemporaryFolder } from './support/temporary-folder.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

type Sent = NonNullable<SendMessageMutation['sendMessage']>;

async function send(input: SendMessageInput, gateway = world.gateway): Promise<Sent> {
  const { sendMessage } = await gateway.data(SendMessageDocument, { input });
  if (!sendMessage) throw new Error('no payload');
  return sendMessage;
}

/** The last state of an operation, by its subscription. */
async function ended(
  { operation: { id } }: { operation: { id: string } },
  gateway: TestGateway = world.gateway,
): Promise<OperationStateFragment> {
  const updates = gateway.subscribe(WatchOperationDocument, { id });
  await updates.completed;
  const last = updates.messages.at(-1)?.operation;
  if (!last) throw new Error('no state was sent');
  return last;
}

async function reaches(
  { operation: { id } }: { operation: { id: string } },
  status: OperationStateFragment['status'],
  gateway: TestGateway = world.gateway,
): Promise<OperationStateFragment> {
  await using updates = gateway.subscribe(WatchOperationDocument, { id });
  return (await updates.waitFor(({ operation }) => operation.status === status)).operation;
}

/** A device of the official SDK that completes what it gets; `next` resolves with each. */
async function startListener(emulator: TestEmulator, deviceId: string) {
  const device = await connectDevice(emulator, emulator.registerDevice(deviceId));
  return listen(device);
}

function listen({ client, ...device }: TestDevice) {
  const next = once(client, 'message').then(([message]) => message as azureIotCommon.Message);
  client.on('message', (message) => client.complete(message, () => {}));
  return { next, [Symbol.asyncDispose]: device[Symbol.asyncDispose] };
}

function propertiesOf({ properties }: azureIotCommon.Message) {
  const items = Array.from({ length: properties.count() }, (_, at) => properties.getItem(at));
  return Object.fromEntries(items.map(({ key, value }) => [key, value]));
}

/** The device takes it, and leaves before it has acknowledged. */
async function dropOnce(emulator: TestEmulator, deviceId: string): Promise<void> {
  await using device = await connectMqtt(emulator, emulator.registerDevice(deviceId));
  await device.next();
  const topic = `devices/${deviceId}/messages/devicebound/#`;
  device.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] });
  await device.next();
  await device.nextPublish();
}

/** A gateway that reaches its hub by another port. */
function startGatewayThrough(port: number, emulator: TestEmulator): Promise<TestGateway> {
  const { httpsPort } = emulator;
  const connectionString = emulator.connectionString.replace(`:${httpsPort};`, `:${port};`);
  return startGateway({ ...emulator, connectionString });
}

const queued = async (emulator: TestEmulator, deviceId: string) =>
  (await ask(emulator, `GET /devices/${deviceId}`)).json.cloudToDeviceMessageCount;

const sends = (emulator: TestEmulator, deviceId: string) =>
  emulator.calls.count({ operation: 'message.send', deviceId });

describe('a message', () => {
  test('that the device completes is a success, with all that it carried', async () => {
    const deviceId = 'listening';
    await using device = await startListener(world.emulator, deviceId);
    const sent = await send({
      deviceId,
      body: { json: { say: 'grüße' } },
      correlationId: 'ticket-7',
      properties: [{ name: 'colour & more', value: 'blau/grün' }],
    });
    const message = await device.next;

    expect(sent.started).toBe(true);
    expect(JSON.parse(message.getData().toString())).toEqual({ say: 'grüße' });
    expect(message).toMatchObject({
      messageId: sent.operation.id,
      correlationId: 'ticket-7',
      contentType: 'application/json',
      contentEncoding: 'utf-8',
    });
    expect(propertiesOf(message)).toMatchObject({ 'colour & more': 'blau/grün' });
    const last = await ended(sent);
    expect(last).toMatchObject({
      action: 'sendMessage',
      profile: 'message',
      status: 'SUCCEEDED',
      proof: 'ACKNOWLEDGED',
      failure: null,
      command: { kind: 'MESSAGE', name: null, moduleId: null, payload: null },
    });
    expect(last.history.map(({ type, status }) => `${type} ${status}`)).toEqual([
      'REQUESTED REQUESTED',
      'SENDING SENDING',
      'ENQUEUED ACCEPTED',
      'FEEDBACK ACCEPTED',
      'FINISHED SUCCEEDED',
    ]);
    expect(last.history[3]?.data).toMatchObject({ statusCode: 'Success', deviceId });
  });

  test.each([
    [
      { text: 'grüße' },
      'grüße',
      { text: 'grüße', json: null, base64: null, contentType: 'text/plain' },
      'utf-8',
    ],
    [
      { json: [1, null] },
      '[1,null]',
      { json: [1, null], contentType: 'application/json' },
      'utf-8',
    ],
    [
      { base64: 'AP+A' },
      Buffer.from([0, 255, 128]).toString('latin1'),
      { text: null, base64: 'AP+A', contentType: null },
      null,
    ],
  ] as const)('says %j', async (body, bytes, shown, contentEncoding) => {
    const deviceId = `reader-of-${Object.keys(body)[0]}`;
    await using device = await startListener(world.emulator, deviceId);
    const sent = await send({ deviceId, body, timeToLiveSeconds: 60 });
    const message = await device.next;

    const encoding = 'base64' in body ? 'latin1' : 'utf8';
    expect(message.getBytes().toString(encoding)).toBe(bytes);
    expect(sent.operation.command.message).toMatchObject({
      ...shown,
      contentEncoding,
      correlationId: null,
      properties: [],
      timeToLiveSeconds: 60,
    });
  });

  test('waits for a device that is away, and can be asked for again', async () => {
    const deviceId = 'late';
    world.emulator.registerDevice(deviceId);
    const first = await send({ deviceId, body: { text: 'one' } });
    await reaches(first, 'ACCEPTED');
    const input = { id: first.operation.id };
    const { repeatOperation } = await world.gateway.data(RepeatOperationDocument, { input });
    if (!repeatOperation) throw new Error('no payload');
    await reaches(repeatOperation, 'ACCEPTED');
    await using device = await startListener(world.emulator, deviceId);
    await device.next;

    expect(await ended(first)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await ended(repeatOperation)).toMatchObject({
      status: 'SUCCEEDED',
      action: 'sendMessage',
    });
    expect(sends(world.emulator, deviceId)).toBe(2);
  });

  test('that nobody completes in time has expired', async () => {
    const deviceId = 'away';
    world.emulator.registerDevice(deviceId);
    const sent = await send({ deviceId, body: { text: 'x' }, timeToLiveSeconds: 1 });

    expect(await ended(sent)).toMatchObject({
      status: 'FAILED',
      proof: null,
      failure: { code: 'MESSAGE_EXPIRED', retryable: true },
    });
  });

  test('that the device takes ten times without completing it is undeliverable', async () => {
    const deviceId = 'forgetful';
    world.emulator.registerDevice(deviceId);
    const sent = await send({ deviceId, body: { text: 'x' } });
    await reaches(sent, 'ACCEPTED');
    for (let count = 0; count < 10; count += 1) await dropOnce(world.emulator, deviceId);

    expect(await ended(sent)).toMatchObject({
      status: 'FAILED',
      failure: { code: 'MESSAGE_UNDELIVERABLE', retryable: false },
    });
  });

  test('that somebody purges has failed', async () => {
    const deviceId = 'purged';
    world.emulator.registerDevice(deviceId);
    const sent = await send({ deviceId, body: { text: 'x' } });
    await reaches(sent, 'ACCEPTED');
    await ask(world.emulator, `DELETE /devices/${deviceId}/commands`);

    expect(await ended(sent)).toMatchObject({
      status: 'FAILED',
      failure: { code: 'MESSAGE_PURGED', retryable: false },
    });
  });

  test('to a device that there is not is refused', async () => {
    const sent = await send({ deviceId: 'nobody', body: { text: 'x' } });

    expect(await ended(sent)).toMatchObject({
      status: 'FAILED',
      acceptedAt: null,
      failure: { code: 'DEVICE_NOT_FOUND', retryable: false },
    });
  });

  test('beyond the fifty that the hub keeps is refused', async () => {
    const deviceId = 'full';
    world.emulator.registerDevice(deviceId);
    const input = { deviceId, body: { text: 'x' } };
    const kept = await Promise.all(Array.from({ length: 50 }, () => send(input)));
    await Promise.all(kept.map((sent) => reaches(sent, 'ACCEPTED')));
    const last = await send(input);

    expect(await ended(last)).toMatchObject({
      status: 'FAILED',
      failure: { code: 'DEVICE_QUEUE_FULL', retryable: true },
    });
    await ask(world.emulator, `DELETE /devices/${deviceId}/commands`);
    await Promise.all(kept.map((sent) => ended(sent)));
  });

  test('whose answer is lost is never sent again: feedback tells what became of it', async () => {
    const deviceId = 'unanswered';
    world.emulator.registerDevice(deviceId);
    const effect = { kind: 'reset', when: 'after' } as const;
    world.emulator.faults.add({ operation: 'message.send', deviceId, times: 1, effect });
    const sent = await send({ deviceId, body: { text: 'x' } });
    await using updates = world.gateway.subscribe(WatchOperationDocument, {
      id: sent.operation.id,
    });
    await updates.waitFor(({ operation }) =>
      operation.history.some(({ type }) => type === 'ANSWER_UNKNOWN'),
    );
    await using device = await startListener(world.emulator, deviceId);
    await device.next;
    const last = await ended(sent);

    expect(last).toMatchObject({ status: 'SUCCEEDED', proof: 'ACKNOWLEDGED' });
    expect(last.acceptedAt).not.toBeNull();
    expect(last.history.map(({ type }) => type)).toEqual([
      'REQUESTED',
      'SENDING',
      'ANSWER_UNKNOWN',
      'FEEDBACK',
      'FINISHED',
    ]);
    expect(sends(world.emulator, deviceId)).toBe(1);
  });

  test('with the same key is the same, with other input an error', async () => {
    const deviceId = 'keyed';
    world.emulator.registerDevice(deviceId);
    const input = { deviceId, body: { json: { a: 1, b: 2 } }, idempotencyKey: 'message-1' };
    const first = await send(input);
    const again = await send({ ...input, body: { json: { b: 2, a: 1 } } });
    const { errors } = await world.gateway.execute(SendMessageDocument, {
      input: { ...input, body: { text: 'other' } },
    });
    await reaches(first, 'ACCEPTED');

    expect(again).toMatchObject({ started: false, operation: { id: first.operation.id } });
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED' } }]);
    expect(sends(world.emulator, deviceId)).toBe(1);
  });

  test.each([
    ['body', { body: {} }],
    ['body', { body: { text: 'x', json: 1 } }],
    ['body', { body: { text: 'x'.repeat(64 * 1024) } }],
    ['body.base64', { body: { base64: 'no base64' } }],
    ['contentType', { contentType: 'grün' }],
    ['contentEncoding', { contentEncoding: '' }],
    ['correlationId', { correlationId: 'x'.repeat(129) }],
    ['timeToLiveSeconds', { timeToLiveSeconds: 0 }],
    ['timeToLiveSeconds', { timeToLiveSeconds: 172_801 }],
    ['properties[0].name', { properties: [{ name: '', value: '' }] }],
    ['properties[0].name', { properties: [{ name: 'iothub-ack', value: 'none' }] }],
    ['properties[0].name', { properties: [{ name: '$.to', value: 'x' }] }],
    [
      'properties[1].name',
      {
        properties: [
          { name: 'a', value: '' },
          { name: 'a', value: '' },
        ],
      },
    ],
    ['properties[0].value', { properties: [{ name: 'a', value: 'x\0' }] }],
  ])('is refused for its %s before anything is sent: %#', async (argument, wrong) => {
    const deviceId = 'spared';
    const input = { deviceId, body: { text: 'x' }, ...wrong };
    const { errors } = await world.gateway.execute(SendMessageDocument, { input });

    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(sends(world.emulator, deviceId)).toBe(0);
  });
});

describe('a message, called off', () => {
  test('before it is sent never reaches the hub', async () => {
    const { emulator } = world;
    await using proxy = await startHoldingProxy(emulator.httpsPort);
    await using gateway = await startGatewayThrough(proxy.port, emulator);
    const deviceId = 'called-off';
    emulator.registerDevice(deviceId);
    proxy.hold();
    const sent = await send({ deviceId, body: { text: 'wrong' } }, gateway);
    await proxy.held();
    const input = { id: sent.operation.id, reason: 'wrong device' };
    const { cancelOperation } = await gateway.data(CancelOperationDocument, { input });
    proxy.release();
    const next = await send({ deviceId, body: { text: 'right' } }, gateway);
    await reaches(next, 'ACCEPTED', gateway);

    expect(cancelOperation).toMatchObject({ canceled: true, operation: { status: 'CANCELED' } });
    expect(sends(emulator, deviceId)).toBe(1);
  });
});

describe('a message, when the gateway is gone meanwhile', () => {
  test('is settled by the feedback that waited for the next one', async () => {
    await using emulator = await startTestEmulator();
    await using folder = await createTemporaryFolder();
    const options = { dataDir: folder.path };
    const deviceId = 'patient';
    emulator.registerDevice(deviceId);
    const before = await startGateway(emulator, options);
    const sent = await send({ deviceId, body: { text: 'x' } }, before);
    await reaches(sent, 'ACCEPTED', before);
    await before[Symbol.asyncDispose]();
    {
      await using device = await startListener(emulator, deviceId);
      await device.next;
      await vi.waitUntil(async () => (await queued(emulator, deviceId)) === 0);
    }
    await using after = await startGateway(emulator, options);

    expect(await ended(sent, after)).toMatchObject({ status: 'SUCCEEDED' });
    expect(sends(emulator, deviceId)).toBe(1);
  });

  test.each([
    [
      'AFTER_SEND',
      { status: 'SUCCEEDED', failure: null },
      ['REQUESTED', 'SENDING', 'ANSWER_UNKNOWN', 'FEEDBACK', 'FINISHED'],
    ],
    [
      'BEFORE_CLAIM',
      { status: 'FAILED', failure: { code: 'NOT_SENT', retryable: true } },
      ['REQUESTED', 'FINISHED'],
    ],
  ] as const)('killed %s, is told truly and not sent again', async (seam, expected, history) => {
    await using emulator = await startTestEmulator();
    await using folder = await createTemporaryFolder();
    const deviceId = 'orphan';
    emulator.registerDevice(deviceId);
    await using killed = await startGatewayProcess({
      IOTHUB_CONNECTION_STRING: emulator.connectionString,
      IOTHUB_CA_FILE: emulator.caFile,
      DATA_DIR: folder.path,
      ...preloading(dyingAt(seam, 1)),
    });
    // The answer to the caller may be cut off with it.
    void send({ deviceId, body: { text: 'x' } }, killed).catch(() => {});
    const [, id = ''] = await killed.program.waitFor(/died at \w+ of (\S+)/);
    await killed.program.exit();
    await using device = await startListener(emulator, deviceId);
    await using after = await startGateway(emulator, { dataDir: folder.path });
    const last = await ended({ operation: { id } }, after);

    expect(last).toMatchObject(expected);
    expect(last.history.map(({ type }) => type)).toEqual(history);
    expect(sends(emulator, deviceId)).toBe(seam === 'AFTER_SEND' ? 1 : 0);
    if (seam === 'AFTER_SEND') expect((await device.next).messageId).toBe(id);
  });

  test('goes on after the connection was lost', async () => {
    await using emulator = await startTestEmulator();
    await using proxy = await startHoldingProxy(emulator.httpsPort);
    await using gateway = await startGatewayThrough(proxy.port, emulator);
    const deviceId = 'cut-off';
    emulator.registerDevice(deviceId);
    const sent = await send({ deviceId, body: { text: 'x' } }, gateway);
    await reaches(sent, 'ACCEPTED', gateway);
    proxy.cut();
    await using device = await startListener(emulator, deviceId);
    await device.next;

    expect(await ended(sent, gateway)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('feedback that is not ours', () => {
  test('goes back to the back end whose message it was', async () => {
    await using emulator = await startTestEmulator();
    await using folder = await createTemporaryFolder();
    await using ours = await startGateway(emulator);
    for (const deviceId of ['a', 'b']) emulator.registerDevice(deviceId);
    const open = await send({ deviceId: 'a', body: { text: 'ours' } }, ours);
    await reaches(open, 'ACCEPTED', ours);
    // Another back end is a gateway with a journal of its own.
    const options = { dataDir: folder.path };
    const theirs = await startGateway(emulator, options);
    const sent = await send({ deviceId: 'b', body: { text: 'theirs' } }, theirs);
    await reaches(sent, 'ACCEPTED', theirs);
    await theirs[Symbol.asyncDispose]();
    await ask(emulator, 'DELETE /devices/b/commands');
    await ask(emulator, 'DELETE /devices/a/commands');
    // Only ours listened. It has taken in what was its own, and nothing waits there any more.
    expect(await ended(open, ours)).toMatchObject({ failure: { code: 'MESSAGE_PURGED' } });
    await using back = await startGateway(emulator, options);

    expect(await ended(sent, back)).toMatchObject({ failure: { code: 'MESSAGE_PURGED' } });
    const { operation } = await ours.data(OperationDocument, { id: sent.operation.id });
    expect(operation).toBeNull();
  });
});

describe('a message of which nothing is heard again', () => {
  test('times out when it has expired and feedback had its time', async () => {
    await using emulator = await startTestEmulator();
    const clock = createManualClock(Date.now());
    await using gateway = await startGateway(emulator, { clock });
    const deviceId = 'deleted';
    emulator.registerDevice(deviceId);
    const sent = await send({ deviceId, body: { text: 'x' }, timeToLiveSeconds: 60 }, gateway);
    await reaches(sent, 'ACCEPTED', gateway);
    // What waits for a device goes with it, and the hub tells nobody.
    await ask(emulator, `DELETE /devices/${deviceId}`, { headers: { 'if-match': '*' } });
    clock.advance(60_000 + 119_000);
    const { operation } = await gateway.data(OperationDocument, { id: sent.operation.id });
    clock.advance(1_000);

    expect(operation?.status).toBe('ACCEPTED');
    expect(await ended(sent, gateway)).toMatchObject({
      status: 'TIMED_OUT',
      failure: { code: 'NO_FEEDBACK', retryable: false },
    });
  });
});

describe('a hub by Microsoft Entra ID', () => {
  test('takes messages, too', async () => {
    const issuer = createIssuer();
    await using emulator = await startTestEmulator({ jwks: issuer.jwks });
    await using gateway = await startGateway(undefined, {
      environment: {
        IOTHUB_HOSTNAME: `localhost:${emulator.httpsPort}`,
        IOTHUB_CA_FILE: emulator.caFile,
      },
      credential: issuer.credential,
    });
    const deviceId = 'listening';
    await using device = await startListener(emulator, deviceId);
    const sent = await send({ deviceId, body: { text: 'x' } }, gateway);
    await device.next;

    expect(await ended(sent, gateway)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe.skipIf(postgresMissing)('messages of gateways on one PostgreSQL', () => {
  let postgres: Postgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await postgres[Symbol.asyncDispose]();
  });

  test('are settled by whichever hears of them, for all to see', async () => {
    await using emulator = await startTestEmulator();
    const environment = { DATABASE_URL: await postgres.newDatabase() };
    await using one = await startGateway(emulator, { environment });
    await using two = await startGateway(emulator, { environment });
    const deviceIds = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    for (const deviceId of deviceIds) emulator.registerDevice(deviceId);
    const sent = await Promise.all(
      deviceIds.map((deviceId, index) =>
        send({ deviceId, body: { text: 'x' } }, index % 2 === 0 ? one : two),
      ),
    );
    // Both listen, and each record goes to one of them.
    await Promise.all(sent.map((message) => reaches(message, 'ACCEPTED', two)));
    for (const deviceId of deviceIds) await ask(emulator, `DELETE /devices/${deviceId}/commands`);

    const seen = [one, two].flatMap((gateway) => sent.map((message) => ended(message, gateway)));
    for (const last of await Promise.all(seen)) {
      expect(last).toMatchObject({ failure: { code: 'MESSAGE_PURGED' } });
      expect(last.history.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    }
    for (const deviceId of deviceIds) expect(sends(emulator, deviceId)).toBe(1);
  });

  test('are seen to their end by another when theirs is gone', async () => {
    await using emulator = await startTestEmulator();
    const environment = { DATABASE_URL: await postgres.newDatabase() };
    const one = await startGateway(emulator, { environment });
    await using two = await startGateway(emulator, { environment });
    const deviceId = 'inherited';
    emulator.registerDevice(deviceId);
    const sent = await send({ deviceId, body: { text: 'x' } }, one);
    await reaches(sent, 'ACCEPTED', two);
    await one[Symbol.asyncDispose]();
    await using device = await startListener(emulator, deviceId);
    await device.next;

    expect(await ended(sent, two)).toMatchObject({ status: 'SUCCEEDED' });
    expect(sends(emulator, deviceId)).toBe(1);
  });
});
