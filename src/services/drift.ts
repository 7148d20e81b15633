import type { Twin } from './hub/twin.js';
import { isJsonObject, type JsonObject, type JsonValue, sameJson, valueAt } from './json.js';
import { lastUpdatedAt, leafPaths, type PropertyKeys } from './twin-properties.js';

/** Nothing is reported at the path, or something else than what is desired. */
export type DriftKind = 'MISSING' | 'DIFFERENT';

/** A desired property that the device does not report in the same way. */
export interface PropertyDrift {
  readonly path: string;
  readonly kind: DriftKind;
  readonly desired: JsonValue;
  /** Null where nothing is reported. */
  readonly reported: JsonValue;
  readonly desiredUpdatedAt: Date | null;
  readonly reportedUpdatedAt: Date | null;
}

/**
 * The desired properties, at or below these paths or all, that the twin does not report in the same
 * way: objects are compared leaf by leaf, so that one without keys asks for nothing, and arrays
 * whole. What is reported without being desired is no drift.
 */
export function driftOf(twin: Twin, paths?: readonly PropertyKeys[]): readonly PropertyDrift[] {
  const isMeant = (path: PropertyKeys) => !paths || paths.some((above) => isWithin(path, above));
  return leafPaths(twin.desired.values)
    .filter(isMeant)
    .flatMap((path) => driftAt(twin, path) ?? []);
}

function driftAt({ desired, reported }: Twin, path: PropertyKeys): PropertyDrift | undefined {
  const wanted = valueAt(desired.values, path) ?? null;
  if (isJsonObject(wanted)) return undefined;
  const places = [path, answerPath(reported.values, path)];
  if (places.some((place) => sameJson(valueAt(reported.values, place), wanted))) return undefined;
  // An acknowledgement is shown whole: it may say why.
  const place = places.find((each) => valueAt(reported.values, each) !== undefined);
  const said = place && valueAt(reported.values, place);
  return {
    path: path.join('.'),
    kind: place ? 'DIFFERENT' : 'MISSING',
    desired: wanted,
    reported: said ?? null,
    desiredUpdatedAt: lastUpdatedAt(desired, path),
    reportedUpdatedAt: place ? lastUpdatedAt(reported, place) : null,
  };
}

/** Where a device says what became of a desired property, if it acknowledges it or what it is in. */
function answerPath(reported: JsonObject, path: PropertyKeys): PropertyKeys {
  const place: string[] = [];
  for (const key of path) {
    place.push(key);
    if (isAcknowledgement(valueAt(reported, place))) place.push('value');
  }
  return place;
}

/**
 * By the convention of IoT Plug and Play for writable properties: the value that the device has,
 * with a status (`ac`) and the version of the desired properties that it answers to (`av`).
 */
function isAcknowledgement(value: JsonValue | undefined): boolean {
  return (
    isJsonObject(value) &&
    Object.hasOwn(value, 'value') &&
    typeof value['ac'] === 'number' &&
    typeof value['av'] === 'number'
  );
}

function isWithin(path: PropertyKeys, above: PropertyKeys): boolean {
  return above.every((key, level) => path[level] === key);
}
