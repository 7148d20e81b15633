import { RequestError } from '../errors.js';

/** Why the part of a hub is missing from what was asked of several. */
export interface HubFailure {
  readonly hub: string;
  readonly code: HubFailureCode;
  readonly message: string;
}

export const hubFailureCodes = ['HUB_UNAVAILABLE', 'HUB_THROTTLED', 'HUB_UNAUTHORIZED'] as const;
export type HubFailureCode = (typeof hubFailureCodes)[number];

/** The failure of one hub among several. Throws what is none of a hub: the caller's mistakes. */
export function failureOf(hub: string, error: unknown): HubFailure {
  const code =
    error instanceof RequestError ? hubFailureCodes.find((one) => one === error.code) : undefined;
  if (code === undefined) throw error;
  return { hub, code, message: (error as RequestError).message };
}

/** The same of a hub that was asked for itself alone: whatever went wrong is its failure. */
export function failureOfCheck(hub: string, error: Error): HubFailure {
  try {
    return failureOf(hub, error);
  } catch {
    return { hub, code: 'HUB_UNAVAILABLE', message: error.message };
  }
}

/** What several hubs answered, and those that did not. */
export interface Answers<T> {
  readonly answers: readonly T[];
  readonly unavailable: readonly HubFailure[];
}

/**
 * Asks all at once. One that is down is left out and named, as long as another answers; where none
 * does, throws what the first of them threw.
 */
export async function askAll<Asked extends { readonly name: string }, T>(
  hubs: readonly Asked[],
  ask: (hub: Asked) => Promise<T>,
): Promise<Answers<T>> {
  const settled = await Promise.allSettled(hubs.map(ask));
  const answers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = settled.flatMap((one, index) => {
    if (one.status === 'fulfilled') return [];
    const name = hubs[index]?.name ?? '';
    return [{ reason: one.reason, failure: failureOf(name, one.reason) }];
  });
  const [first] = failed;
  if (first && answers.length === 0) throw first.reason;
  return { answers, unavailable: failed.map(({ failure }) => failure) };
}
