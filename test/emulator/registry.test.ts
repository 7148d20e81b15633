import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { connectMqtt } from './support/mqtt.js';

const anyEtag = { 'If-Match': '"*"' };

describe('the identity registry', () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  test('answers a creation with 200, two generated keys and the ETag', async () => {
    const { status, json, headers } = await send(emulator, 'PUT /devices/fresh', {
      body: { deviceId: 'fresh' },
    });

    expect(status).toBe(200);
    expect(headers.etag).toBe(`"${json.etag}"`);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(json).toMatchObject({
      deviceId: 'fresh',
      status: 'enabled',
      statusReason: null,
      connectionState: 'Disconnected',
      statusUpdatedTime: '0001-01-01T00:00:00',
      cloudToDeviceMessageCount: 0,
      authentication: {
        type: 'sas',
        x509Thumbprint: { primaryThumbprint: null, secondaryThumbprint: null },
      },
      capabilities: { iotEdge: false },
    });
    expect(Buffer.from(json.etag, 'base64').toString()).toMatch(/^\d+$/);
    const { primaryKey, secondaryKey } = json.authentication.symmetricKey;
    expect(Buffer.from(primaryKey, 'base64')).toHaveLength(32);
    expect(secondaryKey).not.toBe(primaryKey);
  });

  test('takes empty keys as a wish for generated ones', async () => {
    const authentication = { type: 'sas', symmetricKey: { primaryKey: '', secondaryKey: '' } };
    const { json } = await send(emulator, 'PUT /devices/empty-keys', {
      body: { deviceId: 'empty-keys', authentication },
    });

    expect(json.authentication.symmetricKey.primaryKey).toHaveLength(44);
  });

  test('creates only what does not exist, and updates only what does', async () => {
    await send(emulator, 'PUT /devices/once', { body: { deviceId: 'once' } });
    const again = await send(emulator, 'PUT /devices/once', { body: { deviceId: 'once' } });
    const missing = await send(emulator, 'PUT /devices/never', {
      body: { deviceId: 'never' },
      headers: anyEtag,
    });

    expect(again.status).toBe(409);
    expect(again.headers['iothub-errorcode']).toBe('DeviceAlreadyExists');
    expect(again.json.Message).toBe(
      "ErrorCode:DeviceAlreadyExists;A device with ID 'once' is already registered.",
    );
    expect(again.json.ExceptionMessage).toMatch(
      /^Tracking ID:[0-9a-f]{32}-G:0-TimeStamp:\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/,
    );
    expect(missing.status).toBe(404);
  });

  test('updates under the current ETag, quoted or not, and refuses a stale one with 412', async () => {
    const created = await send(emulator, 'PUT /devices/guarded', { body: {} });
    const update = (etag: string) =>
      send(emulator, 'PUT /devices/guarded', { body: {}, headers: { 'If-Match': etag } });

    const quoted = await update(`"${created.json.etag}"`);
    const stale = await update(`"${created.json.etag}"`);
    const bare = await update(quoted.json.etag);

    expect([quoted.status, stale.status, bare.status]).toEqual([200, 412, 200]);
    expect(stale.headers['iothub-errorcode']).toBe('PreconditionFailed');
  });

  test('deletes only with If-Match, and answers 204 without a body', async () => {
    await send(emulator, 'PUT /devices/doomed', { body: {} });

    const without = await send(emulator, 'DELETE /devices/doomed');
    const stale = await send(emulator, 'DELETE /devices/doomed', { headers: { 'If-Match': 'x' } });
    const deleted = await send(emulator, 'DELETE /devices/doomed', { headers: anyEtag });
    const gone = await send(emulator, 'DELETE /devices/doomed', { headers: anyEtag });

    expect([without.status, stale.status, deleted.status, gone.status]).toEqual([
      412, 412, 204, 404,
    ]);
    expect(deleted.text).toBe('');
    expect(gone.json.Message).toBe('ErrorCode:DeviceNotFound;doomed');
  });

  test('an update replaces all settings: one that names no keys gets new ones', async () => {
    const created = await send(emulator, 'PUT /devices/rekeyed', {
      body: { status: 'disabled', statusReason: 'spare' },
    });
    const updated = await send(emulator, 'PUT /devices/rekeyed', { body: {}, headers: anyEtag });

    expect(created.json).toMatchObject({ status: 'disabled', statusReason: 'spare' });
    expect(updated.json).toMatchObject({ status: 'enabled', statusReason: null });
    expect(updated.json.statusUpdatedTime).not.toBe('0001-01-01T00:00:00');
    expect(updated.json.generationId).toBe(created.json.generationId);
    expect(updated.json.authentication).not.toEqual(created.json.authentication);
  });

  test('a device that is created anew has another generation', async () => {
    const first = await send(emulator, 'PUT /devices/reborn', { body: {} });
    await send(emulator, 'DELETE /devices/reborn', { headers: anyEtag });
    const second = await send(emulator, 'PUT /devices/reborn', { body: {} });

    expect(second.json.generationId).not.toBe(first.json.generationId);
  });

  test.each([
    ['one key alone', { symmetricKey: { primaryKey: 'a'.repeat(43).concat('=') } }],
    ['a key that is not base64', { symmetricKey: { primaryKey: '!', secondaryKey: '!' } }],
    [
      'a key of 8 bytes',
      { symmetricKey: { primaryKey: 'AAAAAAAAAAA=', secondaryKey: 'AAAAAAAAAAA=' } },
    ],
    [
      'a thumbprint with colons',
      { type: 'selfSigned', x509Thumbprint: { primaryThumbprint: 'AA:BB' } },
    ],
    ['type none', { type: 'none' }],
    ['an unknown type', { type: 'magic' }],
  ])('refuses %s with 400', async (_, authentication) => {
    const { status } = await send(emulator, 'PUT /devices/refused', { body: { authentication } });

    expect(status).toBe(400);
    expect((await send(emulator, 'GET /devices/refused')).status).toBe(404);
  });

  test.each(['a b', 'a/b', 'ü', 'x'.repeat(129)])('refuses the device id %j', async (deviceId) => {
    const { status } = await send(emulator, `PUT /devices/${encodeURIComponent(deviceId)}`, {
      body: { deviceId },
    });

    expect(status).toBe(400);
  });

  test('takes every character that an id may have, percent-encoded', async () => {
    const deviceId = "a-.+%_#*?!(),:=@$'";
    const path = `/devices/${encodeURIComponent(deviceId)}`;

    const created = await send(emulator, `PUT ${path}`, { body: { deviceId } });
    const read = await send(emulator, `GET ${path}/`);

    expect(created.status).toBe(200);
    expect(read.json.deviceId).toBe(deviceId);
  });

  test('refuses a body for another device', async () => {
    const { status } = await send(emulator, 'PUT /devices/one', { body: { deviceId: 'other' } });

    expect(status).toBe(400);
  });

  test('lists at most as many as asked for, also with a trailing slash', async () => {
    const { status, json } = await send(emulator, 'GET /devices/?top=2');

    expect(status).toBe(200);
    expect(json).toHaveLength(2);
  });

  test('counts devices', async () => {
    await using own = await startTestEmulator();
    own.registerDevice('on');
    own.registerDevice('off', { status: 'disabled' });

    expect((await send(own, 'GET /statistics/devices')).json).toEqual({
      totalDeviceCount: 2,
      enabledDeviceCount: 1,
      disabledDeviceCount: 1,
    });
    expect((await send(own, 'GET /statistics/service')).json).toEqual({ connectedDeviceCount: 0 });
  });

  test('disabling or deleting a device drops its connection', async () => {
    const connectionString = emulator.registerDevice('cut');
    await using client = await connectMqtt(emulator, connectionString);
    await client.next();
    const connected = await send(emulator, 'GET /devices/cut');
    await send(emulator, 'PUT /devices/cut', {
      body: { ...connected.json, status: 'disabled' },
      headers: anyEtag,
    });
    await client.closed;
    await using refused = await connectMqtt(emulator, connectionString);

    expect(connected.json.connectionState).toBe('Connected');
    expect(await refused.next()).toMatchObject({ cmd: 'connack', returnCode: 5 });
    expect((await send(emulator, 'GET /devices/cut')).json.connectionState).toBe('Disconnected');
  });
});
