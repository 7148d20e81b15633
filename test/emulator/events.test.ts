import azureIotCommon from 'azure-iot-common';
import azureIotDevice from 'azure-iot-device';
import azureIotDeviceMqtt from 'azure-iot-device-mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClock } from '../../src/emulator/clock.js';
import { createEvents } from '../../src/emulator/hub/events.js';
import { formatAnnotations, formatSystemProperties } from '../../src/emulator/hub/hub-event.js';
import { policies } from '../../src/emulator/policies.js';
import { createSasToken } from '../../src/emulator/sas.js';
import { connectDevice } from './support/device.js';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { connectMqtt, publish } from './support/mqtt.js';

describe('what devices send to the cloud', () => {
  let emulator: TestEmulator;
  let count = 0;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  function register() {
    const deviceId = `d${++count}`;
    return { deviceId, connectionString: emulator.registerDevice(deviceId) };
  }

  const arrived = (deviceId: string, wanted = 1) =>
    vi.waitUntil(() => {
      const events = emulator.events.list({ deviceId });
      return events.length >= wanted && events;
    });

  test('arrives from the official device SDK with all its properties', async () => {
    const { deviceId, connectionString } = register();
    await using device = await connectDevice(emulator, connectionString);
    const message = new azureIotCommon.Message('grüße');
    message.messageId = 'm-1';
    message.contentType = 'application/json';
    message.contentEncoding = 'utf-8';
    message.properties.add('colour & more', 'blau/grün');
    await device.client.sendEvent(message);
    const [event, ...others] = await arrived(deviceId);

    expect(others).toEqual([]);
    expect(String(event?.message.body)).toBe('grüße');
    expect(event?.message.properties).toEqual({ 'colour & more': 'blau/grün' });
    expect(event && formatSystemProperties(event)).toEqual({
      'message-id': 'm-1',
      'content-type': 'application/json',
      'content-encoding': 'utf-8',
    });
  });

  test('names the output that a module of the official SDK sent it by', async () => {
    const { deviceId } = register();
    const { json: module } = await send(emulator, `PUT /devices/${deviceId}/modules/m`, {
      body: { deviceId, moduleId: 'm' },
    });
    const key = module.authentication.symmetricKey.primaryKey;
    const client = azureIotDevice.ModuleClient.fromConnectionString(
      `HostName=localhost:${emulator.mqttPort};DeviceId=${deviceId};ModuleId=m;SharedAccessKey=${key}`,
      azureIotDeviceMqtt.Mqtt,
    );
    await client.setOptions({ ca: emulator.ca });
    await client.open();
    await client.sendOutputEvent('alarms', new azureIotCommon.Message('hot'));
    const [event] = await arrived(deviceId);
    await client.close();

    expect(event && formatAnnotations(event)).toMatchObject({
      'iothub-connection-module-id': 'm',
      'x-opt-output-name': 'alarms',
    });
  });

  test('says so when the device came with the key of a policy', async () => {
    const { deviceId, connectionString } = register();
    const key = policies.get('device')?.key ?? '';
    const expiry = Math.ceil(Date.now() / 1000) + 3600;
    await using device = await connectMqtt(emulator, connectionString, {
      password: createSasToken('localhost', key, expiry, 'device'),
      username: `localhost/${deviceId}/?api-version=2021-04-12&model-id=dtmi:example:pump;1`,
    });
    await device.next();
    device.send(publish(`devices/${deviceId}/messages/events/$.sub=motor`, 'x'));
    const [event] = await arrived(deviceId);

    expect(event && formatAnnotations(event)).toMatchObject({
      'iothub-connection-auth-method':
        '{"scope":"hub","type":"sas","issuer":"iothub","acceptingIpFilterRule":null}',
      'dt-dataschema': 'dtmi:example:pump;1',
      'dt-subject': 'motor',
    });
  });

  test('is told by the control endpoint, as text and as bytes, and forgotten', async () => {
    const control = (line: string) => send(emulator, line, { authorization: null });
    const { deviceId, connectionString } = register();
    await using device = await connectMqtt(emulator, connectionString);
    await device.next();
    device.send(publish(`devices/${deviceId}/messages/events/a=1&a%ZZ`, '{"t":21}'));
    const binary = publish(`devices/${deviceId}/messages/events/`);
    device.send({ ...binary, payload: Buffer.from([0xff, 0x00]) });
    await arrived(deviceId, 2);
    const { json } = await control(`GET /$emulator/events?deviceId=${deviceId}`);
    await control('DELETE /$emulator/events');

    expect(json.events).toMatchObject([
      {
        deviceId,
        moduleId: null,
        properties: { a: '1', 'a%ZZ': null },
        body: '{"t":21}',
        bodyBase64: 'eyJ0IjoyMX0=',
        enqueuedAt: expect.stringMatching(/^20\d\d-.*Z$/),
      },
      { body: null, bodyBase64: '/wA=', properties: {} },
    ]);
    expect((await control('GET /$emulator/events')).json).toEqual({ events: [] });
  });

  test.each([
    ['is cut', (deviceId: string) => emulator.disconnectDevice(deviceId)],
    [
      'breaks the protocol',
      (_: string, device: { send(packet: ReturnType<typeof publish>): void }) =>
        device.send(publish('elsewhere', 'x')),
    ],
    [
      'is ended because the device is disabled',
      (deviceId: string) =>
        void send(emulator, `PUT /devices/${deviceId}`, {
          body: { deviceId, status: 'disabled' },
          headers: { 'If-Match': '*' },
        }),
    ],
  ])('includes the will of a device whose connection %s', async (_, end) => {
    const { deviceId, connectionString } = register();
    const topic = `devices/${deviceId}/messages/events/`;
    await using device = await connectMqtt(emulator, connectionString, {
      will: { topic, payload: Buffer.from('lost'), qos: 1, retain: false },
    });
    await device.next();
    end(deviceId, device);
    const events = await arrived(deviceId);

    expect(events).toMatchObject([{ message: { properties: { 'iothub-MessageType': 'Will' } } }]);
  });

  test('includes the will of a device that falls silent, but not once it is deleted', async () => {
    let nowMs = Date.now();
    await using hub = await startTestEmulator({ clock: createClock(() => new Date(nowMs)) });
    const wills = (deviceId: string) => ({
      keepalive: 10,
      will: {
        topic: `devices/${deviceId}/messages/events/`,
        payload: Buffer.from('lost'),
        qos: 0 as const,
        retain: false,
      },
    });
    await using silent = await connectMqtt(hub, hub.registerDevice('silent'), wills('silent'));
    await using deleted = await connectMqtt(hub, hub.registerDevice('deleted'), wills('deleted'));
    await Promise.all([silent.next(), deleted.next()]);
    await send(hub, 'DELETE /devices/deleted', { headers: { 'If-Match': '*' } });
    await deleted.closed;
    nowMs += 16_000;
    await silent.closed;
    await vi.waitUntil(() => hub.events.list().length > 0);

    expect(hub.events.list().map(({ origin }) => origin.deviceId)).toEqual(['silent']);
  });

  test('is forgotten with all else at a reset', async () => {
    const { deviceId, connectionString } = register();
    await using device = await connectMqtt(emulator, connectionString);
    await device.next();
    device.send(publish(`devices/${deviceId}/messages/events/`, 'x'));
    await arrived(deviceId);
    emulator.reset();

    expect(emulator.events.list()).toEqual([]);
  });
});

