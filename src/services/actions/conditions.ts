import { isJsonObject, type JsonValue, sameJson, valueAt } from '../json.js';

/** What must hold of one property. All that is given must; values are equal as JSON is. */
export interface Condition {
  readonly path: readonly string[];
  readonly eq?: JsonValue | undefined;
  /** Absent, or anything else. */
  readonly ne?: JsonValue | undefined;
  readonly in?: readonly JsonValue[] | undefined;
  readonly exists?: boolean | undefined;
  /** Equal to what stands at this path of the payload that was sent. */
  readonly eqPayload?: readonly string[] | undefined;
}

export function holds(document: JsonValue, condition: Condition): boolean {
  const { path, eq, ne, in: oneOf, exists } = condition;
  const value = valueAt(document, path);
  return (
    (eq === undefined || sameJson(value, eq)) &&
    (ne === undefined || !sameJson(value, ne)) &&
    (oneOf === undefined || oneOf.some((one) => sameJson(value, one))) &&
    (exists === undefined || (value !== undefined) === exists)
  );
}

/** Whether a document is as a merge of the patch would leave it. */
export function contains(document: JsonValue | undefined, patch: JsonValue): boolean {
  if (patch === null) return document === undefined || document === null;
  if (!isJsonObject(patch)) return sameJson(document, patch);
  if (!isJsonObject(document)) return false;
  return Object.entries(patch).every(([key, inner]) =>
    contains(Object.hasOwn(document, key) ? document[key] : undefined, inner),
  );
}
