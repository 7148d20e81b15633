import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { type HttpAnswer, send } from './support/https.js';
import { connectMqtt, listenTo, type MqttClient, publish } from './support/mqtt.js';

const methods = '$iothub/methods/POST/#';

describe('a direct method', () => {
  let emulator: TestEmulator;
  let count = 0;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  async function connect(options = {}): Promise<{ deviceId: string; device: MqttClient }> {
    const deviceId = `d${++count}`;
    const device = await connectMqtt(emulator, emulator.registerDevice(deviceId), options);
    await device.next();
    return { deviceId, device };
  }

  const invoke = (deviceId: string, body: object): Promise<HttpAnswer> =>
    send(emulator, `POST /twins/${deviceId}/methods`, { body: { methodName: 'reboot', ...body } });

  function innerError({ json }: HttpAnswer) {
    expect(json.ExceptionMessage).toBe('');
    return JSON.parse(json.Message);
  }

  async function answer(device: MqttClient, status: string, payload: string): Promise<string> {
    const { topic } = await device.nextPublish();
    const requestId = topic.slice(topic.indexOf('$rid='));
    device.send(publish(`$iothub/methods/res/${status}/?${requestId}`, payload));
    return topic;
  }

  test("answers 200 with the device's status, whatever that is", async () => {
    const { deviceId, device } = await connect();
    await using _ = device;
    await listenTo(device, methods);

    const call = invoke(deviceId, { payload: { seconds: 5 } });
    const topic = await answer(device, '500', '{"reason":"münchen"}');
    const { status, json } = await call;

    expect(topic).toMatch(/^\$iothub\/methods\/POST\/reboot\/\?\$rid=[0-9a-f]+$/);
    expect(device.received.at(-1)).toMatchObject({ payload: Buffer.from('{"seconds":5}') });
    expect(status).toBe(200);
    expect(json).toEqual({ status: 500, payload: { reason: 'münchen' } });
  });

  test('arrives as the JSON null when it has no payload, and an empty answer is null', async () => {
    const { deviceId, device } = await connect();
    await using _ = device;
    await listenTo(device, methods);

    const call = invoke(deviceId, {});
    await answer(device, '200', '');

    expect(device.received.at(-1)).toMatchObject({ payload: Buffer.from('null') });
    expect((await call).json).toEqual({ status: 200, payload: null });
  });

  test('on an unknown device is the nested 404001', async () => {
    const refused = await invoke('nobody', {});

    expect(refused.status).toBe(404);
    expect(refused.headers['iothub-errorcode']).toBe('DeviceNotFound');
    expect(innerError(refused)).toMatchObject({ errorCode: 404001 });
  });

  test('on a device that has not asked for methods is the nested 404103', async () => {
    const { deviceId, device } = await connect();
    await using _ = device;

    const refused = await invoke(deviceId, {});

    expect(refused.status).toBe(404);
    expect(refused.headers['iothub-errorcode']).toBe('DeviceNotOnline');
    expect(innerError(refused)).toEqual({
      errorCode: 404103,
      trackingId: expect.stringMatching(/^[0-9a-f]{32}$/),
      message:
        "The operation failed because the requested device isn't online or hasn't registered the direct method callback.",
      info: {},
      timestampUtc: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/),
    });
  });

  test('on a disabled device is 404103', async () => {
    emulator.registerDevice('off', { status: 'disabled' });

    expect(innerError(await invoke('off', {}))).toMatchObject({ errorCode: 404103 });
  });

  test('waits connectTimeout for the device to come and subscribe', async () => {
    const connectionString = emulator.registerDevice('late');
    const call = invoke('late', { connectTimeoutInSeconds: 20 });
    await emulatorHasCall('late');
    await using device = await connectMqtt(emulator, connectionString);
    await device.next();
    await listenTo(device, methods);
    await answer(device, '200', '1');

    expect((await call).json).toEqual({ status: 200, payload: 1 });
  });

  test('whose device goes away in mid-call is 404104', async () => {
    const { deviceId, device } = await connect();
    await listenTo(device, methods);
    const call = invoke(deviceId, {});
    await device.nextPublish();
    await device[Symbol.asyncDispose]();

    const refused = await call;

    expect(refused.status).toBe(404);
    expect(innerError(refused)).toMatchObject({ errorCode: 404104 });
  });

  test('whose device does not answer is 504101 after the response timeout', async () => {
    const timers: (() => void)[] = [];
    await using own = await startTestEmulator({
      clock: {
        now: () => new Date(),
        schedule(callback, delayMs) {
          if (delayMs === 5000) timers.push(callback);
          return () => {};
        },
      },
    });
    await using device = await connectMqtt(own, own.registerDevice('silent'));
    await device.next();
    await listenTo(device, methods);
    const call = send(own, 'POST /twins/silent/methods', {
      body: { methodName: 'reboot', responseTimeoutInSeconds: 5 },
    });
    await device.nextPublish();
    for (const timer of timers) timer();

    const refused = await call;

    expect(refused.status).toBe(504);
    expect(innerError(refused)).toMatchObject({
      errorCode: 504101,
      message: 'Timed out waiting for the response from device.',
    });
  });

  test('answered with what is not JSON is a bad device response', async () => {
    const { deviceId, device } = await connect();
    await using _ = device;
    await listenTo(device, methods);
    const call = invoke(deviceId, {});
    await answer(device, '200', 'yes');

    expect((await call).status).toBe(502);
  });

  test('is answered once: what a device sends later or for another call changes nothing', async () => {
    const { deviceId, device } = await connect();
    await using _ = device;
    await listenTo(device, methods);
    const call = invoke(deviceId, {});
    device.send(publish('$iothub/methods/res/200/?$rid=ffff', '"other"'));
    const topic = await answer(device, '200', '"first"');
    device.send(publish(topic.replace('POST/reboot', 'res/200'), '"second"'));

    expect((await call).json.payload).toBe('first');
  });

  test.each([
    ['a response timeout of 4 s', { responseTimeoutInSeconds: 4 }],
    ['a response timeout of 301 s', { responseTimeoutInSeconds: 301 }],
    ['a negative connect timeout', { connectTimeoutInSeconds: -1 }],
    ['a connect timeout above the response timeout', { connectTimeoutInSeconds: 31 }],
    ['no name', { methodName: null }],
    ['a name with a space', { methodName: 're boot' }],
    ['a name with a slash', { methodName: 're/boot' }],
    ['a payload of more than 128 KB', { payload: 'x'.repeat(128 * 1024) }],
  ])('with %s is 400004', async (_, body) => {
    emulator.registerDevice('picky');
    const refused = await invoke('picky', body);

    expect(refused.status).toBe(400);
    expect(innerError(refused)).toMatchObject({ errorCode: 400004 });
  });

  async function emulatorHasCall(deviceId: string): Promise<void> {
    while (emulator.calls.count({ operation: 'method.invoke', deviceId }) === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});
