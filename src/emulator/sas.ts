import { createHmac, timingSafeEqual } from 'node:crypto';
import { hubError } from './errors.js';
import type { HostNames } from './host-names.js';

/** A shared access signature, read but not yet believed. */
export interface SasToken {
  /** `sr` exactly as sent: the signature covers this text. */
  readonly resource: string;
  readonly signature: Buffer;
  /** `se` exactly as sent, in seconds since 1970. */
  readonly expiry: string;
  /** `skn`: the policy whose key signed; absent when a device's own key did. */
  readonly policyName: string | undefined;
}

const prefix = 'SharedAccessSignature ';
/** How far the clocks of client and hub may differ. */
const clockSkewMs = 300_000;

export function parseSasToken(text: string): SasToken {
  const fields = new Map<string, string>();
  if (text.startsWith(prefix)) {
    for (const part of text.slice(prefix.length).split('&')) {
      const equals = part.indexOf('=');
      if (equals > 0) fields.set(part.slice(0, equals), part.slice(equals + 1));
    }
  }
  const resource = fields.get('sr');
  const signature = fields.get('sig');
  const expiry = fields.get('se');
  if (resource === undefined || signature === undefined || !/^\d{1,12}$/.test(expiry ?? '')) {
    throw unauthorized('The authorization is not a shared access signature.');
  }
  const policyName = fields.get('skn');
  return {
    resource,
    signature: Buffer.from(decode(signature), 'base64'),
    expiry: expiry ?? '',
    policyName: policyName === undefined ? undefined : decode(policyName),
  };
}

/** When the token ends, in milliseconds since 1970, the allowed clock skew included. */
export function expiresAt(token: SasToken): number {
  return Number(token.expiry) * 1000 + clockSkewMs;
}

/** Throws the hub's 401 unless one of the keys signed the token and it has not expired. */
export function verifySignature(token: SasToken, keys: readonly string[], now: Date): void {
  if (!keys.some((key) => isSignedBy(token, key))) {
    throw unauthorized(
      'The specified SAS token has an invalid signature. It does not match either the primary or secondary key.',
    );
  }
  if (expiresAt(token) <= now.getTime()) {
    throw unauthorized('The specified SAS token is expired.');
  }
}

/** What of this hub a token is for: the first segments of a path, none for the whole hub. */
export type Scope = readonly string[];

/** The scope of a token's resource. Throws the hub's 401 when that is not of this hub. */
export function parseScope(token: SasToken, hostNames: HostNames): Scope {
  const [host = '', ...scope] = decode(token.resource)
    .replace(/^(?:https|amqps|mqtts):\/\//i, '')
    .replace(/\/+$/, '')
    .split('/');
  if (!hostNames.has(host)) throw outOfScope();
  return scope;
}

/** Throws the hub's 401 unless the scope is a prefix of `path` in whole segments. */
export function verifyScope(scope: Scope, path: readonly string[]): void {
  if (!scope.every((segment, index) => isSegment(segment, path[index]))) throw outOfScope();
}

export function createSasToken(
  resource: string,
  key: string,
  expirySeconds: number,
  policyName?: string,
): string {
  const encoded = encodeURIComponent(resource);
  const signature = encodeURIComponent(
    sign(encoded, String(expirySeconds), key).toString('base64'),
  );
  const tail = policyName === undefined ? '' : `&skn=${encodeURIComponent(policyName)}`;
  return `${prefix}sr=${encoded}&sig=${signature}&se=${expirySeconds}${tail}`;
}

function isSignedBy(token: SasToken, key: string): boolean {
  const expected = sign(token.resource, token.expiry, key);
  return token.signature.length === expected.length && timingSafeEqual(token.signature, expected);
}

function sign(resource: string, expiry: string, key: string): Buffer {
  return createHmac('sha256', Buffer.from(key, 'base64')).update(`${resource}\n${expiry}`).digest();
}

/** Ids are encoded once with the whole resource; some clients encode them before, too. */
function isSegment(text: string, segment: string | undefined): boolean {
  return text === segment || decode(text) === segment;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unauthorized('The authorization is not a shared access signature.');
  }
}

function outOfScope(): Error {
  return unauthorized('The specified SAS token is for another resource.');
}

function unauthorized(message: string): Error {
  return hubError('IotHubUnauthorizedAccess', message);
}
