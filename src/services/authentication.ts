import { badInput } from './errors.js';
import type { Authentication, SymmetricKeys } from './hub/identity.js';

/** How a new device or module is to prove who it is: one of these, or keys that are made for it. */
export interface AuthenticationChoice {
  readonly symmetricKeys?: SymmetricKeys | undefined;
  readonly thumbprints?:
    | { readonly primary: string; readonly secondary?: string | undefined }
    | undefined;
  readonly certificateAuthority?: boolean | undefined;
}

/** So many random bytes. */
export type RandomBytes = (size: number) => Buffer;

/** What the hub's own keys have. */
const KEY_BYTES = 32;

/** A key as the hub makes them. */
export function createKey(randomBytes: RandomBytes): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

/** Two new keys. */
export function createKeys(randomBytes: RandomBytes): SymmetricKeys {
  return { primaryKey: createKey(randomBytes), secondaryKey: createKey(randomBytes) };
}

/**
 * Reads a choice, making keys where none is taken. Throws RequestError naming the argument, which
 * never repeats a key.
 */
export function parseAuthentication(
  choice: AuthenticationChoice,
  argument: string,
  randomBytes: RandomBytes,
): Authentication {
  const { symmetricKeys, thumbprints, certificateAuthority } = choice;
  const taken = [symmetricKeys, thumbprints, certificateAuthority || undefined];
  if (taken.filter((way) => way !== undefined).length > 1) {
    throw badInput(argument, 'more than one way; expected symmetricKeys, thumbprints or neither');
  }
  if (certificateAuthority) return { type: 'CERTIFICATE_AUTHORITY' };
  if (thumbprints) {
    const { primary, secondary } = thumbprints;
    checkThumbprint(primary, `${argument}.thumbprints.primary`);
    if (secondary !== undefined) checkThumbprint(secondary, `${argument}.thumbprints.secondary`);
    return {
      type: 'SELF_SIGNED',
      primaryThumbprint: primary,
      secondaryThumbprint: secondary ?? null,
    };
  }
  if (symmetricKeys === undefined) return { type: 'SAS', keys: createKeys(randomBytes) };
  checkKey(symmetricKeys.primaryKey, `${argument}.symmetricKeys.primaryKey`);
  checkKey(symmetricKeys.secondaryKey, `${argument}.symmetricKeys.secondaryKey`);
  return { type: 'SAS', keys: symmetricKeys };
}

function checkKey(key: string, argument: string): void {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.toString('base64') !== key || bytes.length < 16 || bytes.length > 64) {
    throw badInput(argument, 'expected the base64 of 16 to 64 bytes');
  }
}

function checkThumbprint(text: string, argument: string): void {
  if (/^(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/.test(text)) return;
  throw badInput(argument, 'expected 40 (SHA-1) or 64 (SHA-256) hexadecimal digits');
}
