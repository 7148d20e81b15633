import type { CommandAnswer } from '../hub/hub.js';
import type { Feedback, MessageFate } from '../hub/message.js';
import { propertyState, type TwinReading } from '../hub/twin.js';
import { isJsonObject, type JsonValue, sameJson } from '../json.js';
import { describeCall, type OperationCall } from './command.js';
import { contains } from './conditions.js';
import {
  type Baseline,
  isTerminal,
  isUnsettled,
  type Operation,
  type OperationEventType,
  type OperationFailure,
  type OperationFailureCode,
} from './operation.js';
import {
  allHold,
  failureReport,
  freshValue,
  isBeforeSending,
  isEchoed,
  isNewer,
  knownValues,
} from './reported.js';

/** Something learned about an operation. */
export type Evidence =
  /** The call is about to be written to the socket. */
  | { readonly kind: 'CLAIM' }
  | { readonly kind: 'ANSWER'; readonly answer: CommandAnswer }
  /** A point read or a pushed event; query results are too old to prove anything. */
  | { readonly kind: 'READING'; readonly reading: TwinReading }
  /** What became of its message. */
  | { readonly kind: 'FEEDBACK'; readonly feedback: Feedback }
  /** Feedback has been listened to since then (ms), and told nothing of its message. */
  | { readonly kind: 'SILENCE'; readonly since: number }
  /** The twin could not be read, or feedback not be listened to. */
  | { readonly kind: 'UNREADABLE'; readonly message: string }
  /** The hub knows no such device any more. */
  | { readonly kind: 'GONE' }
  /** The gateway that drove the operation stopped. */
  | { readonly kind: 'INTERRUPTED' }
  /** Somebody calls it off. */
  | { readonly kind: 'CANCEL'; readonly by: string; readonly reason: string };

/** How long past its deadline an operation stays open because the hub cannot be read. */
export const HARD_CAP_MS = 600_000;

/** How long after the end of a message's life its feedback may come: the hub collects it. */
const FEEDBACK_GRACE_SECONDS = 120;
/** For how long feedback must have been listened to before its absence says anything (ms). */
const SILENCE_MS = 30_000;

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
    case 'FEEDBACK':
      return foldFeedback(operation, evidence.feedback, now);
    case 'SILENCE':
      return foldSilence(operation, evidence.since, now);
    case 'UNREADABLE':
      return foldUnreadable(operation, evidence.message, now);
    case 'GONE':
      return fail(operation, 'DEVICE_NOT_FOUND', 'the device was deleted', now);
    case 'INTERRUPTED':
      return foldInterruption(operation, now);
    case 'CANCEL':
      return foldCancel(operation, evidence, now);
  }
}

/** The evidence property, if there is one, as it is in a reading, to compare later ones with. */
export function baselineOf(
  path: readonly string[] | undefined,
  { twin, hubTime, observedAt }: TwinReading,
): Baseline {
  const { value, lastUpdated } = path
    ? propertyState(twin.reported, path)
    : { value: undefined, lastUpdated: undefined };
  return {
    twinVersion: twin.version,
    desiredVersion: twin.desired.version,
    desiredLastUpdated: twin.desired.metadata['$lastUpdated'],
    deviceEtag: twin.deviceEtag,
    connected: twin.connectionState === 'Connected',
    value,
    lastUpdated: lastUpdated?.toString() ?? null,
    reportedLastUpdated: propertyState(twin.reported, []).lastUpdated?.toString() ?? null,
    hubTime,
    observedAt,
  };
}

function foldClaim(operation: Operation, now: number): Operation {
  const { call, expected, baseline, deadlineSeconds } = operation;
  if (operation.status !== 'REQUESTED' || (expected !== null && baseline === null)) {
    return operation;
  }
  const seconds = Math.max(deadlineSeconds, secondsOf(call));
  return record(operation, now, 'SENDING', announce(call), null, {
    status: 'SENDING',
    sentAt: now,
    deadlineAt: now + seconds * 1000,
  });
}

function announce(call: OperationCall): string {
  if (call.kind === 'DESIRED') return `writing ${describeCall(call)}`;
  return call.kind === 'MESSAGE' ? `sending ${describeCall(call)}` : `calling ${call.name}`;
}

