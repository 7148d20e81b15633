import { isJsonObject, type JsonValue } from '../json.js';
import { HubError } from './hub.js';

const secretNames = new Set(['primaryKey', 'secondaryKey']);

/**
 * Waits for an exchange whose request holds keys. Should the hub repeat one of them in what it says
 * about a failure, it is struck out: errors reach clients and logs.
 */
export async function withoutSecrets<T>(
  request: JsonValue | undefined,
  exchange: Promise<T>,
): Promise<T> {
  try {
    return await exchange;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const message = secretsIn(request).reduce(
      (text, secret) => text.replaceAll(secret, '***'),
      error.message,
    );
    throw new HubError(error.code, message);
  }
}

function secretsIn(value: JsonValue | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    secretNames.has(name) && typeof inner === 'string' && inner !== '' ? [inner] : secretsIn(inner),
  );
}
