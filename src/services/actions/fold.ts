import type { MethodAnswer } from '../hub/hub.js';
import { ticksFromMilliseconds } from '../hub/hub-time.js';
import { propertyState, type TwinReading } from '../hub/twin.js';
import { type JsonValue, sameJson, valueAt } from '../json.js';
import {
  type Baseline,
  isTerminal,
  isUnsettled,
  type Operation,
  type OperationEventType,
  type OperationFailure,
  type OperationFailureCode,
} from './operation.js';

/** Something learned about an operation. */
export type Evidence =
  /** The call is about to be written to the socket. */
  | { readonly kind: 'CLAIM' }
  | { readonly kind: 'ANSWER'; readonly answer: MethodAnswer }
  /** A point read or a pushed event; query results are too old to prove anything. */
  | { readonly kind: 'READING'; readonly reading: TwinReading }
  /** The twin could not be read. */
  | { readonly kind: 'UNREADABLE'; readonly message: string }
  /** The hub knows no such device any more. */
  | { readonly kind: 'GONE' }
  /** The gateway that drove the operation stopped. */
  | { readonly kind: 'INTERRUPTED' };

/** How long past its deadline an operation stays open because the hub cannot be read. */
export const HARD_CAP_MS = 600_000;

/** The operation after a piece of evidence: the same object where it changes nothing. Pure. */
export function fold(operation: Operation, evidence: Evidence, now: number): Operation {
  if (isTerminal(operation.status)) return foldLate(operation, evidence, now);
  switch (evidence.kind) {
    case 'CLAIM':
      return foldClaim(operation, now);
    case 'ANSWER':
      return foldAnswer(operation, evidence.answer, now);
    case 'READING':
      return foldReading(operation, evidence.reading, now);
    case 'UNREADABLE':
      return foldUnreadable(operation, evidence.message, now);
    case 'GONE':
      return fail(operation, 'DEVICE_NOT_FOUND', 'the device was deleted', now);
    case 'INTERRUPTED':
      return foldInterruption(operation, now);
  }
}

/** The evidence property as it is in a reading, to compare later ones with. */
export function baselineOf(
  path: readonly string[],
  { twin, hubTime, observedAt }: TwinReading,
): Baseline {
  const { value, lastUpdated } = propertyState(twin.reported, path);
  return {
    twinVersion: twin.version,
    desiredVersion: twin.desired.version,
    desiredLastUpdated: twin.desired.metadata['$lastUpdated'],
    deviceEtag: twin.deviceEtag,
    connected: twin.connectionState === 'Connected',
    value,
    lastUpdated: lastUpdated?.toString() ?? null,
    hubTime,
    observedAt,
  };
}

function foldClaim(operation: Operation, now: number): Operation {
  if (operation.status !== 'REQUESTED' || operation.baseline === null) return operation;
  const { responseTimeoutSeconds, connectTimeoutSeconds } = operation.call;
  const seconds = Math.max(
    operation.deadlineSeconds,
    responseTimeoutSeconds + connectTimeoutSeconds,
  );
  return record(operation, now, 'SENDING', `calling ${operation.call.name}`, null, {
    status: 'SENDING',
    sentAt: now,
    deadlineAt: now + seconds * 1000,
  });
}

function foldAnswer(operation: Operation, answer: MethodAnswer, now: number): Operation {
  switch (answer.kind) {
    case 'UNDELIVERED':
      return fail({ ...operation, answer }, answer.code, answer.message, now);
    case 'UNKNOWN':
      // Only a claimed call is ever written.
      if (operation.sentAt === null) return fail(operation, 'NOT_SENT', answer.message, now);
      // Not terminal: a rebooting device drops the call. Evidence or the deadline decides.
      return conclude(
        record(operation, now, 'ANSWER_UNKNOWN', answer.message, null, { answer }),
        now,
      );
    case 'ANSWERED': {
      const accepted = answer.status >= 200 && answer.status < 300;
      const answered = record(
        operation,
        now,
        'ANSWERED',
        `the device answered ${answer.status}`,
        answer.payload,
        accepted
          ? {
              answer,
              acceptedAt: now,
              status: operation.report === null ? 'ACCEPTED' : operation.status,
            }
          : { answer },
      );
      return accepted
        ? conclude(answered, now)
        : fail(answered, 'METHOD_REJECTED', `the device answered ${answer.status}`, now);
    }
  }
}

