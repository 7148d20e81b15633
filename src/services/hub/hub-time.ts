/**
 * Times written by the hub, as integers of 100 ns since the Unix epoch ("ticks").
 * The hub writes up to seven fractional digits and leaves trailing ones out, so neither text nor
 * `Date` (milliseconds) orders them rightly.
 */
export type HubTicks = bigint;

const TICKS_PER_MILLISECOND = 10_000n;
const pattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,7})\d*)?(?:Z|\+00:00)?$/;

/** Reads a hub time such as `2025-11-20T21:30:00.1234567Z`; undefined for anything else. */
export function parseHubTime(text: unknown): HubTicks | undefined {
  const match = typeof text === 'string' ? pattern.exec(text) : null;
  if (!match) return undefined;
  const milliseconds = Date.parse(`${match[1]}Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * TICKS_PER_MILLISECOND + BigInt((match[2] ?? '').padEnd(7, '0'));
}

/** Milliseconds since the Unix epoch as ticks. */
export function ticksFromMilliseconds(milliseconds: number): HubTicks {
  return BigInt(Math.floor(milliseconds)) * TICKS_PER_MILLISECOND;
}

/** Ticks as a `Date`, cut to the millisecond. */
export function dateFromTicks(ticks: HubTicks): Date {
  return new Date(Number(ticks / TICKS_PER_MILLISECOND));
}

/** A hub time as a `Date`; null where the hub says "never" (year 1) or nothing. */
export function dateFromHubTime(text: unknown): Date | null {
  const ticks = parseHubTime(text);
  return ticks === undefined || ticks <= 0n ? null : dateFromTicks(ticks);
}
