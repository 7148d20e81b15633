import azureIotDevice from 'azure-iot-device';
import azureIotDeviceMqtt from 'azure-iot-device-mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { createServiceSdk, type ServiceSdk } from './support/service.js';

describe('modules', () => {
  let emulator: TestEmulator;
  let sdk: ServiceSdk;
  beforeAll(async () => {
    emulator = await startTestEmulator();
    sdk = createServiceSdk(emulator);
    emulator.registerDevice('d1');
    emulator.registerDevice('off', { status: 'disabled' });
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  test('are created, read, updated, listed and removed by the SDK', async () => {
    const name = { deviceId: 'd1', moduleId: 'm-life' };
    const { responseBody: created } = await sdk.registry.addModule(name);
    await sdk.registry.updateModule({ ...name, managedBy: 'me' }, true);
    const { responseBody: read } = await sdk.registry.getModule('d1', 'm-life');
    const { responseBody: listed } = await sdk.registry.getModulesOnDevice('d1');
    await sdk.registry.removeModule('d1', 'm-life');

    expect(created.authentication?.symmetricKey?.primaryKey).toHaveLength(44);
    expect(created).not.toHaveProperty('status');
    expect(read).toMatchObject({ ...name, managedBy: 'me' });
    expect(listed.map(({ moduleId }) => moduleId)).toEqual(['m-life']);
    expect((await send(emulator, 'GET /devices/d1/modules/m-life')).status).toBe(404);
    expect((await send(emulator, 'GET /twins/d1/modules/m-life')).json.Message).toMatch(
      /^ErrorCode:DeviceNotFound;/,
    );
  });

  test('connect, report and answer methods under their own key', async () => {
    const { responseBody } = await sdk.registry.addModule({ deviceId: 'd1', moduleId: 'm1' });
    const key = responseBody.authentication?.symmetricKey?.primaryKey;
    const client = azureIotDevice.ModuleClient.fromConnectionString(
      `HostName=localhost:${emulator.mqttPort};DeviceId=d1;ModuleId=m1;SharedAccessKey=${key}`,
      azureIotDeviceMqtt.Mqtt,
    );
    await client.setOptions({ ca: emulator.ca });
    await client.open();
    client.onMethod('ping', (_request, response) => void response?.send(200, 'pong'));
    const twin = await client.getTwin();
    await new Promise<void>((resolve, reject) => {
      twin.properties.reported['update']({ up: true }, (error?: Error) =>
        error ? reject(error) : resolve(),
      );
    });
    await new Promise<void>((resolve, reject) => {
      client.sendOutputEvent('out', new azureIotDevice.Message('x'), (error?: Error) =>
        error ? reject(error) : resolve(),
      );
    });
    const { result } = await sdk.client.invokeDeviceMethod('d1', 'm1', {
      methodName: 'ping',
      payload: null,
      connectTimeoutInSeconds: 5,
    });
    const { responseBody: moduleTwin } = await sdk.registry.getModuleTwin('d1', 'm1');
    const rows = await send(emulator, 'POST /devices/query', {
      body: { query: 'SELECT * FROM devices.modules WHERE properties.reported.up = true' },
    });
    await client.close();

    expect(result).toEqual({ status: 200, payload: 'pong' });
    expect(moduleTwin).toMatchObject({
      deviceId: 'd1',
      moduleId: 'm1',
      connectionState: 'Connected',
      properties: { reported: { up: true } },
    });
    expect(rows.json).toMatchObject([{ deviceId: 'd1', moduleId: 'm1' }]);
    expect((await send(emulator, 'GET /twins/d1')).json.connectionState).toBe('Disconnected');
  });

  test.each([
    ['GET /devices/nobody/modules', 401],
    ['GET /devices/off/modules', 401],
    ['GET /devices/d1/modules/none', 404],
    ['PUT /devices/off/modules/m', 401],
    ['PUT /devices/d1/modules/$edgeAgent', 400],
    ['PUT /devices/d1/modules/a%20b', 400],
  ])('%s answers %i', async (line, status) => {
    const body = line.startsWith('PUT') ? { body: {} } : {};

    expect((await send(emulator, line, body)).status).toBe(status);
  });

  test('follow the ETag rules of devices', async () => {
    const put = (headers = {}) =>
      send(emulator, 'PUT /devices/d1/modules/m-etag', { body: {}, headers });
    const remove = (headers = {}) =>
      send(emulator, 'DELETE /devices/d1/modules/m-etag', { headers });

    const statuses = [
      (await put({ 'If-Match': '*' })).status,
      (await put()).status,
      (await put()).status,
      (await put({ 'If-Match': '"x"' })).status,
      (await put({ 'If-Match': '"*"' })).status,
      (await remove()).status,
      (await remove({ 'If-Match': '*' })).status,
    ];

    expect(statuses).toEqual([404, 200, 409, 412, 200, 412, 204]);
  });

  test('number at most 50 on a device', async () => {
    emulator.registerDevice('full');
    for (let index = 0; index < 50; index += 1) {
      await send(emulator, `PUT /devices/full/modules/m${index}`, { body: {} });
    }

    expect((await send(emulator, 'PUT /devices/full/modules/m50', { body: {} })).status).toBe(413);
  });

  test('of the edge runtime come with an edge device, whose scope never changes', async () => {
    const edge = { capabilities: { iotEdge: true } };
    const { json } = await send(emulator, 'PUT /devices/edge', { body: edge });
    const { json: modules } = await send(emulator, 'GET /devices/edge/modules');
    const update = (body: object) =>
      send(emulator, 'PUT /devices/edge', { body, headers: { 'If-Match': '*' } });

    expect(json.deviceScope).toBe(`ms-azure-iot-edge://edge-${json.generationId}`);
    expect(modules).toMatchObject([
      { moduleId: '$edgeAgent', managedBy: 'iotEdge', authentication: { type: 'none' } },
      { moduleId: '$edgeHub' },
    ]);
    expect((await update(edge)).status).toBe(400);
    expect((await update({ ...edge, deviceScope: json.deviceScope })).status).toBe(200);
  });
});

describe('bulk writes', () => {
  let emulator: TestEmulator;
  let sdk: ServiceSdk;
  beforeAll(async () => {
    emulator = await startTestEmulator();
    sdk = createServiceSdk(emulator);
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  test('add, update and remove devices through the SDK', async () => {
    const devices = [{ deviceId: 'b1' }, { deviceId: 'b2' }];
    const { responseBody } = await sdk.registry.addDevices(devices);
    await sdk.registry.updateDevices([{ deviceId: 'b1', status: 'disabled' }], true);
    const updated = await send(emulator, 'GET /devices/b1');
    await sdk.registry.removeDevices(devices, true);

    expect(responseBody).toEqual({ isSuccessful: true, errors: [], warnings: [] });
    expect(updated.json.status).toBe('disabled');
    expect((await send(emulator, 'GET /devices')).json).toEqual([]);
  });

  test('report each failure and carry out the rest', async () => {
    emulator.registerDevice('old');
    const { status, json } = await send(emulator, 'POST /devices', {
      body: [
        { id: 'old', importMode: 'create' },
        { id: 'gone', importMode: 'Delete' },
        { id: 'new', importMode: 'create', tags: { a: 1 }, properties: { desired: { b: 2 } } },
        { id: 'new', importMode: 'create' },
        { id: 'new', moduleId: 'm', importMode: 'create' },
      ],
    });
    const twin = await send(emulator, 'GET /twins/new');

    expect(status).toBe(400);
    expect(json.isSuccessful).toBe(false);
    expect(json.errors).toMatchObject([
      { deviceId: 'old', errorCode: 409001, errorStatus: 'DeviceAlreadyExists' },
      { deviceId: 'gone', errorCode: 404001, errorStatus: 'DeviceNotFound' },
      { deviceId: 'new', errorStatus: 'DeviceDefinedMultipleTimes' },
    ]);
    expect(twin.json).toMatchObject({ tags: { a: 1 }, properties: { desired: { b: 2 } } });
    expect((await send(emulator, 'GET /twins/new/modules/m')).status).toBe(200);
  });

  test('update under an ETag only while it is current', async () => {
    emulator.registerDevice('guarded');
    const { json } = await send(emulator, 'GET /devices/guarded');
    const update = (eTag: string) =>
      send(emulator, 'POST /devices', {
        body: [{ id: 'guarded', importMode: 'UpdateIfMatchETag', eTag }],
      });

    expect((await update(json.etag)).status).toBe(200);
    expect((await update(json.etag)).json.errors).toMatchObject([{ errorCode: 412001 }]);
  });

  test.each([[[]], [{}], [Array.from({ length: 101 }, () => ({ id: 'x' }))], [['x']], [[{}]]])(
    'refuse a body that is not 1 to 100 devices (%#)',
    async (body) => {
      expect((await send(emulator, 'POST /devices', { body })).status).toBe(400);
    },
  );
});
