import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { connectMqtt, listenTo, publish } from './support/mqtt.js';
import { rejectionOf } from './support/rejection.js';

const twinAnswers = '$iothub/twin/res/#';
const twinGet = publish('$iothub/twin/GET/?$rid=1');

describe('a fault', () => {
  let emulator: TestEmulator;
  let connectionString: string;
  beforeAll(async () => {
    emulator = await startTestEmulator();
    connectionString = emulator.registerDevice('d1', { tags: { city: 'münchen' } });
    emulator.registerDevice('d2');
  });
  afterEach(() => {
    emulator.faults.clear();
    emulator.calls.clear();
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  const version = async () => (await send(emulator, 'GET /twins/d1')).json.version;
  const patch = () => send(emulator, 'PATCH /twins/d1', { body: { tags: { n: 1 } } });

  test('strikes only the operation and device it names', async () => {
    emulator.faults.add({
      operation: 'twin.get',
      deviceId: 'd1',
      effect: { kind: 'status', status: 503, code: 'ServiceUnavailable' },
    });

    const [struck, otherDevice, otherOperation] = await Promise.all([
      send(emulator, 'GET /twins/d1'),
      send(emulator, 'GET /twins/d2'),
      send(emulator, 'GET /devices/d1'),
    ]);

    expect([struck?.status, otherDevice?.status, otherOperation?.status]).toEqual([503, 200, 200]);
    expect(struck?.headers['iothub-errorcode']).toBe('ServiceUnavailable');
    expect(struck?.json.Message).toMatch(/^ErrorCode:ServiceUnavailable;/);
  });

  test('is over after its times, or when it is removed', async () => {
    const effect = { kind: 'status', status: 500, code: 'ServerError' } as const;
    emulator.faults.add({ operation: 'twin.get', times: 2, effect });
    const get = async () => (await send(emulator, 'GET /twins/d1')).status;

    const counted = [await get(), await get(), await get()];
    const remove = emulator.faults.add({ effect });
    const whileAdded = await get();
    remove();

    expect(counted).toEqual([500, 500, 200]);
    expect(whileAdded).toBe(500);
    expect(await get()).toBe(200);
  });

  test('of a method comes in the nested envelope, by number as by name', async () => {
    emulator.faults.add({
      operation: 'method.invoke',
      effect: { kind: 'status', status: 404, code: '404104', message: 'gone' },
    });

    const { json, headers } = await send(emulator, 'POST /twins/d1/methods', {
      body: { methodName: 'a' },
    });

    expect(headers['iothub-errorcode']).toBe('DeviceConnectionClosedRemotely');
    expect(JSON.parse(json.Message)).toMatchObject({ errorCode: 404104, message: 'gone' });
  });

  test('that throttles answers 429 and closes the connection', async () => {
    emulator.faults.add({ effect: { kind: 'throttle' } });

    const { status, headers } = await send(emulator, 'GET /twins/d1');

    expect(status).toBe(429);
    expect(headers['iothub-errorcode']).toBe('ThrottlingBacklogTimeout');
    expect(headers.connection).toBe('close');
    expect(headers).not.toHaveProperty('retry-after');
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('that resets %s processing leaves %i writes', async (when, writes) => {
    const before = await version();
    emulator.faults.add({ operation: 'twin.patch', effect: { kind: 'reset', when } });

    const error = await rejectionOf(patch());

    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(await version()).toBe(before + writes);
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)(
    'that hangs %s processing leaves %i writes and the call in the log',
    async (when, writes) => {
      const before = await version();
      const filter = { operation: 'twin.patch', deviceId: 'd1' } as const;
      emulator.faults.add({ operation: 'twin.patch', effect: { kind: 'hang', when } });
      const abort = new AbortController();
      const call = send(emulator, 'PATCH /twins/d1', { body: { tags: {} }, signal: abort.signal });
      const failed = rejectionOf(call);
      await vi.waitUntil(async () => (await version()) === before + writes);
      await vi.waitUntil(() => emulator.calls.count(filter) === 1);
      abort.abort();
      await failed;

      expect(emulator.calls.list(filter)).toMatchObject([
        { status: when === 'after' ? 200 : undefined },
      ]);
    },
  );

  test('that delays answers late', async () => {
    emulator.faults.add({ operation: 'twin.get', effect: { kind: 'delay', ms: 60 } });
    const start = performance.now();

    expect((await send(emulator, 'GET /twins/d1')).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(55);
  });

  test('that delays after processing has done its work while the client waits', async () => {
    const before = await version();
    emulator.faults.add({
      operation: 'twin.patch',
      effect: { kind: 'delay', ms: 30_000, when: 'after' },
    });
    const abort = new AbortController();
    const failed = rejectionOf(
      send(emulator, 'PATCH /twins/d1', { body: { tags: {} }, signal: abort.signal }),
    );
    await vi.waitUntil(async () => (await version()) === before + 1);
    abort.abort();

    expect((await failed).name).toBe('AbortError');
  });

  test('that truncates sends half a body and ends the connection', async () => {
    emulator.faults.add({ operation: 'twin.get', effect: { kind: 'truncate' } });
    const chunks: Buffer[] = [];

    const error = await rejectionOf(
      send(emulator, 'GET /twins/d1', { onChunk: (chunk) => chunks.push(chunk) }),
    );

    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(Buffer.concat(chunks).length).toBeGreaterThan(100);
  });

  test('that splits cuts the body inside a character', async () => {
    emulator.faults.add({ operation: 'twin.get', effect: { kind: 'split' } });
    const chunks: Buffer[] = [];

    const { json } = await send(emulator, 'GET /twins/d1', {
      onChunk: (chunk) => chunks.push(chunk),
    });

    expect(json.tags.city).toBe('münchen');
    expect(chunks).toHaveLength(2);
    expect(chunks[0]?.at(-1)).toBe(0xc3); // the first of the two bytes of ü
  });

  test("refuses a device's request with the error as its body", async () => {
    await using device = await connectMqtt(emulator, connectionString);
    await device.next();
    await listenTo(device, twinAnswers);
    emulator.faults.add({ operation: 'mqtt.twin.get', effect: { kind: 'throttle' } });
    device.send(twinGet);

    const { topic, payload } = await device.nextPublish();

    expect(topic).toBe('$iothub/twin/res/429/?$rid=1');
    expect(JSON.parse(String(payload))).toMatchObject({ errorCode: 429003 });
  });

  test('leaves a device without an answer, and the next request with one', async () => {
    await using device = await connectMqtt(emulator, connectionString);
    await device.next();
    await listenTo(device, twinAnswers);
    emulator.faults.add({ operation: 'mqtt.twin.get', times: 1, effect: { kind: 'hang' } });
    device.send(twinGet);
    device.send(publish('$iothub/twin/GET/?$rid=2'));

    expect((await device.nextPublish()).topic).toBe('$iothub/twin/res/200/?$rid=2');
    expect(emulator.calls.list({ operation: 'mqtt.twin.get' })).toMatchObject([
      { status: undefined },
      { status: 200 },
    ]);
  });

  test.each(['reset', 'truncate'] as const)('ends a device connection: %s', async (kind) => {
    await using device = await connectMqtt(emulator, connectionString);
    await device.next();
    await listenTo(device, twinAnswers);
    emulator.faults.add({ operation: 'mqtt.twin.get', effect: { kind } });
    device.send(twinGet);
    await device.closed;

    await vi.waitUntil(
      async () => (await send(emulator, 'GET /twins/d1')).json.connectionState === 'Disconnected',
    );
  });

  test.each([
    ['delay', { kind: 'delay', ms: 20 }, 0],
    ['split', { kind: 'split' }, 0],
    ['status', { kind: 'status', status: 503, code: 'ServiceUnavailable' }, 3],
    ['unauthorized', { kind: 'status', status: 401, code: 'IotHubUnauthorizedAccess' }, 5],
  ] as const)('meets a device in its handshake: %s', async (_, effect, returnCode) => {
    emulator.faults.add({ operation: 'mqtt.connect', deviceId: 'd1', effect });
    await using device = await connectMqtt(emulator, connectionString);
    device.send({ cmd: 'pingreq' }); // sent before the answer to CONNECT has come

    expect(await device.next()).toMatchObject({ cmd: 'connack', returnCode });
    if (returnCode === 0) expect(await device.next()).toMatchObject({ cmd: 'pingresp' });
    else await device.closed;
  });

  test('disconnectDevice drops the connection, and the device may come back', async () => {
    await using device = await connectMqtt(emulator, connectionString);
    await device.next();
    emulator.disconnectDevice('d1');
    await device.closed;
    await using again = await connectMqtt(emulator, connectionString);

    expect(await again.next()).toMatchObject({ cmd: 'connack', returnCode: 0 });
  });
});

describe('the call log', () => {
  test('counts and lists calls by operation and device, refused ones too', async () => {
    await using emulator = await startTestEmulator();
    emulator.registerDevice('d1');
    await send(emulator, 'GET /twins/d1');
    await send(emulator, 'GET /twins/d2');
    await send(emulator, 'PATCH /twins/d1', { body: {}, authorization: null });
    await send(emulator, 'PUT /devices/d3', { body: {} });
    await send(emulator, 'PUT /devices/d3', { body: {}, headers: { 'If-Match': '*' } });

    expect(emulator.calls.count()).toBe(5);
    expect(emulator.calls.count({ operation: 'twin.get' })).toBe(2);
    expect(emulator.calls.count({ deviceId: 'd1' })).toBe(2);
    expect(
      emulator.calls.list().map(({ operation, deviceId, status }) => [operation, deviceId, status]),
    ).toEqual([
      ['twin.get', 'd1', 200],
      ['twin.get', 'd2', 404],
      ['twin.patch', 'd1', 401],
      ['device.create', 'd3', 200],
      ['device.update', 'd3', 200],
    ]);
    emulator.calls.clear();
    expect(emulator.calls.count()).toBe(0);
    expect(emulator.calls.list()).toEqual([]);
  });
});