/** How long an answer, or feedback, may take. */
function secondsOf(call: OperationCall): number {
  if (call.kind === 'DESIRED') return 0;
  if (call.kind === 'MESSAGE') return call.timeToLiveSeconds + FEEDBACK_GRACE_SECONDS;
  return call.responseTimeoutSeconds + call.connectTimeoutSeconds;
}

function foldAnswer(operation: Operation, answer: CommandAnswer, now: number): Operation {
  // There is one answer. It is learned again where the journal failed to say that it had taken it.
  if (operation.answer !== null && (isSettled(operation.answer) || !isSettled(answer))) {
    return operation;
  }
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
    case 'WRITTEN':
      return conclude(foldWritten(operation, answer, now), now);
    case 'ENQUEUED':
      return record(operation, now, 'ENQUEUED', 'the hub keeps it for the device', null, {
        answer,
        acceptedAt: now,
        status: 'ACCEPTED',
      });
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
              status: operation.status === 'SENDING' ? 'ACCEPTED' : operation.status,
            }
          : { answer },
      );
      return accepted
        ? conclude(answered, now)
        : fail(answered, 'METHOD_REJECTED', `the device answered ${answer.status}`, now);
    }
  }
}

function foldWritten(
  operation: Operation,
  answer: Extract<CommandAnswer, { kind: 'WRITTEN' }>,
  now: number,
): Operation {
  return record(operation, now, 'WRITTEN', 'the hub has written it', null, {
    answer,
    acceptedAt: now,
    status: operation.status === 'SENDING' ? 'ACCEPTED' : operation.status,
  });
}

/** What a fate other than success is called as a failure, and what it means. */
const unsuccessful: Readonly<
  Record<Exclude<MessageFate, 'Success'>, readonly [OperationFailureCode, string]>
> = {
  Expired: ['MESSAGE_EXPIRED', 'the device did not complete it in time'],
  DeliveryCountExceeded: [
    'MESSAGE_UNDELIVERABLE',
    'the hub handed it over as often as it does, and the device never completed it',
  ],
  Rejected: ['MESSAGE_REJECTED', 'the device rejected it'],
  Purged: ['MESSAGE_PURGED', 'somebody purged the messages of the device'],
};

function foldFeedback(
  operation: Operation,
  { fate, record: data }: Feedback,
  now: number,
): Operation {
  if (operation.sentAt === null) return operation;
  const told = record(operation, now, 'FEEDBACK', `the hub tells: ${fate}`, data, {
    feedback: fate,
    // It was queued, whatever became of the answer that should have said so.
    acceptedAt: operation.acceptedAt ?? now,
  });
  if (fate !== 'Success') {
    const [code, reason] = unsuccessful[fate];
    return fail(told, code, reason, now);
  }
  return record(told, now, 'FINISHED', 'the device completed it', null, {
    status: 'SUCCEEDED',
    proof: 'ACKNOWLEDGED',
    finishedAt: now,
  });
}

function foldSilence(operation: Operation, since: number, now: number): Operation {
  const { answer, deadlineAt } = operation;
  if (answer === null || deadlineAt === null || now < Math.max(deadlineAt, since + SILENCE_MS)) {
    return operation;
  }
  return answer.kind === 'UNKNOWN'
    ? timeOut(operation, 'NO_ANSWER', 'neither an answer nor feedback came in time', now)
    : timeOut(operation, 'NO_FEEDBACK', 'the hub queued it but never told of it again', now);
}

function isSettled({ kind }: CommandAnswer): boolean {
  return kind !== 'UNKNOWN';
}

