import type { JsonObject, JsonValue } from '../json.js';
import type { Condition } from './conditions.js';
import type { ExpectedEvidence } from './evidence.js';

/**
 * How devices of one convention carry out one action: what is sent to them, and what proves that it
 * happened. Data, so that users can describe their own devices; see profile-form.ts.
 */
export interface ActionProfile<Sent = Command> {
  /** The convention: what a device's tag `twinql.profile` or a caller names. */
  readonly name: string;
  readonly action: string;
  readonly description?: string | undefined;
  /** Whether the device is out of service meanwhile: one such operation per device at a time. */
  readonly disturbing: boolean;
  /** Whether the caller must type the device's id again: for what cannot be undone. */
  readonly needsConfirmation?: boolean | undefined;
  /** The devices of this convention, where nobody names it. */
  readonly where?: DeviceMatch | undefined;
  readonly command: Sent;
  /** JSON Schema of what may be sent. */
  readonly payload?: JsonObject | undefined;
  /** Absent: the acknowledgement is all that there is to know. */
  readonly evidence?: ExpectedEvidence | undefined;
  /** From the sending until the operation times out. */
  readonly deadlineSeconds: number;
}

export type Command = MethodCommand | DesiredCommand;

/** A direct method of the device. */
export interface MethodCommand {
  readonly kind: 'METHOD';
  /** A module of the device that has it; absent: the device itself. */
  readonly moduleId?: string | undefined;
  readonly name: string;
  /** Sent when the caller gives none; absent: null. */
  readonly defaultPayload?: JsonValue | undefined;
  readonly responseTimeoutSeconds: number;
  readonly connectTimeoutSeconds: number;
  /** A key of the (object) payload in which the device is told the operation's id. */
  readonly operationIdKey?: string | undefined;
}

/** A desired property of the device, into which the payload is merged. */
export interface DesiredCommand {
  readonly kind: 'DESIRED';
  /** As with a method. */
  readonly moduleId?: string | undefined;
  readonly path: readonly string[];
  /** Written when the caller gives none; absent: the caller must. */
  readonly defaultPayload?: JsonValue | undefined;
  /** As with a method. */
  readonly operationIdKey?: string | undefined;
}

/** A cloud-to-device message, which the caller composes: no profile describes one. */
export interface MessageCommand {
  readonly kind: 'MESSAGE';
}

/** Selects devices by what is known of them. All that is given must hold. */
export interface DeviceMatch {
  readonly deviceIds?: readonly string[] | undefined;
  readonly tags?: readonly Condition[] | undefined;
  readonly desired?: readonly Condition[] | undefined;
  readonly reported?: readonly Condition[] | undefined;
}
