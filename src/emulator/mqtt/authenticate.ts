import { hubError } from '../errors.js';
import type { AuthenticationMethod } from '../hub/device-link.js';
import type { Hub } from '../hub/hub.js';
import type { Identity } from '../hub/identity.js';
import { policies } from '../policies.js';
import {
  expiresAt,
  parseSasToken,
  parseScope,
  type SasToken,
  verifyScope,
  verifySignature,
} from '../sas.js';
import { formatClientPath } from './topics.js';

export interface Credential {
  /** When the credential ends, in milliseconds since 1970. */
  readonly expiresAtMs: number;
  readonly method: AuthenticationMethod;
}

/** What a device brings to prove who it is. */
export interface Proof {
  readonly password: string;
  /** Of the certificate it has shown. */
  readonly thumbprints: readonly string[];
}

/**
 * Believes a device that brings a token signed by one of its own keys, or by a policy that may
 * connect as any device, or that has shown a certificate which the registry knows as its own.
 * Throws the hub's 401 otherwise.
 */
export function authenticate(
  hub: Pick<Hub, 'clock' | 'hostNames'>,
  identity: Identity,
  { password, thumbprints }: Proof,
): Credential {
  const own = identity.moduleId === undefined ? 'device' : 'module';
  if (password === '') {
    verifyThumbprint(identity, thumbprints);
    const method = { scope: own, type: 'x509Certificate' } as const;
    return { expiresAtMs: Number.POSITIVE_INFINITY, method };
  }
  const token = parseSasToken(password);
  verifySignature(token, findKeys(identity, token), hub.clock.now());
  verifyScope(parseScope(token, hub.hostNames), formatClientPath(identity).split('/'));
  const scope = token.policyName === undefined ? own : 'hub';
  return { expiresAtMs: expiresAt(token), method: { scope, type: 'sas' } };
}

function verifyThumbprint(identity: Identity, thumbprints: readonly string[]): void {
  const { authentication } = identity.state;
  const known =
    authentication.type === 'selfSigned'
      ? [authentication.primaryThumbprint, authentication.secondaryThumbprint]
      : [];
  const shown = new Set(thumbprints.map((thumbprint) => thumbprint.toUpperCase()));
  if (!known.some((thumbprint) => thumbprint !== null && shown.has(thumbprint.toUpperCase()))) {
    throw hubError('IotHubUnauthorizedAccess', 'The device has shown no certificate of its own.');
  }
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
