import type { JsonValue } from '../json.js';
import type { Proof } from './operation.js';

/**
 * How devices of one convention carry out one action: which method to call and which reported
 * property proves that it happened. Data, so that users can describe their own devices.
 */
export interface ActionProfile {
  /** The convention: what a device's tag `twinql.profile` or a caller names. */
  readonly name: string;
  readonly action: string;
  /** Whether the device is out of service meanwhile: one such operation per device at a time. */
  readonly disturbing: boolean;
  readonly method: {
    readonly name: string;
    /** Sent when the caller gives none. */
    readonly defaultPayload: JsonValue;
    readonly responseTimeoutSeconds: number;
    readonly connectTimeoutSeconds: number;
    /** A key of the (object) payload in which the device is told the operation's id. */
    readonly operationIdKey?: string;
  };
  readonly evidence: ExpectedEvidence;
  /** From the sending until the operation times out. */
  readonly deadlineSeconds: number;
}

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
  readonly operationIdPath?: readonly string[];
}
