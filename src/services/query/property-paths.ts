import type { Twin } from '../hub/twin.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { PropertySection } from './device-filter.js';

export type JsonType = 'STRING' | 'NUMBER' | 'BOOLEAN' | 'LIST' | 'OBJECT';

/** A property that some devices have. */
export interface PropertyPathInfo {
  readonly section: PropertySection;
  readonly path: readonly string[];
  /** What it was seen to hold, in alphabetical order. */
  readonly types: readonly JsonType[];
  /** How many devices of the sample have it. */
  readonly devices: number;
  /** What one of them has; null where that would be long. */
  readonly example: JsonValue;
}

/** Longer examples (as JSON) are left out. */
const LONGEST_EXAMPLE = 256;

/** What was found in some devices of a hub. */
export interface PropertySample {
  readonly devices: number;
  /** When (ms). */
  readonly at: number;
  readonly found: ReadonlyMap<string, Readonly<Finding>>;
}

/** The properties that some twins have. */
export function sampleOf(twins: readonly Twin[], at: number): PropertySample {
  const found = new Map<string, Finding>();
  for (const twin of twins) {
    collect(found, 'TAG', [], twin.tags);
    collect(found, 'DESIRED', [], twin.desired.values);
    collect(found, 'REPORTED', [], twin.reported.values);
  }
  return { devices: twins.length, at, found };
}

/** The properties of all samples, most frequent first; of objects, what is in them. */
export function propertyPathsOf(samples: readonly PropertySample[]): readonly PropertyPathInfo[] {
  const found = new Map<string, Finding>();
  for (const [id, finding] of samples.flatMap((sample) => [...sample.found])) {
    const known = found.get(id);
    found.set(id, known ? merge(known, finding) : finding);
  }
  return [...found.values()]
    .filter(({ types, inner }) => !inner || types.size > 1)
    .map(({ inner: _, types, ...rest }) => ({ ...rest, types: [...types].sort() }))
    .sort(
      (a, b) =>
        b.devices - a.devices || compare(a.section, b.section) || compare(key(a.path), key(b.path)),
    );
}

function merge(a: Readonly<Finding>, b: Readonly<Finding>): Finding {
  return {
    ...a,
    types: new Set([...a.types, ...b.types]),
    devices: a.devices + b.devices,
    example: a.example ?? b.example,
    inner: a.inner || b.inner,
  };
}

interface Finding {
  readonly section: PropertySection;
  readonly path: readonly string[];
  readonly types: Set<JsonType>;
  devices: number;
  example: JsonValue;
  /** Some device has properties inside it. */
  inner: boolean;
}

function collect(
  found: Map<string, Finding>,
  section: PropertySection,
  at: readonly string[],
  object: JsonObject,
): void {
  for (const [name, value] of Object.entries(object)) {
    const path = [...at, name];
    const inner = isJsonObject(value) && Object.keys(value).length > 0;
    note(found, { section, path, value, inner });
    if (inner) collect(found, section, path, value);
  }
}

function note(
  found: Map<string, Finding>,
  {
    section,
    path,
    value,
    inner,
  }: Pick<Finding, 'section' | 'path' | 'inner'> & { readonly value: JsonValue },
): void {
  const id = `${section} ${key(path)}`;
  const known = found.get(id) ?? {
    section,
    path,
    types: new Set(),
    devices: 0,
    example: null,
    inner: false,
  };
  found.set(id, known);
  known.devices += 1;
  known.types.add(typeOf(value));
  known.inner ||= inner;
  if (known.example === null && !inner && JSON.stringify(value).length <= LONGEST_EXAMPLE) {
    known.example = value;
  }
}

function typeOf(value: JsonValue): JsonType {
  if (Array.isArray(value)) return 'LIST';
  switch (typeof value) {
    case 'string':
      return 'STRING';
    case 'number':
      return 'NUMBER';
    case 'boolean':
      return 'BOOLEAN';
    default:
      return 'OBJECT';
  }
}

/** Keys hold no dots. */
function key(path: readonly string[]): string {
  return path.join('.');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
