import 'reflect-metadata'; // @peculiar/x509 resolves its parsers through decorator metadata
import { randomBytes, webcrypto } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as x509 from '@peculiar/x509';
import type { HostNames } from './host-names.js';

/** What a TLS server needs, and what its clients must be told. */
export interface Certificates {
  /** PEM of the authority that clients must trust. */
  readonly ca: string;
  /** Absolute path of that PEM. */
  readonly caFile: string;
  /** PEM of the server's certificate and of its private key. */
  readonly certificate: string;
  readonly privateKey: string;
}

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;
const caLifeDays = 3650;
/** Some TLS stacks refuse server certificates of more than 398 days. */
const leafLifeDays = 397;

/**
 * Issues a server certificate from the authority in `dataDir`, which is created on first use and
 * kept, so that clients trust it once. Its private key never leaves a file only its owner can read.
 */
export async function issueCertificates(
  dataDir: string,
  hostNames: HostNames,
  now: Date,
): Promise<Certificates> {
  const authority = await openAuthority(dataDir, now);
  const keys = await generateKeys();
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: createSerialNumber(),
    subject: 'CN=localhost',
    issuer: authority.certificate.subject,
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(
      Math.min(now.getTime() + leafLifeDays * dayMs, authority.certificate.notAfter.getTime()),
    ),
    publicKey: keys.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...hostNames.dns.map((value) => ({ type: 'dns' as const, value })),
        ...hostNames.ip.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const ca = toPem(authority.certificate);
  const caFile = resolve(dataDir, 'ca.pem');
  if (readIfPresent(caFile) !== ca) writeFileSync(caFile, ca, { mode: 0o644 });
  return {
    ca,
    caFile,
    certificate: toPem(leaf),
    privateKey: await exportPrivateKey(keys.privateKey),
  };
}

async function openAuthority(dataDir: string, now: Date): Promise<Authority> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'ca-key.pem');
  const stored = await readAuthority(file);
  if (stored !== undefined && stored.certificate.notAfter.getTime() > now.getTime() + dayMs) {
    return stored;
  }
  if (stored !== undefined) rmSync(file, { force: true });
  await createAuthority(file, now);
  const created = await readAuthority(file);
  if (created === undefined) throw new Error(`cannot read the authority just written to ${file}`);
  return created;
}

/** The key and its certificate are one file, so that a crash cannot leave a key without its certificate. */
async function readAuthority(file: string): Promise<Authority | undefined> {
  const text = readIfPresent(file);
  if (text === undefined) return undefined;
  try {
    const [key, certificate] = x509.PemConverter.decode(text);
    if (key === undefined || certificate === undefined) throw new Error('half of it is missing');
    return {
      certificate: new x509.X509Certificate(certificate),
      privateKey: await webcrypto.subtle.importKey('pkcs8', key, algorithm, false, ['sign']),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${file} does not hold the emulator's authority (${reason}): remove it`);
  }
}

async function createAuthority(file: string, now: Date): Promise<void> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: createSerialNumber(),
    name: 'CN=twinql emulator CA',
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(now.getTime() + caLifeDays * dayMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const text = `${await exportPrivateKey(keys.privateKey)}${toPem(certificate)}`;
  // A link appears whole or not at all, and never replaces what another process has just made.
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function exportPrivateKey(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

function toPem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

function createSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40; // positive, and no leading zero byte
  return bytes.toString('hex');
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
