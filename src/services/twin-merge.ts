import { isJsonObject, type JsonObject, type JsonValue, sameJson } from './json.js';

/** One value that differs between two states of a section. Undefined: it is not there. */
export interface ValueChange {
  readonly path: readonly string[];
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** What the hub makes of a patch (protocol §3.3): null removes, objects merge, the rest replaces. */
export function mergePatch(before: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(before));
  for (const [key, change] of Object.entries(patch)) {
    const value = merged.get(key);
    if (change === null) merged.delete(key);
    else if (isJsonObject(change))
      merged.set(key, mergePatch(isJsonObject(value) ? value : {}, change));
    else merged.set(key, change);
  }
  return Object.fromEntries(merged);
}

/**
 * The patch that makes `after` of `before`, with nothing in it that stays. Where the hub merges it,
 * properties that did not change keep the time of their last change, and the device is told of no
 * more than it must know. `after` holds no null.
 */
export function patchBetween(before: JsonObject, after: JsonObject): JsonObject {
  const removed = Object.keys(before)
    .filter((key) => !Object.hasOwn(after, key))
    .map((key) => [key, null] as const);
  const written = Object.entries(after).flatMap(([key, value]) => {
    const known = Object.hasOwn(before, key) ? before[key] : undefined;
    if (sameJson(known, value)) return [];
    const inner = isJsonObject(known) && isJsonObject(value) ? patchBetween(known, value) : value;
    return [[key, inner] as const];
  });
  return Object.fromEntries([...removed, ...written]);
}

/** The section as it is meant by who replaces it: a null is a property that is not there. */
export function withoutNulls(section: JsonObject): JsonObject {
  return mergePatch({}, section);
}

/** What differs, as deep as both states have an object. */
export function changesBetween(
  before: JsonObject,
  after: JsonObject,
  above: readonly string[] = [],
): readonly ValueChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const path = [...above, key];
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    const now = Object.hasOwn(after, key) ? after[key] : undefined;
    if (sameJson(old, now)) return [];
    if (isJsonObject(old) && isJsonObject(now)) return changesBetween(old, now, path);
    return [{ path, before: old, after: now }];
  });
}
