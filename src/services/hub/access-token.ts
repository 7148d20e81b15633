import iothub from 'azure-iothub';
import type { Clock } from '../clock.js';

const LIFETIME_SECONDS = 3600;
/** Renewed this long before it ends: more than any request takes, and than clocks differ. */
const MARGIN_SECONDS = 600;

export interface AccessPolicy {
  /** As in the connection string, with the port if it has one: the text that is signed. */
  readonly host: string;
  readonly policy: string;
  readonly key: string;
}

/** Hands out a shared access signature, signing a new one only when the last is about to end. */
export function reusedToken({ host, policy, key }: AccessPolicy, clock: Clock): () => string {
  let token = '';
  let renewAt = 0;
  return () => {
    const now = Math.floor(clock.now() / 1000);
    if (now >= renewAt) {
      token = iothub.SharedAccessSignature.create(
        host,
        policy,
        key,
        now + LIFETIME_SECONDS,
      ).toString();
      renewAt = now + LIFETIME_SECONDS - MARGIN_SECONDS;
    }
    return token;
  };
}
