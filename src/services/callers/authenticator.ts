import type { Caller } from '../access.js';
import type { Clock } from '../clock.js';
import { RequestError } from '../errors.js';
import { type ApiKey, findApiKey, isApiKey, isWholeApiKey } from './api-keys.js';
import { type ClaimMapping, type Claims, claimAt, rolesIn } from './claims.js';
import { grantsOf, type Roles } from './roles.js';
import type { TokenVerifier } from './tokens.js';

/** Whom a credential stands for. Throws RequestError UNAUTHENTICATED or ISSUER_UNAVAILABLE. */
export type Authenticate = (credential: string | undefined) => Promise<Caller>;

export interface AuthenticatorOptions {
  /** Absent: there is no issuer, and no token is taken. */
  readonly tokens?: TokenVerifier | undefined;
  readonly apiKeys: readonly ApiKey[];
  readonly roles: Roles;
  readonly claims: ClaimMapping;
  readonly clock: Clock;
}

/** What an id may be: it stands in the journal, and in logs. */
const idPattern = /^[^\p{C}]{1,256}$/u;

/** Tells callers by their access token or API key. Ids of users and of keys never coincide. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticate {
  const { tokens, apiKeys, roles, claims: mapping, clock } = options;

  return async (credential) => {
    if (credential === undefined) {
      throw new RequestError('UNAUTHENTICATED', `there is no credential; expected ${expected()}`);
    }
    if (isApiKey(credential)) return holderOf(credential);
    if (!tokens) throw refused(`expected ${expected()}`);
    const { claims, expiresAt } = await tokens.verify(credential);
    const names = rolesIn(claims, mapping).filter((name) => Object.hasOwn(roles, name));
    const grants = grantsOf(names, { roles, claims });
    return { id: `user:${userIn(claims)}`, grants, roles: names, expiresAt };
  };

  function holderOf(key: string): Caller {
    if (!isWholeApiKey(key)) throw refused('the API key is incomplete or mistyped');
    const found = findApiKey(apiKeys, key);
    if (!found) throw refused('there is no such API key');
    const { id, roles: names, expiresAt } = found;
    if (clock.now() >= expiresAt.getTime()) throw refused('the API key has expired');
    const grants = grantsOf(names, { roles, claims: {} });
    return { id: `key:${id}`, grants, roles: names, expiresAt };
  }

  function userIn(claims: Claims): string {
    const id = claimAt(claims, mapping.id);
    if (typeof id === 'string' && idPattern.test(id)) return id;
    throw refused(`the access token is not taken: it lacks the claim ${mapping.id}, a text`);
  }

  function expected(): string {
    const kinds = [
      ...(tokens ? ['an access token'] : []),
      ...(apiKeys.length > 0 ? ['an API key'] : []),
    ];
    return `${kinds.join(' or ')} as Authorization: Bearer …`;
  }
}

function refused(message: string): RequestError {
  return new RequestError('UNAUTHENTICATED', message);
}
