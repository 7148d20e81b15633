import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { Path } from './ast.js';
import { refuse } from './query-syntax-error.js';
import type { QuerySource } from './sources.js';

/** A JSON value, or nothing there. */
export type Value = JsonValue | undefined;

/** Computes one value from a row. */
export type Evaluate = (row: JsonObject) => Value;

/** The hub's own names, which it takes in any letter case (protocol §4.4); a user's names are exact. */
const SYSTEM_NAMES = new Map(
  [
    'deviceId',
    'moduleId',
    'etag',
    'deviceEtag',
    'status',
    'statusReason',
    'statusUpdateTime',
    'connectionState',
    'lastActivityTime',
    'cloudToDeviceMessageCount',
    'authenticationType',
    'x509Thumbprint',
    'modelId',
    'version',
    'tags',
    'properties',
    'capabilities',
    'deviceScope',
    'parentScopes',
    'configurations',
    'jobId',
    'jobType',
    'startTimeUtc',
    'endTimeUtc',
    'createdDateTimeUtc',
    'lastUpdatedDateTimeUtc',
    'outcome',
    'error',
  ].map((name) => [name.toLowerCase(), name]),
);

const PROPERTY_SECTIONS = new Map([
  ['desired', 'desired'],
  ['reported', 'reported'],
]);

/** The names that lead to a path's value in a row of `source`: prefix stripped, the hub's names as it spells them. */
export function resolvePath(path: Path, source: QuerySource): readonly string[] {
  const [first = '', second, ...rest] = stripCollection(path.names, source);
  const root = SYSTEM_NAMES.get(first.toLowerCase()) ?? first;
  if (source === 'devices.jobs') checkJobPath(root, path);
  if (second === undefined) return [root];
  const section = root === 'properties' ? PROPERTY_SECTIONS.get(second.toLowerCase()) : undefined;
  return [root, section ?? second, ...rest];
}

/** Collection prefixes that a path may carry, longest first (protocol §4.2). */
const PREFIXES: Record<QuerySource, readonly (readonly string[])[]> = {
  devices: [['devices']],
  'devices.modules': [['devices', 'modules'], ['devices']],
  'devices.jobs': [['devices', 'jobs']],
};

function stripCollection(names: readonly string[], source: QuerySource): readonly string[] {
  const prefix = PREFIXES[source].find((parts) =>
    parts.every((part, index) => names[index]?.toLowerCase() === part),
  );
  if (prefix === undefined || prefix.length === names.length) return names;
  return names.slice(prefix.length);
}

/** D:iot-hub-devguide-query-language: conditions on jobs cannot refer to the device twin. */
function checkJobPath(root: string, path: Path): void {
  if (root === 'tags' || root === 'properties' || root.toLowerCase() === 'devices') {
    refuse(path.start, `expected a property of devices.jobs, found '${path.names.join('.')}'`);
  }
}

/** A reader of the value that `names` lead to: through objects only, and by own properties only. */
export function createReader(names: readonly string[]): Evaluate {
  return (row) => {
    let value: Value = row;
    for (const name of names) {
      if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
      value = value[name];
    }
    return value;
  };
}
