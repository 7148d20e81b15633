import type { Operation } from '../actions/operation.js';
import type { AuditRecord } from './entry.js';

/** What tells of an operation that has ended in its events behind a sequence number, if it did. */
export function finishRecordOf(operation: Operation, after: number): AuditRecord | undefined {
  const { id, hub, deviceId, call, status, failure, requestedBy } = operation;
  const end = operation.history.find(
    ({ sequence, type }) => sequence > after && (type === 'FINISHED' || type === 'CANCELED'),
  );
  if (!end) return undefined;
  const moduleId = (call.kind !== 'MESSAGE' && call.moduleId) || null;
  return {
    at: end.at,
    actor: requestedBy,
    action: 'finishOperation',
    permission: 'operation:read',
    outcome: status === 'SUCCEEDED' ? 'DONE' : 'FAILED',
    code: failure?.code ?? status,
    concludes: null,
    targets: [{ hub, deviceId, moduleId, code: null }],
    operationId: id,
    input: null,
    reason: null,
    requestId: null,
    address: null,
    count: 1,
  };
}
