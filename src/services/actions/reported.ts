import { ticksFromMilliseconds } from '../hub/hub-time.js';
import { propertyState, type Twin } from '../hub/twin.js';
import { type JsonValue, valueAt } from '../json.js';
import { type Condition, holds } from './conditions.js';
import type { ExpectedEvidence } from './evidence.js';
import type { Baseline, Operation, Report } from './operation.js';

/** What the device had reported before: it may repeat any of it when it reconnects. */
export function knownValues({ value, earlier = [] }: Baseline): readonly JsonValue[] {
  return value === undefined ? earlier : [value, ...earlier];
}

/** By the hub's clock. */
export function isNewer(lastUpdated: bigint, baseline: Baseline): boolean {
  return baseline.lastUpdated === null || lastUpdated > BigInt(baseline.lastUpdated);
}

/**
 * By the hub's clock, which we know through the baseline's `Date` header: cut to the second, so
 * what we take for the moment of sending is at most one second and a round trip too early, and
 * never too late.
 */
export function isBeforeSending(
  operation: Operation,
  baseline: Baseline,
  lastUpdated: bigint,
): boolean {
  if (baseline.hubTime === null || operation.sentAt === null) return false;
  const elapsed = Math.max(0, operation.sentAt - baseline.observedAt);
  return lastUpdated < ticksFromMilliseconds(baseline.hubTime + elapsed);
}

/** A property with its dotted path, if the device reported it since the sending; else nothing. */
export function freshValue(
  operation: Operation,
  baseline: Baseline,
  twin: Twin,
  path: readonly string[],
): readonly (readonly [string, JsonValue])[] {
  const { value, lastUpdated } = propertyState(twin.reported, path);
  if (value === undefined || lastUpdated === undefined) return [];
  const known = baseline.reportedLastUpdated ?? baseline.lastUpdated;
  if (known !== null && lastUpdated <= BigInt(known)) return [];
  return isBeforeSending(operation, baseline, lastUpdated) ? [] : [[path.join('.'), value]];
}

/** Whether what is reported names this operation, where the profile's devices do so. */
export function isEchoed(
  { id }: Operation,
  { operationIdPath }: ExpectedEvidence,
  twin: Twin,
): boolean {
  return operationIdPath === undefined || valueAt(twin.reported.values, operationIdPath) === id;
}

export function allHold({ reported }: Twin, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => holds(reported.values, condition));
}

/** What says no: all conditions of a failure hold, of properties reported since the sending. */
export function failureReport(
  operation: Operation,
  baseline: Baseline,
  twin: Twin,
): Report | undefined {
  const { expected } = operation;
  if (!expected?.failure || !isEchoed(operation, expected, twin)) return undefined;
  const fresh = expected.failure.flatMap(({ path }) => freshValue(operation, baseline, twin, path));
  if (fresh.length < expected.failure.length || !allHold(twin, expected.failure)) return undefined;
  const told = (expected.progress ?? []).flatMap((path) =>
    freshValue(operation, baseline, twin, path),
  );
  const changes = expected.failure.map(({ path }) => propertyState(twin.reported, path));
  const newest = changes.reduce((latest, { lastUpdated = 0n }) => max(latest, lastUpdated), 0n);
  return {
    value: Object.fromEntries([...told, ...fresh]),
    lastUpdated: newest.toString(),
    failed: true,
  };
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
