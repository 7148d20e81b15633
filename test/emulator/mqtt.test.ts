import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { connectMqtt, listenTo, openMqtt, publish, subscribe } from './support/mqtt.js';
import { createServiceToken } from './support/service.js';

const answers = '$iothub/twin/res/#';
const desired = '$iothub/twin/PATCH/properties/desired/#';
const report = (payload: string, tail = '') =>
  publish(`$iothub/twin/PATCH/properties/reported/?$rid=r-1${tail}`, payload);

describe('a device over MQTT', () => {
  let emulator: TestEmulator;
  let count = 0;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  function register(): { deviceId: string; connectionString: string } {
    const deviceId = `d${++count}`;
    return { deviceId, connectionString: emulator.registerDevice(deviceId) };
  }

  async function connect(options = {}) {
    const { deviceId, connectionString } = register();
    const client = await connectMqtt(emulator, connectionString, options);
    await client.next();
    return { deviceId, connectionString, client };
  }

  const readTwin = async (deviceId: string) =>
    (await send(emulator, `GET /twins/${deviceId}`)).json;

  test('reads its twin without metadata, under the id it asked with', async () => {
    const { deviceId, client } = await connect();
    await using _ = client;
    await send(emulator, `PATCH /twins/${deviceId}`, {
      body: { tags: { hidden: 1 }, properties: { desired: { a: 1 } } },
    });
    await listenTo(client, answers);
    client.send(publish('$iothub/twin/GET/?$rid=A%20b-1', ' '));

    const { topic, payload, qos } = await client.nextPublish();

    expect(topic).toBe('$iothub/twin/res/200/?$rid=A%20b-1');
    expect(qos).toBe(0);
    expect(JSON.parse(String(payload))).toEqual({
      desired: { a: 1, $version: 2 },
      reported: { $version: 1 },
    });
  });

  test('reports, and hears the version its report has got', async () => {
    const { deviceId, client } = await connect();
    await using _ = client;
    await listenTo(client, answers);
    client.send(report('{"a":{"b":1}}'));
    const { topic, payload } = await client.nextPublish();
    const { json, headers } = await send(emulator, `GET /twins/${deviceId}`);

    expect(topic).toBe('$iothub/twin/res/204/?$rid=r-1&$version=2');
    expect(payload).toHaveLength(0);
    expect(headers.etag).toBe('"AAAAAAAAAAE="'); // a report leaves the ETag alone
    expect(json.version).toBe(3);
    expect(json.properties.reported).toEqual({
      a: { b: 1 },
      $version: 2,
      $metadata: {
        $lastUpdated: expect.any(String),
        a: { $lastUpdated: expect.any(String), b: { $lastUpdated: expect.any(String) } },
      },
    });
  });

  test.each([
    ['text that is not JSON', '{', '', 400, 400004],
    ['an array', '[]', '', 400, 400004],
    ['a forbidden name', '{"a b":1}', '', 400, 400004],
    ['a stale base version', '{"a":1}', '&$version=9', 412, 412001],
  ])('has a report of %s refused in topic and body', async (_, payload, tail, status, code) => {
    const { client } = await connect();
    await using _client = client;
    await listenTo(client, answers);
    client.send(report(payload, tail));

    const refusal = await client.nextPublish();

    expect(refusal.topic).toBe(`$iothub/twin/res/${status}/?$rid=r-1`);
    expect(JSON.parse(String(refusal.payload))).toEqual({
      errorCode: code,
      message: expect.any(String),
      trackingId: expect.any(String),
      timestampUtc: expect.any(String),
    });
  });

  test('has a report refused when it connected without an api-version', async () => {
    const { deviceId, connectionString } = register();
    await using client = await connectMqtt(emulator, connectionString, {
      username: `localhost/${deviceId}`,
    });
    await client.next();
    await listenTo(client, answers);
    client.send(report('{}'));

    expect((await client.nextPublish()).topic).toBe('$iothub/twin/res/400/?$rid=r-1');
  });

  test('hears of desired properties as what was written, removals included', async () => {
    const { deviceId, client } = await connect();
    await using _ = client;
    await listenTo(client, desired);
    const write = (method: string, body: unknown) =>
      send(emulator, `${method} /twins/${deviceId}`, { body });
    await write('PATCH', { properties: { desired: { a: { b: 1, c: 2 } } } });
    await write('PATCH', { properties: { desired: { a: { b: null } } } });
    await write('PATCH', { tags: { quiet: true } });
    await write('PUT', { properties: { desired: { d: 1 } } });
    await write('PATCH', { properties: { desired: null } });

    const heard = [];
    for (let index = 0; index < 4; index += 1) {
      const { topic, payload } = await client.nextPublish();
      heard.push([topic.split('?')[1], JSON.parse(String(payload))]);
    }
    expect(heard).toEqual([
      ['$version=2', { a: { b: 1, c: 2 }, $version: 2 }],
      ['$version=3', { a: { b: null }, $version: 3 }],
      ['$version=4', { d: 1, $version: 4 }],
      ['$version=5', { d: null, $version: 5 }],
    ]);
  });

  test('has every QoS 1 publish acknowledged', async () => {
    const { deviceId, client } = await connect();
    await using _ = client;
    const topics = [
      `devices/${deviceId}/messages/events/`,
      `devices/${deviceId}/messages/events/a=1&b=`,
      '$iothub/twin/GET/?$rid=1',
      '$iothub/twin/PATCH/properties/reported/?$rid=2',
      '$iothub/methods/res/200/?$rid=3',
    ];
    for (const topic of topics) client.send(publish(topic, '{}', 1));

    for (const _topic of topics) {
      expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 7 });
    }
  });

  test('is shown as connected with its model, and as active after telemetry', async () => {
    const { deviceId, connectionString } = register();
    const before = await readTwin(deviceId);
    const client = await connectMqtt(emulator, connectionString, {
      username: `localhost/${deviceId}/?api-version=2021-04-12&model-id=dtmi:a:b;1`,
    });
    await client.next();
    const connected = await readTwin(deviceId);
    client.send(publish(`devices/${deviceId}/messages/events/`, 'x', 1));
    await client.next();
    const active = await readTwin(deviceId);
    await client[Symbol.asyncDispose]();
    await vi.waitUntil(async () => (await readTwin(deviceId)).connectionState === 'Disconnected');

    expect(before).toMatchObject({
      connectionState: 'Disconnected',
      lastActivityTime: '0001-01-01T00:00:00Z',
    });
    expect(connected).toMatchObject({
      connectionState: 'Connected',
      modelId: 'dtmi:a:b;1',
      version: 2,
    });
    expect(active.lastActivityTime).not.toBe(connected.lastActivityTime);
  });

  test('replaces its own older connection', async () => {
    const { deviceId, connectionString, client } = await connect();
    await using second = await connectMqtt(emulator, connectionString);
    await second.next();
    await client.closed;

    expect((await readTwin(deviceId)).connectionState).toBe('Connected');
  });

  test('keeps its subscriptions over a reconnect when it asks for that, and only then', async () => {
    const { deviceId, connectionString, client } = await connect({ clean: false });
    await listenTo(client, answers);
    await client[Symbol.asyncDispose]();

    await using kept = await connectMqtt(emulator, connectionString, { clean: false });
    const resumed = await kept.next();
    kept.send(publish('$iothub/twin/GET/?$rid=1'));
    const answer = await kept.nextPublish();
    await using clean = await connectMqtt(emulator, connectionString, { clean: true });
    const fresh = await clean.next();
    clean.send(publish('$iothub/twin/GET/?$rid=2', '', 1));

    expect(resumed).toMatchObject({ cmd: 'connack', sessionPresent: true });
    expect(answer.topic).toContain('rid=1');
    expect(fresh).toMatchObject({ cmd: 'connack', sessionPresent: false });
    expect(await clean.next()).toMatchObject({ cmd: 'puback' }); // and no answer follows
    clean.send({ cmd: 'pingreq' });
    expect(await clean.next()).toMatchObject({ cmd: 'pingresp' });
    expect(deviceId).toBeDefined();
  });

  test('no longer hears what it has unsubscribed from', async () => {
    const { client } = await connect();
    await using _ = client;
    await listenTo(client, answers);
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: [answers, 'never'] });
    const acknowledged = await client.next();
    client.send(publish('$iothub/twin/GET/?$rid=1'));
    client.send({ cmd: 'pingreq' });

    expect(acknowledged).toMatchObject({ cmd: 'unsuback', messageId: 2 });
    expect(await client.next()).toMatchObject({ cmd: 'pingresp' });
  });

  test('is granted the topics of a device at QoS 1 at most, and no others', async () => {
    const { deviceId, client } = await connect();
    await using _ = client;
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [
        { topic: answers, qos: 0 },
        { topic: `devices/${deviceId}/messages/devicebound/#`, qos: 2 },
        { topic: 'devices/other/messages/devicebound/#', qos: 0 },
        { topic: '#', qos: 0 },
      ],
    });

    expect(await client.next()).toMatchObject({ cmd: 'suback', granted: [0, 1, 0x80, 0x80] });
  });

  test('may come with a token of a policy that connects devices, and no other', async () => {
    const { connectionString } = register();
    const returnCodes = [];
    for (const policy of ['device', 'iothubowner', 'service', 'registryReadWrite']) {
      const password = createServiceToken(policy);
      await using client = await connectMqtt(emulator, connectionString, { password });
      returnCodes.push(await client.next());
    }

    expect(returnCodes).toMatchObject([
      { returnCode: 0 },
      { returnCode: 0 },
      { returnCode: 5 },
      { returnCode: 5 },
    ]);
  });

  test.each([
    ['another client id', { clientId: 'other' }, 5],
    ['no client id', { clientId: '' }, 2],
    ['a user name without a device', { username: 'localhost' }, 5],
    [
      'an unknown device',
      { username: 'localhost/nobody/?api-version=2021-04-12', clientId: 'nobody' },
      5,
    ],
    ['no password', { password: '' }, 5],
    [
      "another device's token",
      { password: createServiceToken('device', { resource: 'localhost/devices/x' }) },
      5,
    ],
    ['an expired token', { password: createServiceToken('device', { expirySeconds: 1 }) }, 5],
  ])('is refused with %s, and the connection ends', async (_, options, returnCode) => {
    const { connectionString } = register();
    await using client = await connectMqtt(emulator, connectionString, options);

    expect(await client.next()).toMatchObject({
      cmd: 'connack',
      returnCode,
      sessionPresent: false,
    });
    await client.closed;
  });

  test('is refused when it speaks MQTT 5', async () => {
    await using client = await openMqtt(emulator);
    client.send({
      cmd: 'connect',
      protocolVersion: 5,
      protocolId: 'MQTT',
      clientId: 'x',
      clean: true,
      keepalive: 0,
    });

    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 1 });
    await client.closed;
  });

  test.each([
    ["publishes to another device's topic", publish('devices/other/messages/events/', 'x')],
    ['publishes to a topic that is none', publish('somewhere', 'x')],
    ['publishes a twin request without an id', publish('$iothub/twin/GET/')],
    ['publishes at QoS 2', publish('$iothub/twin/GET/?$rid=1', '', 2)],
    ['publishes more than 256 KB', publish('$iothub/twin/GET/?$rid=1', 'x'.repeat(256 * 1024 + 1))],
    [
      'says CONNECT twice',
      { cmd: 'connect', clientId: 'x', protocolId: 'MQTT', protocolVersion: 4 } as const,
    ],
    ['answers as a hub would', { cmd: 'pingresp' } as const],
  ])('has its connection closed when it %s', async (_, packet) => {
    const { client } = await connect();
    client.send(packet);

    await client.closed;
  });

  test('has its connection closed when it sends garbage, or anything before CONNECT', async () => {
    await using garbage = await openMqtt(emulator);
    garbage.socket.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await garbage.closed;
    await using early = await openMqtt(emulator);
    early.send(subscribe(answers));
    await early.closed;
  });

  test('has its connection closed when a packet grows beyond what a message may be', async () => {
    const { client } = await connect();
    client.socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])); // announces 256 MB
    const chunk = Buffer.alloc(64 * 1024);
    const timer = setInterval(() => client.socket.write(chunk), 1);
    await client.closed;
    clearInterval(timer);
  });
});

