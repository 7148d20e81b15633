import { dateFromTicks } from './hub/hub-time.js';
import { propertyState, type TwinSection } from './hub/twin.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

/** The keys on the way to a property. */
export type PropertyKeys = readonly string[];

/** A desired or reported property with the hub's time of its last change. */
export interface TwinProperty {
  readonly path: string;
  /** Null where there is none. */
  readonly value: JsonValue;
  readonly lastUpdatedAt: Date | null;
}

/** The properties at these paths, in their order; without paths each one, by leaf. */
export function propertiesOf(
  section: TwinSection,
  paths: readonly PropertyKeys[] = leafPaths(section.values),
): readonly TwinProperty[] {
  return paths.map((path) => ({
    path: path.join('.'),
    value: propertyState(section, path).value ?? null,
    lastUpdatedAt: lastUpdatedAt(section, path),
  }));
}

/** Where there is something other than an object with keys. Arrays are looked at whole. */
export function leafPaths(values: JsonObject, above: PropertyKeys = []): readonly PropertyKeys[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = [...above, key];
    const isLeaf = !isJsonObject(value) || Object.keys(value).length === 0;
    return isLeaf ? [path] : leafPaths(value, path);
  });
}

/** When what is at a path last changed, by the hub's clock; null where there is nothing. */
export function lastUpdatedAt(section: TwinSection, path: PropertyKeys): Date | null {
  const { lastUpdated } = propertyState(section, path);
  return lastUpdated === undefined ? null : dateFromTicks(lastUpdated);
}
