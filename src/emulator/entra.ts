import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { hubError } from './errors.js';

/** The keys that an identity provider signs with, as its JWKS lists them. */
export type Jwks = z.infer<typeof jwks>;

const jwks = z.object({
  keys: z.array(z.looseObject({ kid: z.string(), kty: z.enum(['RSA', 'EC']) })),
});

/** Reads a JWKS, or throws a ZodError. */
export function parseJwks(value: unknown): Jwks {
  return jwks.parse(value);
}

/** The audience of tokens for any IoT Hub. */
const audience = /^https:\/\/iothubs\.azure\.net\/?$/;
const clockSkewSeconds = 300;

const header = z.object({ alg: z.enum(['RS256', 'ES256']), kid: z.string() });
const claims = z.object({ aud: z.string(), exp: z.number(), nbf: z.number().optional() });

/** Believes tokens of Microsoft Entra ID, or of whatever signs with the given keys. */
export interface EntraVerifier {
  /** Gives when the token ends, in milliseconds since 1970, or throws the hub's 401. */
  verify(token: string, now: Date): number;
}

export function createEntraVerifier({ keys }: Jwks): EntraVerifier {
  const publicKeys = new Map<string, KeyObject>(
    keys.map((key) => [key.kid, createPublicKey({ key: key as JsonWebKey, format: 'jwk' })]),
  );
  return {
    verify(token, now) {
      const [headerPart = '', claimsPart = '', signature = '', ...rest] = token.split('.');
      const { alg, kid } = decode(headerPart, header);
      const key = publicKeys.get(kid);
      const text = Buffer.from(`${headerPart}.${claimsPart}`);
      if (key === undefined || rest.length > 0 || !isSigned(alg, { key, text, signature })) {
        throw unauthorized('The bearer token is not signed by a known key.');
      }
      const { aud, exp, nbf = 0 } = decode(claimsPart, claims);
      const nowSeconds = now.getTime() / 1000;
      if (!audience.test(aud)) throw unauthorized('The bearer token is for another audience.');
      if (exp + clockSkewSeconds < nowSeconds || nbf - clockSkewSeconds > nowSeconds) {
        throw unauthorized('The bearer token is expired, or not valid yet.');
      }
      return (exp + clockSkewSeconds) * 1000;
    },
  };
}

interface Signed {
  readonly key: KeyObject;
  readonly text: Buffer;
  /** base64url */
  readonly signature: string;
}

/** The key's own kind decides, too: an RSA key never checks an ES256 signature. */
function isSigned(alg: 'RS256' | 'ES256', { key, text, signature }: Signed): boolean {
  const fits = key.asymmetricKeyType === (alg === 'RS256' ? 'rsa' : 'ec');
  if (!fits) return false;
  const options = alg === 'RS256' ? key : { key, dsaEncoding: 'ieee-p1363' as const };
  return verify('sha256', text, options, Buffer.from(signature, 'base64url'));
}

function decode<T>(part: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
  } catch {
    throw unauthorized('The authorization is not a bearer token that the hub can read.');
  }
}

function unauthorized(message: string): Error {
  return hubError('IotHubUnauthorizedAccess', message);
}
