import type { Check, Need } from './check.js';
import { createSession, type Session } from './support/hub.js';
import type { Target } from './support/target.js';

export interface Result {
  readonly check: Check;
  /** What was expected and what was there; absent when the check passed. */
  readonly error?: Error;
}

/** What a target lacks for a check; empty when the check can run. */
export function missingFor({ needs }: Check, target: Target): readonly Need[] {
  const has: Readonly<Record<Need, boolean>> = {
    policies: target.policyKeys !== undefined,
    bearer: target.bearerToken !== undefined,
    amqp: target.doors.amqp !== undefined,
    events: target.eventsPath !== undefined,
  };
  return needs.filter((need) => !has[need]);
}

/** Runs one check, and says how it ended. */
export async function runCheck(session: Session, check: Check): Promise<Result> {
  try {
    await session.withHub((hub) => check.run(hub));
    return { check };
  } catch (error) {
    return { check, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** Runs all checks that can run against the target, so many at the same time. */
export async function runChecks(
  checks: readonly Check[],
  target: Target,
  concurrency = 1,
): Promise<readonly Result[]> {
  const session = createSession(target);
  const pending = checks.filter((check) => missingFor(check, target).length === 0).values();
  const results: Result[] = [];
  async function work(): Promise<void> {
    for (const check of pending) results.push(await runCheck(session, check));
  }
  try {
    await Promise.all(Array.from({ length: concurrency }, work));
  } finally {
    await session.close();
  }
  return results;
}