describe('time passing', () => {
  async function startAtRest() {
    let nowMs = Date.now();
    const emulator = await startTestEmulator({ clock: () => new Date(nowMs) });
    return { emulator, pass: (ms: number) => (nowMs += ms) };
  }

  test('ends a connection that is silent for one and a half times its keep-alive', async () => {
    const { emulator, pass } = await startAtRest();
    await using _ = emulator;
    const connectionString = emulator.registerDevice('d1');
    await using client = await connectMqtt(emulator, connectionString, { keepalive: 100 });
    await client.next();
    pass(149_000);
    client.send({ cmd: 'pingreq' });
    await client.next();
    pass(149_000);
    client.send({ cmd: 'pingreq' });
    await client.next();
    pass(151_000);

    await client.closed;
  });

  test('ends a connection whose token has ended', async () => {
    const { emulator, pass } = await startAtRest();
    await using _ = emulator;
    await using client = await connectMqtt(emulator, emulator.registerDevice('d1'), {
      keepalive: 0,
    });
    await client.next();
    pass(3_600_000 + 301_000); // with the allowed clock skew

    await client.closed;
  });

  test('ends a connection that never says who it is', async () => {
    const { emulator, pass } = await startAtRest();
    await using _ = emulator;
    await using client = await openMqtt(emulator);
    const timer = setInterval(() => pass(31_000), 50);

    await client.closed;
    clearInterval(timer);
  });
});
