import { createHash, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A key that a service proves itself with. The key itself is kept nowhere. */
export interface ApiKey {
  readonly id: string;
  /** SHA-256 of the key, in hexadecimal. A key has 256 random bits: nothing slower is needed. */
  readonly sha256: string;
  readonly roles: readonly string[];
  readonly expiresAt: Date;
}

/** So that whoever finds one somewhere, or scans for them, knows what it is. */
const PREFIX = 'twinql_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY_BYTES = 32;
/** Digits in base 62 of 256 bits, and of the checksum's 32. */
const KEY_DIGITS = 43;
const CHECKSUM_DIGITS = 6;

const pattern = new RegExp(`^${PREFIX}[0-9A-Za-z]{${KEY_DIGITS + CHECKSUM_DIGITS}}$`);

/** A new key: the prefix, 256 random bits and a checksum of what is before it, in base 62. */
export function createApiKey(randomBytes: (size: number) => Buffer): string {
  const number = BigInt(`0x${randomBytes(KEY_BYTES).toString('hex')}`);
  const body = PREFIX + inBase62(number, KEY_DIGITS);
  return body + checksumOf(body);
}

/** Whether a credential is an API key rather than a token. */
export function isApiKey(credential: string): boolean {
  return credential.startsWith(PREFIX);
}

/** Whether nothing of a key was lost or mistyped. */
export function isWholeApiKey(key: string): boolean {
  return (
    pattern.test(key) && checksumOf(key.slice(0, -CHECKSUM_DIGITS)) === key.slice(-CHECKSUM_DIGITS)
  );
}

/** What is kept of a key. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Whose key it is. Every entry is compared, each in constant time: the time tells nothing. */
export function findApiKey(keys: readonly ApiKey[], key: string): ApiKey | undefined {
  const hash = Buffer.from(hashApiKey(key));
  return keys.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256), hash)).at(0);
}

function checksumOf(body: string): string {
  return inBase62(BigInt(crc32(body)), CHECKSUM_DIGITS);
}

function inBase62(number: bigint, digits: number): string {
  let text = '';
  for (let rest = number; text.length < digits; rest /= 62n) {
    text = ALPHABET.charAt(Number(rest % 62n)) + text;
  }
  return text;
}
