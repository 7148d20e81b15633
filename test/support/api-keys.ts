import { randomBytes } from 'node:crypto';
import { createApiKey, hashApiKey } from '../../src/services/callers/api-keys.js';

/** An API key, and the entry of the configuration file that admits it. */
export interface TestApiKey {
  readonly key: string;
  readonly entry: object;
}

/** One for an hour, unless it is to be another time. */
export function makeApiKey(
  id: string,
  roles: readonly string[],
  expiresAt = new Date(Date.now() + 3_600_000),
): TestApiKey {
  const key = createApiKey(randomBytes);
  const entry = { id, sha256: hashApiKey(key), roles, expiresAt: expiresAt.toISOString() };
  return { key, entry };
}