function foldReading(operation: Operation, reading: TwinReading, now: number): Operation {
  const { baseline } = operation;
  if (operation.sentAt === null || baseline === null || reading.source === 'QUERY')
    return operation;
  // Asked before the baseline was here: it may be the older of the two.
  if (reading.askedAt < baseline.observedAt) return operation;
  if (isReplaced(baseline, reading)) {
    return fail(operation, 'DEVICE_REPLACED', 'the device was deleted and created again', now);
  }
  if (reading.twin.version < baseline.twinVersion)
    return foldRewind(operation, baseline, reading, now);
  const seen = foldConnection(operation, baseline, reading, now);
  const concluded = conclude(foldReport(seen, baseline, reading, now), now);
  return foldDeadline(concluded, reading, now);
}

/**
 * Another device behind the same id: another identity, and a twin that is no continuation of the
 * baseline's. The identity alone may merely have been disabled or given new keys.
 */
function isReplaced(baseline: Baseline, { twin }: TwinReading): boolean {
  if (twin.deviceEtag === baseline.deviceEtag) return false;
  const { desired, version } = twin;
  const desiredGoesOn =
    desired.version > baseline.desiredVersion ||
    (desired.version === baseline.desiredVersion &&
      desired.metadata['$lastUpdated'] === baseline.desiredLastUpdated);
  return version < baseline.twinVersion || !desiredGoesOn;
}

/**
 * Twin versions never fall by themselves: a failover took the hub back in time, and what it holds
 * now is the new baseline.
 */
function foldRewind(
  operation: Operation,
  baseline: Baseline,
  reading: TwinReading,
  now: number,
): Operation {
  const rewound = baselineOf(operation.expected.path, reading);
  return record(
    operation,
    now,
    'REWOUND',
    'the hub went back in time; a new value is needed',
    null,
    {
      baseline: { ...rewound, hubTime: null, earlier: knownValues(baseline) },
      report: null,
    },
  );
}

function foldConnection(
  operation: Operation,
  baseline: Baseline,
  { twin, askedAt }: TwinReading,
  now: number,
): Operation {
  if (operation.sentAt === null || askedAt < operation.sentAt) return operation;
  const connected = twin.connectionState === 'Connected';
  if (operation.seen === 'CONNECTED' && baseline.connected && !connected) {
    return record(operation, now, 'DISCONNECTED', 'the device left', null, { seen: 'LEFT' });
  }
  if (operation.seen === 'LEFT' && connected) {
    return record(operation, now, 'RECONNECTED', 'the device came back', null, { seen: 'BACK' });
  }
  return operation;
}

function foldReport(
  operation: Operation,
  baseline: Baseline,
  reading: TwinReading,
  now: number,
): Operation {
  if (operation.report !== null) return operation;
  const { value, lastUpdated } = propertyState(reading.twin.reported, operation.expected.path);
  if (value === undefined || lastUpdated === undefined || !isNewer(lastUpdated, baseline)) {
    return operation;
  }
  const isKnown = knownValues(baseline).some((known) => sameJson(value, known));
  if (operation.expected.rule === 'NEW_VALUE' && isKnown) return operation;
  if (isBeforeSending(operation, baseline, lastUpdated)) {
    // Reported between the baseline and the sending: not ours, but what ours must differ from.
    const moved = { ...baseline, value, lastUpdated: lastUpdated.toString() };
    return { ...operation, baseline: moved };
  }
  const echo = operation.expected.operationIdPath;
  const exact = echo !== undefined && valueAt(reading.twin.reported.values, echo) === operation.id;
  if (echo !== undefined && !exact) return operation;
  const path = operation.expected.path.join('.');
  return record(operation, now, 'REPORTED', `the device reported ${path}`, value, {
    report: { value, lastUpdated: lastUpdated.toString() },
    status: 'IN_PROGRESS',
    attribution: exact ? 'EXACT' : operation.attribution,
  });
}

/** What the device had reported before: it may repeat any of it when it reconnects. */
function knownValues({ value, earlier = [] }: Baseline): readonly JsonValue[] {
  return value === undefined ? earlier : [value, ...earlier];
}

function isNewer(lastUpdated: bigint, baseline: Baseline): boolean {
  return baseline.lastUpdated === null || lastUpdated > BigInt(baseline.lastUpdated);
}

/**
 * By the hub's clock, which we know through the baseline's `Date` header: cut to the second, so
 * what we take for the moment of sending is at most one second and a round trip too early, and
 * never too late.
 */
function isBeforeSending(operation: Operation, baseline: Baseline, lastUpdated: bigint): boolean {
  if (baseline.hubTime === null || operation.sentAt === null) return false;
  const elapsed = Math.max(0, operation.sentAt - baseline.observedAt);
  return lastUpdated < ticksFromMilliseconds(baseline.hubTime + elapsed);
}

