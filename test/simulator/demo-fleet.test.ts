import { describe, expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import { describeDemoDevice } from '../../src/simulator/demo-device.js';
import { startDemoFleet } from '../../src/simulator/demo-fleet.js';
import { createServiceSdk } from '../emulator/support/service.js';
import { createCleanup } from '../support/cleanup.js';
import { createTemporaryFolder } from '../support/temporary-folder.js';

describe('the demo fleet', () => {
  test('is of two node devices, a python and a java one, over and over', () => {
    const conventions = Array.from(
      { length: 6 },
      (_, index) => describeDemoDevice(index).convention,
    );
    expect(conventions).toEqual(['node', 'node', 'python', 'java', 'node', 'node']);
  });

  test('names every device differently, and each the same every time', () => {
    const ids = Array.from({ length: 40 }, (_, index) => describeDemoDevice(index).deviceId);
    expect(new Set(ids).size).toBe(40);
    expect(ids[0]).toBe('lobby-display-1');
    expect(ids[8]).toBe('lobby-display-2');
  });

  test('tags every device with the profile that fits it, and gives it what there is to filter by', () => {
    expect(describeDemoDevice(2)).toEqual({
      deviceId: 'weather-station-1',
      convention: 'python',
      firmwareVersion: '2.0.1',
      tags: {
        site: 'Tromsø',
        timeZone: 'Europe/Oslo',
        floor: 6,
        environment: 'production',
        twinql: { profile: 'python' },
      },
      properties: {
        battery: { level: 26, charging: false },
        network: { kind: 'wifi', rssi: -67 },
      },
    });
  });

  test('has devices of every site that are up to date and others that are not', () => {
    const devices = Array.from({ length: 40 }, (_, index) => describeDemoDevice(index));
    const seen = new Set(
      devices.map(({ tags, firmwareVersion }) => `${tags.site} ${firmwareVersion}`),
    );
    expect([...seen].sort()).toEqual([
      'Lisbon 1.3.9',
      'Lisbon 1.4.2',
      'Osaka 1.3.9',
      'Osaka 1.4.2',
      'Osaka 3.0.4',
      'Osaka 3.1.0',
      'Tromsø 1.9.8',
      'Tromsø 2.0.1',
    ]);
  });

  test('connects all its devices, tagged, and takes them all away again', async () => {
    await using cleanup = createCleanup();
    const { path } = cleanup.use(await createTemporaryFolder());
    const emulator = await startEmulator({ httpsPort: 0, mqttPort: 0, dataDir: path });
    cleanup.defer(() => emulator.close());
    const { registry } = createServiceSdk(emulator);

    const fleet = await startDemoFleet({
      count: 4,
      ca: emulator.ca,
      register: emulator.registerDevice,
    });
    const sites = 'SELECT * FROM devices WHERE is_defined(tags.twinql.profile)';
    const twins = await registry.createQuery(sites).nextAsTwin();
    expect(twins.result.map(({ deviceId }: { deviceId: string }) => deviceId).sort()).toEqual(
      fleet.devices.map(({ deviceId }) => deviceId).sort(),
    );
    const states = () => registry.list().then(({ responseBody }) => responseBody.map(connectionOf));
    expect(await states()).toEqual(Array(4).fill('Connected'));
    const { responseBody } = await registry.getTwin('cooling-pump-1');
    expect(responseBody.properties.reported).toMatchObject({
      model: 'Contoso N100',
      firmwareVersion: '1.4.2',
      battery: { level: 63, charging: false },
    });
    await fleet.stop();
    await expect.poll(states).toEqual(Array(4).fill('Disconnected'));
  });

  test('fails as a whole when one device cannot be registered', async () => {
    const register = () => Promise.reject(new Error('The registry is full.'));
    await expect(startDemoFleet({ count: 2, register })).rejects.toThrow('The registry is full.');
  });

  test('may be of no device at all', async () => {
    const fleet = await startDemoFleet({ count: 0, register: () => '' });
    expect(fleet.devices).toEqual([]);
    await fleet.stop();
  });
});

function connectionOf(device: { readonly connectionState?: unknown }): unknown {
  return device.connectionState;
}
