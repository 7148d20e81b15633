import { generateKeyPairSync, sign } from 'node:crypto';
import { type Jwks, parseJwks } from '../../src/emulator/entra.js';
import type { Credential } from '../../src/services/hub/access-token.js';

/** An identity provider of the test's own. */
export interface TestIssuer {
  readonly jwks: Jwks;
  /** Gives tokens of a lifetime, or throws what it is told to. */
  readonly credential: Credential;
  /** The scopes that tokens were asked for with. */
  readonly asked: readonly string[];
}

export function createIssuer(lifetimeSeconds = 3600, refusal?: Error): TestIssuer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asked: string[] = [];
  return {
    jwks: parseJwks({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'issuer' }] }),
    asked,
    credential: {
      async getToken(scope) {
        asked.push(scope);
        if (refusal) throw refusal;
        const exp = Math.floor(Date.now() / 1000) + lifetimeSeconds;
        const claims = { aud: scope.replace('/.default', ''), exp };
        const text = `${encode({ alg: 'RS256', kid: 'issuer' })}.${encode(claims)}`;
        const signature = sign('sha256', Buffer.from(text), privateKey).toString('base64url');
        return { token: `${text}.${signature}`, expiresOnTimestamp: exp * 1000 };
      },
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
