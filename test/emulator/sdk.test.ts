import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectDevice, type TestDevice } from './support/device.js';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { rejectionOf } from './support/rejection.js';
import { createServiceSdk, type ServiceSdk } from './support/service.js';

describe('the official SDKs', () => {
  let emulator: TestEmulator;
  let sdk: ServiceSdk;
  let device: TestDevice;

  beforeAll(async () => {
    emulator = await startTestEmulator();
    sdk = createServiceSdk(emulator);
    const connectionString = emulator.registerDevice('pump-7', { tags: { site: 'münchen' } });
    device = await connectDevice(emulator, connectionString);
  });

  afterAll(async () => {
    await device[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
  });

  test('a device reads its twin, and its report shows in the twin and in a query', async () => {
    const twin = await device.client.getTwin();
    await new Promise<void>((resolve, reject) => {
      twin.properties.reported['update']({ lastReboot: 'now' }, (error?: Error) =>
        error ? reject(error) : resolve(),
      );
    });

    const { responseBody } = await sdk.registry.getTwin('pump-7');
    const query = sdk.registry.createQuery(
      "SELECT * FROM devices WHERE tags.site='münchen' AND properties.reported.lastReboot='now'",
    );
    const { result } = await query.nextAsTwin();

    expect(twin.properties.desired).toMatchObject({ $version: 1 });
    expect(responseBody).toMatchObject({
      connectionState: 'Connected',
      properties: { reported: { lastReboot: 'now', $version: 2 } },
    });
    expect(result.map((found) => found.deviceId)).toEqual(['pump-7']);
  });

  test('a desired property arrives at the device as a delta with its version', async () => {
    const twin = await device.client.getTwin();
    const arrived = new Promise<object>((resolve) => {
      twin.on('properties.desired', (delta) => {
        if (delta.interval !== undefined) resolve(delta);
      });
    });
    const subscriptions = { operation: 'mqtt.subscribe', deviceId: 'pump-7' } as const;
    await vi.waitUntil(() => emulator.calls.count(subscriptions) === 2); // to answers, and to this
    const { responseBody } = await sdk.registry.updateTwin(
      'pump-7',
      { properties: { desired: { interval: 60 } } },
      '*',
    );

    expect(await arrived).toMatchObject({
      interval: 60,
      $version: responseBody.properties.desired['$version'],
    });
  });

  test('a method reaches the device and its answer comes back', async () => {
    device.client.onDeviceMethod('reboot', (request, response) => {
      void response.send(202, { echoed: request.payload });
    });

    const { result } = await sdk.client.invokeDeviceMethod('pump-7', {
      methodName: 'reboot',
      payload: { delay: 'für immer' },
      connectTimeoutInSeconds: 5,
    });

    expect(result).toEqual({ status: 202, payload: { echoed: { delay: 'für immer' } } });
  });

  test('a method for a device that is not connected is the nested 404103', async () => {
    emulator.registerDevice('away');

    const error = await rejectionOf(
      sdk.client.invokeDeviceMethod('away', { methodName: 'reboot', payload: null }),
    );

    const envelope = JSON.parse(String(Reflect.get(error, 'responseBody')));
    expect(envelope.ExceptionMessage).toBe('');
    expect(JSON.parse(envelope.Message)).toMatchObject({ errorCode: 404103, info: {} });
  });

  test('the registry creates, updates, lists and removes devices', async () => {
    const created = await sdk.registry.create({ deviceId: 'new' });
    const updated = await sdk.registry.update({ deviceId: 'new', status: 'disabled' });
    const listed = await sdk.registry.list();
    await sdk.registry.delete('new');
    const error = await rejectionOf(sdk.registry.get('new'));

    expect(created.responseBody.authentication?.symmetricKey?.primaryKey).toHaveLength(44);
    expect(updated.responseBody.status).toBe('disabled');
    expect(listed.responseBody.map((identity) => identity.deviceId)).toContain('new');
    expect(error.name).toBe('DeviceNotFoundError');
  });

  test('a device whose key is wrong is not let in', async () => {
    emulator.registerDevice('locked');
    const wrong = `HostName=localhost:${emulator.mqttPort};DeviceId=locked;SharedAccessKey=${Buffer.alloc(32).toString('base64')}`;

    const error = await rejectionOf(connectDevice(emulator, wrong));

    expect(error.name).toBe('UnauthorizedError');
  });
});
