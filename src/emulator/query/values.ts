import type { JsonObject, JsonValue } from '../json.js';

/** A JSON value, or nothing there. */
export type Value = JsonValue | undefined;

/** Computes one value from a row. */
export type Evaluate = (row: JsonObject) => Value;

/** JSON has no NaN and no infinity: where arithmetic leaves the numbers, nothing is there. */
export function finite(number: number): Value {
  return Number.isFinite(number) ? number : undefined;
}
