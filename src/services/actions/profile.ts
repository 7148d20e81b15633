import type { JsonValue } from '../json.js';
import type { ExpectedEvidence } from './evidence.js';

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
