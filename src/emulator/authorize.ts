import type { EntraVerifier } from './entra.js';
import { hubError } from './errors.js';
import type { HostNames } from './host-names.js';
import type { Hub } from './hub/hub.js';
import { policies, type Right } from './policies.js';
import {
  expiresAt,
  parseSasToken,
  parseScope,
  type Scope,
  verifyScope,
  verifySignature,
} from './sas.js';

/** Throws the hub's 401 unless the caller may do what it asks for. */
export type Authorize = (
  authorization: string | undefined,
  path: readonly string[],
  right: Right,
) => void;

interface Verified {
  readonly scope: Scope;
  readonly rights: ReadonlySet<Right>;
  readonly expiresAtMs: number;
}

/** SDKs reuse a token for an hour, and some sign one per request: few are worth remembering. */
const maxRemembered = 256;
const bearer = 'Bearer ';
const bearerRights: ReadonlySet<Right> = new Set([
  'RegistryRead',
  'RegistryWrite',
  'ServiceConnect',
]);

export function createAuthorize(hub: Pick<Hub, 'clock' | 'hostNames' | 'entra'>): Authorize {
  const remembered = new Map<string, Verified>();

  function verify(text: string): Verified {
    const known = remembered.get(text);
    const now = hub.clock.now();
    if (known !== undefined && known.expiresAtMs > now.getTime()) return known;
    const verified = text.startsWith(bearer)
      ? verifyBearerToken(hub.entra, text.slice(bearer.length), now)
      : verifyPolicyToken(text, hub.hostNames, now);
    const [oldest] = remembered.keys();
    if (remembered.size >= maxRemembered && oldest !== undefined) remembered.delete(oldest);
    remembered.set(text, verified);
    return verified;
  }

  return (authorization, path, right) => {
    if (authorization === undefined) throw unauthorized('The request has no authorization.');
    const { scope, rights } = verify(authorization);
    verifyScope(scope, path);
    // A missing right is a 401 here, not a 403.
    if (!rights.has(right)) throw unauthorized('Unauthorized');
  };
}

/** Roles are not modelled: who holds a token may do what a service may. */
function verifyBearerToken(entra: EntraVerifier | undefined, token: string, now: Date): Verified {
  if (entra === undefined) throw unauthorized('This emulator was given no keys for bearer tokens.');
  return { scope: [], rights: bearerRights, expiresAtMs: entra.verify(token, now) };
}

function verifyPolicyToken(text: string, hostNames: HostNames, now: Date): Verified {
  const token = parseSasToken(text);
  const policy = policies.get(token.policyName ?? '');
  if (policy === undefined) throw unauthorized('Unauthorized');
  verifySignature(token, [policy.key], now);
  return {
    scope: parseScope(token, hostNames),
    rights: policy.rights,
    expiresAtMs: expiresAt(token),
  };
}

function unauthorized(message: string): Error {
  return hubError('IotHubUnauthorizedAccess', message);
}
