import 'reflect-metadata'; // @peculiar/x509 resolves its parsers through decorator metadata
import { createHash, webcrypto } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Writes two self-signed certificates with their keys, as devices have them, and their thumbprints. */
export async function writeDeviceCertificates(folder) {
  mkdirSync(folder, { recursive: true });
  const thumbprints = {};
  for (const name of ['mine', 'other']) {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      signingAlgorithm: algorithm,
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    writeFileSync(join(folder, `${name}.pem`), `${certificate.toString('pem')}\n`);
    writeFileSync(
      join(folder, `${name}-key.pem`),
      `${x509.PemConverter.encode(key, 'PRIVATE KEY')}\n`,
    );
    const digest = (hash) =>
      createHash(hash).update(Buffer.from(certificate.rawData)).digest('hex');
    thumbprints[name] = { sha1: digest('sha1'), sha256: digest('sha256') };
  }
  writeFileSync(join(folder, 'thumbprints.json'), JSON.stringify(thumbprints));
  return folder;
}
