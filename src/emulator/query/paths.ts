import { getOwn, isJsonObject } from '../json.js';
import type { Path } from './ast.js';
import { refuse } from './query-syntax-error.js';
import type { QuerySource } from './sources.js';
import type { Evaluate, Value } from './values.js';

/** The hub's own names. */
const SYSTEM_NAMES = [
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
];

/** The hub takes its own names in any letter case (protocol §4.4); a user's names are exact. */
const SPELLINGS = new Map([
  ...SYSTEM_NAMES.map((name): [string, string] => [name.toLowerCase(), name]),
  // The rows say createdDateTimeUtc; the documentation's own example filters by this name.
  ['createdtimeutc', 'createdDateTimeUtc'],
]);

const PROPERTY_SECTIONS = new Map([
  ['desired', 'desired'],
  ['reported', 'reported'],
]);

/** The names that lead to a path's value in a row of `source`: prefix stripped, the hub's names as it spells them. */
export function resolvePath(path: Path, source: QuerySource): readonly string[] {
  const [first = '', second, ...rest] = stripCollection(path.names, source);
  const root = SPELLINGS.get(first.toLowerCase()) ?? first;
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

/**
 * A reader of the value that `names` lead to: through objects only, and by own properties only. Queries over a whole
 * fleet spend their time here, so the usual depths are written out.
 */
export function createReader(names: readonly string[]): Evaluate {
  if (names.some((name) => name in Object.prototype)) return createWaryReader(names);
  const [first = '', second = '', third = '', ...rest] = names.map(intern);
  if (names.length === 1) return (row) => row[first];
  if (names.length === 2) return (row) => step(row[first], second);
  if (names.length === 3) return (row) => step(step(row[first], second), third);
  return (row) => rest.reduce(step, step(step(row[first], second), third));
}

/** For names such as `constructor`, which every object has without owning it. */
function createWaryReader(names: readonly string[]): Evaluate {
  return (row) =>
    names.reduce<Value>(
      (value, name) => (isJsonObject(value) ? getOwn(value, name) : undefined),
      row,
    );
}

function step(value: Value, name: string): Value {
  return isJsonObject(value) ? value[name] : undefined;
}

/** The same text as V8 keeps it for property names, which it looks up several times as fast as a slice of the query. */
function intern(name: string): string {
  return Object.keys({ [name]: true })[0] ?? name;
}
