import type { Condition } from './conditions.js';

/** How much is known of a success, from least to most. */
export type Proof = 'ACKNOWLEDGED' | 'ANNOUNCED' | 'REPORTED_AFTER' | 'RECONNECTED';

/** The reported property that proves the action, and what it proves. */
export interface ExpectedEvidence {
  /** Path of the reported property. */
  readonly path: readonly string[];
  /**
   * NEW_VALUE: newer and different, since devices repeat old values when they reconnect.
   * NEW_TIME: newer is enough, for devices that write the same value each time.
   */
  readonly rule: 'NEW_VALUE' | 'NEW_TIME';
  readonly proof: Proof;
  /** Path of the reported property in which the device repeats the operation's id. */
  readonly operationIdPath?: readonly string[] | undefined;
  /** What else must hold of the reported properties when the evidence comes. */
  readonly success?: readonly Condition[] | undefined;
  /** All of it holding, of properties reported since the sending, is a no. */
  readonly failure?: readonly Condition[] | undefined;
  /** Reported properties that tell how far it is; the first one names the step. */
  readonly progress?: readonly (readonly string[])[] | undefined;
}
