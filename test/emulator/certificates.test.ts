import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import { startTestEmulator } from './support/emulator.js';

async function handshake(port: number, ca: string, servername?: string): Promise<string | null> {
  return await new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      ca,
      ...(servername === undefined ? {} : { servername }),
    });
    socket.on('error', reject);
    socket.on('secureConnect', () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
  });
}

test('the certificate covers every name of the emulator, on both ports', async () => {
  await using emulator = await startTestEmulator({ hostNames: ['hub'] });

  for (const port of [emulator.httpsPort, emulator.mqttPort]) {
    for (const name of ['localhost', 'hub1.azure-devices.test', 'hub', undefined]) {
      expect(await handshake(port, emulator.ca, name)).toBe('TLSv1.3');
    }
    await expect(handshake(port, emulator.ca, 'other.example')).rejects.toThrow(/altnames/);
  }
});

test('the authority is kept over starts, and its key is for its owner only', async () => {
  await using first = await startTestEmulator();
  const { dataDir } = first;
  const second = await startEmulator({ httpsPort: 0, mqttPort: 0, dataDir });
  await second.close();

  expect(second.ca).toBe(first.ca);
  expect(first.caFile).toBe(join(dataDir, 'ca.pem'));
  expect(readFileSync(first.caFile, 'utf8')).toBe(first.ca);
  expect(first.ca).not.toContain('PRIVATE KEY');
  expect(statSync(join(dataDir, 'ca-key.pem')).mode & 0o777).toBe(0o600);
});

test('emulators that start at once in one folder agree on the authority', async () => {
  await using first = await startTestEmulator();
  const { dataDir } = first;
  const others = await Promise.all(
    [1, 2, 3].map(() => startEmulator({ httpsPort: 0, mqttPort: 0, dataDir })),
  );

  expect(new Set(others.map(({ ca }) => ca))).toEqual(new Set([first.ca]));
  await Promise.all(others.map((emulator) => emulator.close()));
});

test('an authority near its end is replaced', async () => {
  await using first = await startTestEmulator();
  const inTenYears = new Date(Date.now() + 3650 * 86_400_000);
  const { dataDir } = first;
  const later = await startEmulator({
    httpsPort: 0,
    mqttPort: 0,
    dataDir,
    clock: () => inTenYears,
  });
  await later.close();

  expect(later.ca).not.toBe(first.ca);
});

test('a damaged authority is reported with the file to remove', async () => {
  await using emulator = await startTestEmulator();
  const { dataDir } = emulator;
  writeFileSync(join(dataDir, 'ca-key.pem'), 'nonsense');

  await expect(startEmulator({ httpsPort: 0, mqttPort: 0, dataDir })).rejects.toThrow(
    /ca-key\.pem does not hold the emulator's authority .*: remove it/,
  );
});

test('a start that finds its second port taken leaves the first one free', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const address = blocker.address();
  const mqttPort = typeof address === 'object' ? (address?.port ?? 0) : 0;

  await expect(startTestEmulator({ mqttPort })).rejects.toThrow(
    new RegExp(`port ${mqttPort} on 127.0.0.1 is taken.*--mqtt-port`),
  );
  blocker.close();
});
