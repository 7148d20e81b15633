import { errors, jwtVerify } from 'jose';
import type { Clock } from '../clock.js';
import { RequestError } from '../errors.js';
import type { Claims } from './claims.js';
import type { IssuerKeys } from './issuer-keys.js';

/** Which access tokens are taken: those of one OpenID Connect issuer, for us. */
export interface TokenTerms {
  readonly issuer: string;
  /** A token is for one of these. */
  readonly audiences: readonly string[];
  readonly jwksUri?: string | undefined;
}

/** A token that was proved. */
export interface ProvedToken {
  readonly claims: Claims;
  /** When it is taken no more. */
  readonly expiresAt: Date;
}

/** How far the issuer's clock and ours may differ (s). */
export const CLOCK_TOLERANCE = 60;

/** Signatures of a private key alone: with a shared secret, who can check a token can make one. */
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** Longer tokens are refused unread (characters). */
const LONGEST_TOKEN = 16 * 1024;

export interface TokenVerifierOptions {
  readonly terms: TokenTerms;
  readonly keys: IssuerKeys;
  readonly clock: Clock;
}

/** Proves access tokens (JWT, RFC 7519 and 9068). */
export class TokenVerifier {
  readonly #options: TokenVerifierOptions;

  constructor(options: TokenVerifierOptions) {
    this.#options = options;
  }

  /** Throws RequestError UNAUTHENTICATED, which never repeats the token, or ISSUER_UNAVAILABLE. */
  async verify(token: string): Promise<ProvedToken> {
    if (token.length > LONGEST_TOKEN) throw refused('it is too long');
    const { terms, keys, clock } = this.#options;
    try {
      const { payload } = await jwtVerify(token, (header, jws) => keys.find(header, jws), {
        algorithms,
        issuer: terms.issuer,
        audience: [...terms.audiences],
        clockTolerance: CLOCK_TOLERANCE,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp'],
      });
      const expiresAt = new Date((Number(payload.exp) + CLOCK_TOLERANCE) * 1000);
      return { claims: payload, expiresAt };
    } catch (error) {
      throw error instanceof errors.JOSEError ? refused(reasonOf(error)) : error;
    }
  }
}

function refused(reason: string): RequestError {
  return new RequestError('UNAUTHENTICATED', `the access token is not taken: ${reason}`);
}

const reasons: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'it has expired',
  ERR_JWKS_NO_MATCHING_KEY: 'it is signed by a key that the issuer does not list',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'it does not say which key it is signed by',
  ERR_JOSE_ALG_NOT_ALLOWED: 'it is not signed by an algorithm of public and private keys',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'its signature is not that of the issuer',
};

const claimReasons: Readonly<Record<string, string>> = {
  iss: 'it is of another issuer',
  aud: 'it is for another audience',
  nbf: 'it is not valid yet',
};

function reasonOf(error: InstanceType<typeof errors.JOSEError>): string {
  const known = reasons[error.code];
  if (known) return known;
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'it is no signed JWT';
  const { claim, reason } = error;
  if (reason === 'missing') return `it lacks the claim ${claim}`;
  return claimReasons[claim] ?? `its claim ${claim} is not valid`;
}
