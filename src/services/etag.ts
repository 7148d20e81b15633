import { badInput, RequestError } from './errors.js';
import { HubError } from './hub/hub.js';
import { toRequestError } from './request-failure.js';

/** How often a change is tried on whatever somebody else has made of it meanwhile. */
const ATTEMPTS = 3;

/** Checks an ETag that a caller gives. Throws RequestError naming the argument. */
export function parseEtag(text: string, argument: string): string {
  if (/^[\x21\x23-\x29\x2b-\x7e]{1,128}$/.test(text)) return text;
  throw badInput(argument, 'expected the ETag as it was read: 1 to 128 characters, without quotes');
}

/** What has an ETag, and how it is read and changed. */
export interface Guarded<State, Result> {
  readonly read: () => Promise<State>;
  readonly etagOf: (state: State) => string;
  /** Must fail with PRECONDITION_FAILED where the state is not the one that was read. */
  readonly change: (state: State) => Promise<Result>;
}

/**
 * Reads, and changes what was read. With `ifMatch` only that very state; without, whatever is
 * there: a change that somebody else overtook was not done, so it is tried again on the new state.
 */
export async function changeGuarded<State, Result>(
  { read, etagOf, change }: Guarded<State, Result>,
  ifMatch: string | undefined,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const state = await read();
    if (ifMatch !== undefined && etagOf(state) !== ifMatch) throw etagMismatch(etagOf(state));
    try {
      return await change(state);
    } catch (error) {
      const overtaken = error instanceof HubError && error.code === 'PRECONDITION_FAILED';
      if (!overtaken) throw error;
      if (ifMatch !== undefined || attempt === ATTEMPTS) throw etagMismatch(etagOf(await read()));
    }
  }
}

/** As an error that clients see. */
export async function asRequest<T>(change: Promise<T>): Promise<T> {
  return change.catch((error: Error) => {
    throw toRequestError(error);
  });
}

/** With the ETag that it has now. */
export function etagMismatch(currentEtag: string): RequestError {
  const message = 'ifMatch: somebody else changed it; look at what it is now, then try again';
  return new RequestError('ETAG_MISMATCH', message, 'ifMatch', currentEtag);
}