describe('the partitions of the events', () => {
  const origin = (deviceId: string) => ({
    deviceId,
    moduleId: undefined,
    generationId: '1',
    authenticationMethod: { scope: 'device', type: 'sas' } as const,
    modelId: '',
  });
  const message = (text: string) => ({ body: Buffer.from(text), properties: {} });

  test('are read from a sequence number on, and lose nothing by it', () => {
    const events = createEvents(createClock());
    const heard: number[] = [];
    const unwatch = events.watch(({ sequenceNumber }) => heard.push(sequenceNumber));
    const [first, second, third] = ['a', 'b', 'c'].map((text) =>
      events.append(origin('d'), message(text)),
    );
    unwatch();
    events.append(origin('d'), message('unheard'));
    const partition = first?.partition ?? -1;

    expect(heard).toEqual([0, 1, 2]);
    expect(events.read(partition, 1, 2)).toEqual([second, third]);
    expect(events.read(partition, 0, 1)).toEqual([first]);
    expect(events.read(partition, 4, 10)).toEqual([]);
    expect(third?.offset).toBeGreaterThan(second?.offset ?? 0);
  });

  test('share the devices among them', () => {
    const events = createEvents(createClock());
    const used = new Set(
      Array.from(
        { length: 100 },
        (_, index) => events.append(origin(`d${index}`), message('')).partition,
      ),
    );

    expect([...used].sort()).toEqual([0, 1, 2, 3]);
  });

  test('keep the newest 10,000 events', () => {
    const events = createEvents(createClock());
    for (let index = 0; index < 25_000; index += 1) {
      events.append(origin('d'), message(String(index)));
    }
    const kept = events.list();

    expect(kept).toHaveLength(10_000);
    expect(kept.map(({ sequenceNumber }) => sequenceNumber)[0]).toBe(15_000);
    expect(String(kept.at(-1)?.message.body)).toBe('24999');
    expect(events.read(kept[0]?.partition ?? -1, 0, 1)).toEqual([kept[0]]);
  });

  test('count what stands in properties, too', () => {
    const events = createEvents(createClock());
    const long = 'x'.repeat(32 * 1024);
    const wordy = { ...message(''), messageId: long, properties: { long } };
    for (let index = 0; index < 400; index += 1) events.append(origin('d'), wordy);

    expect(events.list().length).toBeLessThanOrEqual(256);
    expect(events.list().length).toBeGreaterThan(240);
  });

  test('keep no more than 16 MB of large ones', () => {
    const events = createEvents(createClock());
    const large = 'x'.repeat(256 * 1024);
    for (let index = 0; index < 200; index += 1) events.append(origin('d'), message(large));
    const bytes = events.list().reduce((sum, event) => sum + event.message.body.length, 0);

    expect(bytes).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(bytes).toBeGreaterThan(15 * 1024 * 1024);
    expect(events.list().at(-1)?.sequenceNumber).toBe(199);
  });
});
