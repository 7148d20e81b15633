import type { Clock } from '../clock.js';
import { HubError } from './hub.js';

const LIFETIME_SECONDS = 3600;
/** Renewed this long before it ends: more than any request takes, and than clocks differ. */
const MARGIN_SECONDS = 600;

/**
 * Hands out a shared access signature, signing a new one only when the last is about to end.
 * `sign` makes one that ends at a time, in seconds since the epoch.
 */
export function reusedToken(sign: (endsAt: number) => string, clock: Clock): () => string {
  let token = '';
  let renewAt = 0;
  return () => {
    const now = Math.floor(clock.now() / 1000);
    if (now >= renewAt) {
      token = sign(now + LIFETIME_SECONDS);
      renewAt = now + LIFETIME_SECONDS - MARGIN_SECONDS;
    }
    return token;
  };
}

/** Whoever Microsoft Entra ID takes the gateway for: what `@azure/identity` calls a TokenCredential. */
export interface Credential {
  getToken(scope: string): Promise<{
    readonly token: string;
    /** Milliseconds since 1970. */
    readonly expiresOnTimestamp: number;
  } | null>;
}

/** What a token for any IoT Hub is asked for with. */
export const SCOPE = 'https://iothubs.azure.net/.default';
/** Renewed this long before it ends (ms), as long as it lasts; a token may live but minutes. */
const BEARER_MARGIN = 120_000;

/**
 * Hands out the value of an `Authorization` header with a bearer token, asking for a new one only
 * when the last is about to end. Throws HubError UNAUTHORIZED where there is none to be had.
 */
export function reusedBearer(credential: Credential, clock: Clock): () => Promise<string> {
  let bearer: Promise<string> | undefined;
  let renewAt = 0;

  async function ask(): Promise<string> {
    try {
      const answer = await credential.getToken(SCOPE);
      if (answer === null) throw new Error('there is no credential');
      renewAt = answer.expiresOnTimestamp - BEARER_MARGIN;
      return `Bearer ${answer.token}`;
    } catch (error) {
      bearer = undefined;
      const message = error instanceof Error ? error.message : String(error);
      // One line for each kind of credential that was tried.
      const reason = message.split('\n').join('; ');
      throw new HubError('UNAUTHORIZED', `Microsoft Entra ID gave no token: ${reason}`);
    }
  }

  return () => {
    if (bearer === undefined || clock.now() >= renewAt) {
      // Those who come while it is being asked for wait for the same.
      renewAt = Number.POSITIVE_INFINITY;
      bearer = ask();
    }
    return bearer;
  };
}
