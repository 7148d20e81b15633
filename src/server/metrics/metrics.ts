import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Observer } from '../../services/observer.js';
import type { FrontObserver } from '../front-observer.js';

/** Metrics for Prometheus, and who is to be told of what they count. */
export interface Metrics extends Observer, FrontObserver {
  readonly registry: Registry;
}

/** From what SQLite takes to how long a device may take to answer (s). */
const DURATIONS = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

/**
 * Counts and durations of what is done. Labels are of closed sets, or of the configuration (hubs,
 * actions); never what callers or devices name.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `twinql_${name}`, help, labelNames, registers });
  const duration = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Histogram({
      name: `twinql_${name}_duration_seconds`,
      help,
      labelNames,
      buckets: DURATIONS,
      registers,
    });

  const http = duration('http_request', 'Answers over HTTP.', ['route', 'status']);
  const requests = counter('graphql_requests_total', 'GraphQL requests, over any transport.', [
    'type',
    'outcome',
  ]);
  const requestTimes = duration(
    'graphql_request',
    'Until a GraphQL request was answered, or a subscription stood.',
    ['type'],
  );
  const fields = counter(
    'graphql_fields_total',
    'Root fields by how they ended: OK, or the code of the error.',
    ['type', 'field', 'outcome'],
  );
  const fieldTimes = duration('graphql_field', 'Until a root field was resolved.', [
    'type',
    'field',
  ]);
  const hub = duration('hub_request', 'Requests to a hub, once it was their turn.', [
    'hub',
    'class',
    'outcome',
  ]);
  const journal = duration('journal_call', 'Calls of the journal of operations.', ['call']);
  const journalErrors = counter('journal_errors_total', 'Calls of the journal that failed.', [
    'call',
  ]);
  const moves = counter(
    'operation_moves_total',
    'Operations that came to a status by this gateway.',
    ['action', 'status'],
  );

  return {
    registry,
    onHttpAnswer: ({ route, status, seconds }) => http.observe({ route, status }, seconds),
    onGraphqlRequest({ type, codes, seconds }) {
      requests.inc({ type, outcome: outcomeOf(codes) });
      requestTimes.observe({ type }, seconds);
    },
    onField({ type, field, outcome, seconds }) {
      fields.inc({ type, field, outcome });
      fieldTimes.observe({ type, field }, seconds);
    },
    onHubExchange: ({ hub: name, requestClass, outcome, seconds }) =>
      hub.observe({ hub: name, class: requestClass, outcome }, seconds),
    onJournalCall({ call, failed, seconds }) {
      journal.observe({ call }, seconds);
      if (failed) journalErrors.inc({ call });
    },
    onOperationMove: (move) => moves.inc({ ...move }),
  };
}

/** Whose fault it was: REFUSED is the caller's or the world's, FAILED ours. */
function outcomeOf(codes: readonly string[]): 'OK' | 'REFUSED' | 'FAILED' {
  if (codes.length === 0) return 'OK';
  return codes.includes('INTERNAL_SERVER_ERROR') ? 'FAILED' : 'REFUSED';
}
