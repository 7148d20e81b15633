import type { Seam } from '../../src/services/actions/seams.js';

/**
 * Every moment at which the gateway is killed, and what must be true when it is back. The device
 * does as it is told: it answers 200 and reports, before or after the death.
 */
export interface KillPoint {
  readonly seam: Seam;
  /** The how-manieth passing, of one operation that goes well. */
  readonly passing: number;
  readonly moment: string;
  /** What the device has done by then. */
  readonly device: 'NOTHING' | 'CALLED' | 'ANSWERED' | 'REPORTED';
  readonly outcome: Outcome;
}

export const outcomes = {
  NEVER_RECORDED: 'there is no operation, and the caller was told of none; asked again, it begins',
  NOT_SENT: '`FAILED`, `NOT_SENT`, retryable; the device is not called',
  NO_ANSWER:
    'watched until the deadline, then `TIMED_OUT`, `NO_ANSWER`, as it may have been sent; the device is not called',
  SUCCEEDED: '`SUCCEEDED` by the report; the device was called once',
} as const;
export type Outcome = keyof typeof outcomes;

export const killPoints: readonly KillPoint[] = [
  {
    seam: 'BEFORE_COMMIT',
    passing: 1,
    moment: 'the operation is being recorded',
    device: 'NOTHING',
    outcome: 'NEVER_RECORDED',
  },
  {
    seam: 'BEFORE_CLAIM',
    passing: 1,
    moment: 'the connection for the call stands',
    device: 'NOTHING',
    outcome: 'NOT_SENT',
  },
  {
    seam: 'BEFORE_COMMIT',
    passing: 2,
    moment: 'the claim is being recorded',
    device: 'NOTHING',
    outcome: 'NOT_SENT',
  },
  {
    seam: 'AFTER_CLAIM',
    passing: 1,
    moment: 'the claim is recorded, the call not written',
    device: 'NOTHING',
    outcome: 'NO_ANSWER',
  },
  {
    seam: 'AFTER_SEND',
    passing: 1,
    moment: 'the call is written',
    device: 'CALLED',
    outcome: 'SUCCEEDED',
  },
  {
    seam: 'AFTER_ANSWER',
    passing: 1,
    moment: 'the answer is here',
    device: 'ANSWERED',
    outcome: 'SUCCEEDED',
  },
  {
    seam: 'BEFORE_COMMIT',
    passing: 3,
    moment: 'the answer is being recorded',
    device: 'ANSWERED',
    outcome: 'SUCCEEDED',
  },
  {
    seam: 'AFTER_EVIDENCE',
    passing: 1,
    moment: 'the report is here',
    device: 'REPORTED',
    outcome: 'SUCCEEDED',
  },
  {
    seam: 'BEFORE_COMMIT',
    passing: 4,
    moment: 'the report and the end are being recorded',
    device: 'REPORTED',
    outcome: 'SUCCEEDED',
  },
];
