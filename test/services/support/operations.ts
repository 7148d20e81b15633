import type { ExpectedEvidence } from '../../../src/services/actions/evidence.js';
import { baselineOf, fold } from '../../../src/services/actions/fold.js';
import type { Operation } from '../../../src/services/actions/operation.js';
import { evidencePath, makeReading } from './twins.js';

/** When the operations of the tests were requested and their baselines read, by our clock. */
export const requestedAt = Date.parse('2026-03-09T07:00:00Z');

/** The call of the tests' operations, and what proves it. */
export const rebootCall = {
  kind: 'METHOD',
  name: 'reboot',
  payload: null,
  responseTimeoutSeconds: 30,
  connectTimeoutSeconds: 0,
} as const;
export const rebootEvidence: ExpectedEvidence = {
  path: evidencePath,
  rule: 'NEW_VALUE',
  proof: 'ANNOUNCED',
};

/** An operation as it is when it has just been requested: with a baseline, not yet sent. */
export function requestedOperation(changes: Partial<Operation> = {}): Operation {
  return {
    id: '019d0000-0000-7000-8000-000000000001',
    hub: 'pumps',
    deviceId: 'pump-7',
    action: 'reboot',
    profile: 'node',
    disturbing: true,
    status: 'REQUESTED',
    proof: null,
    attribution: 'PRESUMED',
    failure: null,
    sequence: 1,
    requestedAt,
    requestedBy: 'somebody',
    acceptedAt: null,
    finishedAt: null,
    deadlineAt: null,
    updatedAt: requestedAt,
    idempotencyKey: null,
    inputHash: 'hash',
    call: rebootCall,
    expected: rebootEvidence,
    deadlineSeconds: 300,
    baseline: baselineOf(evidencePath, makeReading(requestedAt)),
    sentAt: null,
    answer: null,
    report: null,
    progress: null,
    seen: 'CONNECTED',
    history: [
      {
        sequence: 1,
        at: requestedAt,
        type: 'REQUESTED',
        status: 'REQUESTED',
        message: 'requested by somebody',
        data: null,
      },
    ],
    ...changes,
  };
}

/** An operation of its own id, on a device of its own unless told otherwise. */
export function operationOf(id: string, changes: Partial<Operation> = {}): Operation {
  return requestedOperation({ id, deviceId: `device-of-${id}`, ...changes });
}

/** Ids that grow. */
export function idsOf(count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => `019d0000-0000-7000-8000-${String(index).padStart(12, '0')}`,
  );
}

/** The same operation after a step, with the event that tells of it. */
export function claimed(operation: Operation, at = requestedAt + 1_000): Operation {
  return fold(operation, { kind: 'CLAIM' }, at);
}

/** The same operation at its end: the device is gone. */
export function gone(operation: Operation): Operation {
  return fold(operation, { kind: 'GONE' }, requestedAt + 2_000);
}