/** An acknowledgement is not success: it takes the answer settled and the evidence in. */
function conclude(operation: Operation, now: number): Operation {
  if (operation.answer === null || operation.report === null) return operation;
  return record(operation, now, 'FINISHED', 'done', null, {
    status: 'SUCCEEDED',
    proof: operation.seen === 'BACK' ? 'RECONNECTED' : operation.expected.proof,
    finishedAt: now,
  });
}

/** The deadline counts only once the call has ended and a reading taken after it shows no evidence. */
function foldDeadline(operation: Operation, reading: TwinReading, now: number): Operation {
  const { answer, deadlineAt } = operation;
  if (isTerminal(operation.status) || answer === null || deadlineAt === null) return operation;
  if (reading.askedAt < deadlineAt) return operation;
  return answer.kind === 'ANSWERED'
    ? timeOut(operation, 'NO_EVIDENCE', 'the device accepted but never reported', now)
    : timeOut(operation, 'NO_ANSWER', 'the device neither answered nor reported in time', now);
}

function foldUnreadable(operation: Operation, message: string, now: number): Operation {
  const { deadlineAt } = operation;
  if (deadlineAt === null || now < deadlineAt + HARD_CAP_MS) return operation;
  return timeOut(operation, 'HUB_UNREADABLE', `the twin could not be read: ${message}`, now);
}

function foldInterruption(operation: Operation, now: number): Operation {
  if (operation.sentAt === null) {
    return fail(operation, 'NOT_SENT', 'the gateway stopped before sending', now);
  }
  if (operation.answer !== null) return operation;
  const answer = { kind: 'UNKNOWN', message: 'the gateway stopped before the answer' } as const;
  return foldAnswer(operation, answer, now);
}

/** A finished operation keeps its status; what comes later is added to its history. */
function foldLate(operation: Operation, evidence: Evidence, now: number): Operation {
  if (evidence.kind === 'ANSWER' && operation.answer === null) {
    const { answer } = evidence;
    const data = answer.kind === 'ANSWERED' ? answer.payload : null;
    return record(operation, now, 'LATE_ANSWER', 'the call ended late', data, { answer });
  }
  if (evidence.kind !== 'READING' || !isUnsettled(operation)) return operation;
  const { baseline } = operation;
  if (baseline === null || evidence.reading.source === 'QUERY') return operation;
  if (evidence.reading.twin.version < baseline.twinVersion) return operation;
  if (isReplaced(baseline, evidence.reading)) return operation;
  const { report } = foldReport(operation, baseline, evidence.reading, now);
  if (report === null) return operation;
  const path = operation.expected.path.join('.');
  return record(operation, now, 'LATE_REPORT', `the device reported ${path} late`, report.value, {
    report,
  });
}

const retryable: ReadonlySet<OperationFailureCode> = new Set([
  'NOT_SENT',
  'DEVICE_OFFLINE',
  'THROTTLED',
  'HUB_UNAVAILABLE',
  'NO_ANSWER',
  'HUB_UNREADABLE',
]);

/** Failures that a wrong profile could explain: another method name, another property. */
const profileBound: ReadonlySet<OperationFailureCode> = new Set([
  'METHOD_REJECTED',
  'DEVICE_OFFLINE',
  'INVALID',
  'NO_ANSWER',
  'NO_EVIDENCE',
]);

function fail(
  operation: Operation,
  code: OperationFailureCode,
  message: string,
  now: number,
): Operation {
  return end(operation, 'FAILED', code, message, now);
}

function timeOut(
  operation: Operation,
  code: OperationFailureCode,
  message: string,
  now: number,
): Operation {
  return end(operation, 'TIMED_OUT', code, message, now);
}

function end(
  operation: Operation,
  status: 'FAILED' | 'TIMED_OUT',
  code: OperationFailureCode,
  reason: string,
  now: number,
): Operation {
  const { profile, call, expected } = operation;
  const message = profileBound.has(code)
    ? `${reason} (profile '${profile}': method ${call.name}, evidence ${expected.path.join('.')})`
    : reason;
  const failure: OperationFailure = { code, message, retryable: retryable.has(code) };
  return record(operation, now, 'FINISHED', message, null, { status, failure, finishedAt: now });
}

/** The operation with changes, and the event that tells of them. */
function record(
  operation: Operation,
  now: number,
  type: OperationEventType,
  message: string,
  data: JsonValue,
  changes: Partial<Operation>,
): Operation {
  const sequence = operation.sequence + 1;
  const status = changes.status ?? operation.status;
  return {
    ...operation,
    ...changes,
    sequence,
    updatedAt: now,
    history: [...operation.history, { sequence, at: now, type, status, message, data }],
  };
}
