import 'reflect-metadata';
import { createHash, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import azureIotCommon from 'azure-iot-common';
import azureIotDevice from 'azure-iot-device';
import azureIotDeviceMqtt from 'azure-iot-device-mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { rejectionOf } from './support/rejection.js';

interface DeviceCertificate {
  readonly cert: string;
  readonly key: string;
  readonly sha1: string;
  readonly sha256: string;
}

async function createCertificate(name: string): Promise<DeviceCertificate> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
  });
  const bytes = Buffer.from(certificate.rawData);
  return {
    cert: certificate.toString('pem'),
    key: x509.PemConverter.encode(
      await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
      'PRIVATE KEY',
    ),
    sha1: createHash('sha1').update(bytes).digest('hex'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

describe('a device with a certificate', () => {
  let emulator: TestEmulator;
  let mine: DeviceCertificate;
  let other: DeviceCertificate;
  beforeAll(async () => {
    emulator = await startTestEmulator();
    mine = await createCertificate('mine');
    other = await createCertificate('other');
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  async function register(deviceId: string, x509Thumbprint: object): Promise<void> {
    await send(emulator, `PUT /devices/${deviceId}`, {
      body: { authentication: { type: 'selfSigned', x509Thumbprint } },
    });
  }

  async function connect(deviceId: string, { cert, key }: DeviceCertificate): Promise<void> {
    const client = azureIotDevice.Client.fromConnectionString(
      `HostName=localhost:${emulator.mqttPort};DeviceId=${deviceId};x509=true`,
      azureIotDeviceMqtt.Mqtt,
    );
    client.setRetryPolicy(new azureIotCommon.NoRetry());
    client.on('error', () => {});
    await client.setOptions({ ca: emulator.ca, cert, key });
    await client.open();
    await client.close();
  }

  test.each(['sha1', 'sha256'] as const)('is let in by its %s thumbprint', async (digest) => {
    await register(`by-${digest}`, { primaryThumbprint: mine[digest].toUpperCase() });
    await connect(`by-${digest}`, mine);

    expect((await send(emulator, `GET /twins/by-${digest}`)).json).toMatchObject({
      authenticationType: 'selfSigned',
      x509Thumbprint: { primaryThumbprint: mine[digest].toUpperCase() },
    });
  });

  test('is let in by its secondary thumbprint', async () => {
    await register('second', { primaryThumbprint: other.sha1, secondaryThumbprint: mine.sha1 });

    await connect('second', mine);
  });

  test("is refused with another's certificate", async () => {
    await register('guarded', { primaryThumbprint: mine.sha256 });

    expect((await rejectionOf(connect('guarded', other))).name).toBe('UnauthorizedError');
  });

  test('is refused where the registry expects a key', async () => {
    emulator.registerDevice('with-key');

    expect((await rejectionOf(connect('with-key', mine))).name).toBe('UnauthorizedError');
  });
});
