import type { CommandAnswer, UndeliveredCode } from '../hub/hub.js';
import type { MessageFate } from '../hub/message.js';
import type { JsonValue } from '../json.js';
import type { OperationCall } from './command.js';
import type { ExpectedEvidence, Proof } from './evidence.js';

/** Where an operation stands. The last four are terminal: they are never left. */
export type OperationStatus =
  | 'AWAITING_APPROVAL'
  | 'AWAITING_WINDOW'
  | 'REQUESTED'
  | 'SENDING'
  | 'ACCEPTED'
  | 'IN_PROGRESS'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'TIMED_OUT'
  | 'CANCELED';

const terminal: ReadonlySet<OperationStatus> = new Set([
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'CANCELED',
]);

export function isTerminal(status: OperationStatus): boolean {
  return terminal.has(status);
}

/** Whether a finished operation may still have set the device going: its evidence could yet come. */
export function isUnsettled(operation: Pick<Operation, 'status' | 'report' | 'expected'>): boolean {
  return (
    operation.status === 'TIMED_OUT' && operation.report === null && operation.expected !== null
  );
}

/** Whether the twin has anything to say: evidence, or that the deadline of a lost answer has passed. */
export function needsWatching({
  call,
  status,
  answer,
  expected,
}: Pick<Operation, 'call' | 'status' | 'answer' | 'expected'>): boolean {
  if (isTerminal(status) || call.kind === 'MESSAGE') return false;
  return expected !== null || answer !== null;
}

/** Whether the hub's feedback has anything to say: what becomes of a message that may be queued. */
export function awaitsFeedback({
  call,
  status,
  sentAt,
}: Pick<Operation, 'call' | 'status' | 'sentAt'>): boolean {
  return call.kind === 'MESSAGE' && sentAt !== null && !isTerminal(status);
}

/** How sure it is that the evidence belongs to this operation. */
export type Attribution = 'PRESUMED' | 'AMBIGUOUS' | 'EXACT';

export type OperationFailureCode =
  | UndeliveredCode
  | 'METHOD_REJECTED'
  | 'DEVICE_REPORTED_FAILURE'
  | 'NO_ANSWER'
  | 'NO_EVIDENCE'
  | 'MESSAGE_EXPIRED'
  | 'MESSAGE_UNDELIVERABLE'
  | 'MESSAGE_REJECTED'
  | 'MESSAGE_PURGED'
  | 'NO_FEEDBACK'
  | 'HUB_UNREADABLE'
  | 'DEVICE_REPLACED';

export interface OperationFailure {
  readonly code: OperationFailureCode;
  readonly message: string;
  /** Whether the same request may well succeed if sent again. */
  readonly retryable: boolean;
  /** What the device reported of it, by path. */
  readonly data?: JsonValue;
}

export type OperationEventType =
  | 'REQUESTED'
  | 'SENDING'
  | 'ANSWERED'
  | 'ANSWER_UNKNOWN'
  | 'WRITTEN'
  | 'ENQUEUED'
  | 'FEEDBACK'
  | 'PROGRESS'
  | 'REPORTED'
  | 'DISCONNECTED'
  | 'RECONNECTED'
  | 'REWOUND'
  | 'FINISHED'
  | 'CANCELED'
  | 'LATE_ANSWER'
  | 'LATE_REPORT'
  | 'LATE_FEEDBACK';

/** One thing that happened to an operation. `sequence` has no gaps and starts at 1. */
export interface OperationEvent {
  readonly sequence: number;
  /** Our clock, ms. */
  readonly at: number;
  readonly type: OperationEventType;
  /** The operation's status after it. */
  readonly status: OperationStatus;
  readonly message: string;
  /** What was reported or answered, where something was. */
  readonly data: JsonValue;
}

/** The evidence property as it was before the sending; times are hub ticks in decimal. */
export interface Baseline {
  readonly twinVersion: number;
  /** Of the desired section: with the identity's etag, what tells another device of the same id. */
  readonly desiredVersion: number;
  readonly desiredLastUpdated: JsonValue | undefined;
  readonly deviceEtag: string;
  readonly connected: boolean;
  readonly value: JsonValue | undefined;
  readonly lastUpdated: string | null;
  /** The newest change of any reported property. Journals of an earlier time lack it. */
  readonly reportedLastUpdated?: string | null;
  /** Values that a failover has taken from the hub but not from the device. */
  readonly earlier?: readonly JsonValue[];
  /** The hub's clock at the reading (cut to the second) and ours, ms: what relates the two. */
  readonly hubTime: number | null;
  readonly observedAt: number;
}

/** What was reported, as proof of this operation. */
export interface Report {
  readonly value: JsonValue;
  /** Hub ticks in decimal. */
  readonly lastUpdated: string;
  /** Proof that it did not succeed. */
  readonly failed?: boolean;
}

/** How far a device has come, by its own words. */
export interface Progress {
  /** The value of the first of the profile's progress properties. */
  readonly step: string | null;
  /** What it reported since the sending, by path. */
  readonly data: JsonValue;
  /** Our clock, ms. */
  readonly at: number;
}

/**
 * One tracked run of an action on one device. Plain data: the journal keeps it, the fold moves it.
 * Times are our clock's, in ms since the epoch.
 */
export interface Operation {
  readonly id: string;
  readonly hub: string;
  readonly deviceId: string;
  readonly action: string;
  readonly profile: string;
  readonly disturbing: boolean;

  readonly status: OperationStatus;
  readonly proof: Proof | null;
  readonly attribution: Attribution;
  readonly failure: OperationFailure | null;
  /** Number of the newest event in `history`. */
  readonly sequence: number;

  readonly requestedAt: number;
  readonly requestedBy: string;
  readonly acceptedAt: number | null;
  readonly finishedAt: number | null;
  readonly deadlineAt: number | null;
  readonly updatedAt: number;

  readonly idempotencyKey: string | null;
  /** Tells whether a second request with the same key asks for the same. */
  readonly inputHash: string;

  readonly call: OperationCall;
  /** Null: the acknowledgement is all there is. */
  readonly expected: ExpectedEvidence | null;
  readonly deadlineSeconds: number;

  /** Null where no reading could be had, or none is needed; what expects evidence is then never sent. */
  readonly baseline: Baseline | null;
  /** When the call was claimed for sending; from then on it is never sent again. */
  readonly sentAt: number | null;
  readonly answer: CommandAnswer | null;
  readonly report: Report | null;
  /** What the hub told of its message; absent: nothing yet. */
  readonly feedback?: MessageFate;
  /** Null or absent: the device has told of none. */
  readonly progress?: Progress | null;
  /** Whether the device was seen leaving, and coming back, since the sending. */
  readonly seen: 'CONNECTED' | 'LEFT' | 'BACK';

  readonly history: readonly OperationEvent[];
}