function foldReading(operation: Operation, reading: TwinReading, now: number): Operation {
  const { baseline } = operation;
  if (operation.sentAt === null || reading.source === 'QUERY') return operation;
  // Nothing was to be seen in it: it only tells that the deadline has passed.
  if (baseline === null) return foldDeadline(operation, reading, now);
  // Asked before the baseline was here: it may be the older of the two.
  if (reading.askedAt < baseline.observedAt) return operation;
  if (isReplaced(baseline, reading)) {
    return fail(operation, 'DEVICE_REPLACED', 'the device was deleted and created again', now);
  }
  if (reading.twin.version < baseline.twinVersion)
    return foldRewind(operation, baseline, reading, now);
  const seen = foldConnection(operation, baseline, reading, now);
  const written = foldDesired(seen, baseline, reading, now);
  const moved = foldFailure(foldProgress(written, baseline, reading, now), baseline, reading, now);
  if (isTerminal(moved.status)) return moved;
  const concluded = conclude(foldReport(moved, baseline, reading, now), now);
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
  const rewound = baselineOf(operation.expected?.path, reading);
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

/** A write whose answer got lost is settled by what stands in the twin. */
function foldDesired(
  operation: Operation,
  baseline: Baseline,
  { twin }: TwinReading,
  now: number,
): Operation {
  const { call, answer } = operation;
  if (call.kind !== 'DESIRED' || answer?.kind !== 'UNKNOWN') return operation;
  // Those of a module are in a twin of its own, which nobody reads.
  if (call.moduleId !== undefined) return operation;
  const { value, lastUpdated } = propertyState(twin.desired, call.path);
  if (twin.desired.version <= baseline.desiredVersion || !contains(value, call.value)) {
    return operation;
  }
  if (lastUpdated === undefined || isBeforeSending(operation, baseline, lastUpdated)) {
    return operation;
  }
  return foldWritten(operation, { kind: 'WRITTEN', version: twin.desired.version }, now);
}

/** What the device tells on its way. */
function foldProgress(
  operation: Operation,
  baseline: Baseline,
  { twin }: TwinReading,
  now: number,
): Operation {
  const { expected, progress } = operation;
  if (!expected?.progress || !isEchoed(operation, expected, twin)) return operation;
  const fresh = expected.progress.flatMap((path) => freshValue(operation, baseline, twin, path));
  const data = Object.fromEntries(fresh);
  if (fresh.length === 0 || sameJson(data, progress?.data)) return operation;
  const step = textOf(data[expected.progress[0]?.join('.') ?? '']);
  const message = step === null ? 'the device reported progress' : `the device reported: ${step}`;
  return record(operation, now, 'PROGRESS', message, data, {
    progress: { step, data, at: now },
    status: 'IN_PROGRESS',
  });
}

/** A no of the device, in properties that it reported since the sending. */
function foldFailure(
  operation: Operation,
  baseline: Baseline,
  { twin }: TwinReading,
  now: number,
): Operation {
  const report = failureReport(operation, baseline, twin);
  if (!report) return operation;
  const attribution = operation.expected?.operationIdPath ? 'EXACT' : operation.attribution;
  const message = 'the device reported that it failed';
  return end(
    { ...operation, report, attribution },
    'FAILED',
    'DEVICE_REPORTED_FAILURE',
    message,
    now,
    report.value,
  );
}

function foldReport(
  operation: Operation,
  baseline: Baseline,
  { twin }: TwinReading,
  now: number,
): Operation {
  const { expected } = operation;
  if (expected === null || operation.report !== null) return operation;
  const { value, lastUpdated } = propertyState(twin.reported, expected.path);
  if (value === undefined || lastUpdated === undefined || !isNewer(lastUpdated, baseline)) {
    return operation;
  }
  const isKnown = knownValues(baseline).some((known) => sameJson(value, known));
  if (expected.rule === 'NEW_VALUE' && isKnown) return operation;
  if (isBeforeSending(operation, baseline, lastUpdated)) {
    // Reported between the baseline and the sending: not ours, but what ours must differ from.
    const moved = { ...baseline, value, lastUpdated: lastUpdated.toString() };
    return { ...operation, baseline: moved };
  }
  if (!isEchoed(operation, expected, twin) || !allHold(twin, expected.success ?? [])) {
    return operation;
  }
  const path = expected.path.join('.');
  return record(operation, now, 'REPORTED', `the device reported ${path}`, value, {
    report: { value, lastUpdated: lastUpdated.toString() },
    status: 'IN_PROGRESS',
    attribution: expected.operationIdPath ? 'EXACT' : operation.attribution,
  });
}

/**
 * An acknowledgement is not success: it takes the answer settled and the evidence in. Only where
 * no evidence can be had is a yes all that there is.
 */
function conclude(operation: Operation, now: number): Operation {
  const { answer, expected, report } = operation;
  const isDone =
    expected === null
      ? answer?.kind === 'ANSWERED' || answer?.kind === 'WRITTEN'
      : answer !== null && report !== null;
  if (!isDone) return operation;
  const shown = operation.seen === 'BACK' ? 'RECONNECTED' : expected?.proof;
  return record(operation, now, 'FINISHED', 'done', null, {
    status: 'SUCCEEDED',
    proof: (expected && shown) ?? 'ACKNOWLEDGED',
    finishedAt: now,
  });
}

/** The deadline counts only once the call has ended and a reading taken after it shows no evidence. */
function foldDeadline(operation: Operation, reading: TwinReading, now: number): Operation {
  const { answer, deadlineAt } = operation;
  if (isTerminal(operation.status) || answer === null || deadlineAt === null) return operation;
  if (reading.askedAt < deadlineAt) return operation;
  switch (answer.kind) {
    case 'ANSWERED':
      return timeOut(operation, 'NO_EVIDENCE', 'the device accepted but never reported', now);
    case 'WRITTEN':
      return timeOut(
        operation,
        'NO_EVIDENCE',
        'the hub wrote it but the device never reported',
        now,
      );
    default:
      return timeOut(operation, 'NO_ANSWER', 'neither an answer nor a report came in time', now);
  }
}

function foldUnreadable(operation: Operation, message: string, now: number): Operation {
  const { deadlineAt } = operation;
  if (deadlineAt === null || now < deadlineAt + HARD_CAP_MS) return operation;
  const what = operation.call.kind === 'MESSAGE' ? 'feedback' : 'the twin';
  return timeOut(operation, 'HUB_UNREADABLE', `${what} could not be read: ${message}`, now);
}

function foldInterruption(operation: Operation, now: number): Operation {
  if (operation.sentAt === null) {
    return fail(operation, 'NOT_SENT', 'the gateway stopped before sending', now);
  }
  if (operation.answer !== null) return operation;
  const answer = { kind: 'UNKNOWN', message: 'the gateway stopped before the answer' } as const;
  return foldAnswer(operation, answer, now);
}

/** Called off, if nothing can have been sent. */
function foldCancel(
  operation: Operation,
  { by, reason }: Extract<Evidence, { kind: 'CANCEL' }>,
  now: number,
): Operation {
  if (operation.sentAt !== null) return operation;
  return record(operation, now, 'CANCELED', `canceled by ${by}: ${reason}`, null, {
    status: 'CANCELED',
    finishedAt: now,
  });
}

/** A finished operation keeps its status; what comes later is added to its history. */
function foldLate(operation: Operation, evidence: Evidence, now: number): Operation {
  if (evidence.kind === 'ANSWER' && operation.answer === null) {
    const { answer } = evidence;
    // It was stopped, as it had to be.
    if (operation.status === 'CANCELED') return operation;
    const data = answer.kind === 'ANSWERED' ? answer.payload : null;
    return record(operation, now, 'LATE_ANSWER', 'the call ended late', data, { answer });
  }
  if (evidence.kind === 'FEEDBACK' && operation.feedback === undefined) {
    const { fate, record: data } = evidence.feedback;
    return record(operation, now, 'LATE_FEEDBACK', `the hub tells late: ${fate}`, data, {
      feedback: fate,
    });
  }
  if (evidence.kind !== 'READING' || !isUnsettled(operation)) return operation;
  const { baseline } = operation;
  if (baseline === null || evidence.reading.source === 'QUERY') return operation;
  if (evidence.reading.twin.version < baseline.twinVersion) return operation;
  if (isReplaced(baseline, evidence.reading)) return operation;
  const report =
    failureReport(operation, baseline, evidence.reading.twin) ??
    foldReport(operation, baseline, evidence.reading, now).report;
  if (report === null) return operation;
  const what = report.failed ? 'a failure' : operation.expected?.path.join('.');
  return record(operation, now, 'LATE_REPORT', `the device reported ${what} late`, report.value, {
    report,
  });
}

const retryable: ReadonlySet<OperationFailureCode> = new Set([
  'NOT_SENT',
  'DEVICE_OFFLINE',
  'DEVICE_QUEUE_FULL',
  'MESSAGE_EXPIRED',
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
  data: JsonValue = null,
): Operation {
  const { profile, call, expected } = operation;
  const evidence = expected ? `, evidence ${expected.path.join('.')}` : '';
  const message =
    profileBound.has(code) && call.kind !== 'MESSAGE'
      ? `${reason} (profile '${profile}': ${describeCall(call)}${evidence})`
      : reason;
  const failure: OperationFailure = {
    code,
    message,
    retryable: retryable.has(code),
    ...(data !== null && { data }),
  };
  return record(operation, now, 'FINISHED', message, data, { status, failure, finishedAt: now });
}

function textOf(value: JsonValue | undefined): string | null {
  return value === undefined || isJsonObject(value) ? null : String(value);
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
