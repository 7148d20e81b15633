import { hubError } from '../errors.js';
import type { Hub } from '../hub/hub.js';
import type { Identity } from '../hub/identity.js';
import { policies } from '../policies.js';
import { expiresAt, parseSasToken, type SasToken, verifyScope, verifySignature } from '../sas.js';
import { formatClientPath } from './topics.js';

export interface Credential {
  /** When the credential ends, in milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/**
 * Believes a device that brings a token signed by one of its own keys, or by a policy that may
 * connect as any device. Throws the hub's 401 otherwise.
 */
export function authenticate(
  hub: Pick<Hub, 'clock' | 'hostNames'>,
  identity: Identity,
  password: string,
): Credential {
  const token = parseSasToken(password);
  verifySignature(token, findKeys(identity, token), hub.clock.now());
  verifyScope(token, formatClientPath(identity).split('/'), hub.hostNames);
  return { expiresAtMs: expiresAt(token) };
}

function findKeys(identity: Identity, token: SasToken): readonly string[] {
  if (token.policyName !== undefined) {
    const policy = policies.get(token.policyName);
    if (policy?.rights.has('DeviceConnect')) return [policy.key];
    throw hubError('IotHubUnauthorizedAccess', 'The policy may not connect as a device.');
  }
  const { authentication } = identity.state;
  if (authentication.type === 'sas') {
    return [authentication.primaryKey, authentication.secondaryKey];
  }
  throw hubError('IotHubUnauthorizedAccess', 'The device has no symmetric key.');
}
