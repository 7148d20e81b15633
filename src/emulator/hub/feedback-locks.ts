import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { hubError } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { Feedback, FeedbackBatch } from './feedback.js';

export interface LockedFeedback {
  readonly lockToken: string;
  readonly records: readonly JsonObject[];
}

/**
 * Feedback for services that ask for it rather than listen. What is handed out is theirs for a minute; unless they
 * complete it by then, it waits for whoever asks next.
 */
export interface FeedbackLocks {
  /** All that waits; `undefined` when nothing does. */
  receive(): LockedFeedback | undefined;
  /** Forgets what is under the lock. Throws the hub's 412002 when the lock has ended. */
  complete(lockToken: string): void;
  /** Gives it to whoever asks next. Throws as `complete` does. */
  abandon(lockToken: string): void;
  /** Forgets all that is under a lock. */
  clear(): void;
}

/** As long as a new hub locks its feedback. */
const lockMs = 60_000;

interface Lock {
  readonly batch: FeedbackBatch;
  readonly cancelEnd: () => void;
}

export function createFeedbackLocks(feedback: Feedback, clock: Clock): FeedbackLocks {
  const locks = new Map<string, Lock>();

  function unlock(lockToken: string): FeedbackBatch {
    const lock = locks.get(lockToken);
    if (lock === undefined) {
      throw hubError('DeviceMessageLockLost', 'The lock has ended, or there was none.');
    }
    locks.delete(lockToken);
    lock.cancelEnd();
    return lock.batch;
  }

  function abandon(lockToken: string): void {
    feedback.giveBack(unlock(lockToken));
  }

  return {
    receive() {
      const batch = feedback.take();
      if (batch === undefined) return undefined;
      const lockToken = randomUUID();
      locks.set(lockToken, {
        batch,
        cancelEnd: clock.schedule(() => abandon(lockToken), lockMs),
      });
      return { lockToken, records: batch.records };
    },
    complete: (lockToken) => void unlock(lockToken),
    abandon,
    clear() {
      for (const { cancelEnd } of locks.values()) cancelEnd();
      locks.clear();
    },
  };
}
