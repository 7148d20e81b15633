import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { dateFromHubTime, type HubTicks, parseHubTime } from './hub-time.js';

/** Desired or reported properties of a twin, split from what the hub adds to them. */
export interface TwinSection {
  /** The properties, without `$`-keys. */
  readonly values: JsonObject;
  /** `$metadata`: the same tree, each level with `$lastUpdated`. */
  readonly metadata: JsonObject;
  /** `$version`: grows by one with each write of the section. */
  readonly version: number;
}

/** A device twin as the hub keeps it. */
export interface Twin {
  readonly deviceId: string;
  /** Only of the twin of a module. */
  readonly moduleId: string | undefined;
  /** Moves with tags and desired properties; what `If-Match` compares. */
  readonly etag: string;
  /** Moves with the identity; differs when a device was deleted and created again. */
  readonly deviceEtag: string;
  /** Grows with every write of any section; falls only when the hub was rewound by a failover. */
  readonly version: number;
  readonly status: 'enabled' | 'disabled';
  readonly statusReason: string | null;
  readonly statusUpdatedTime: Date | null;
  readonly authenticationType: AuthenticationType;
  readonly thumbprints: Thumbprints;
  readonly iotEdge: boolean;
  /** The Plug and Play model that the device announced. */
  readonly modelId: string | null;
  /** Cloud-to-device messages that wait for the device. */
  readonly cloudToDeviceMessageCount: number;
  /** What the hub believes; it lags by minutes on a real hub. */
  readonly connectionState: 'Connected' | 'Disconnected';
  readonly lastActivityTime: Date | null;
  readonly tags: JsonObject;
  readonly desired: TwinSection;
  readonly reported: TwinSection;
}

/** How a device or module proves who it is. */
export type AuthenticationType = 'SAS' | 'SELF_SIGNED' | 'CERTIFICATE_AUTHORITY' | 'NONE';

/** Of the certificates that a device may show. */
export interface Thumbprints {
  readonly primary: string | null;
  readonly secondary: string | null;
}

/** How a twin came to us: a point read is current, a query result is seconds to minutes old. */
export type TwinSource = 'POINT_READ' | 'QUERY' | 'EVENT';

/** A twin with the circumstances of its reading. */
export interface TwinReading {
  readonly twin: Twin;
  readonly source: TwinSource;
  /** When we asked, by our clock (ms). Readings that overlap in time cannot be ordered by it. */
  readonly askedAt: number;
  /** When the answer was here, by our clock (ms). */
  readonly observedAt: number;
  /** The hub's clock when it answered (its `Date` header, whole seconds, cut), in ms; null if it sent none. */
  readonly hubTime: number | null;
}

/** A reported or desired property with the hub's time of its last change. */
export interface PropertyState {
  readonly value: JsonValue | undefined;
  readonly lastUpdated: HubTicks | undefined;
}

/**
 * Reads the hub's JSON of a twin; undefined when it lacks what a twin must have: what is read as a
 * version of 0, or as a device that reports nothing, would look like a failover or a wiped device.
 */
export function parseTwin(json: unknown): Twin | undefined {
  if (!isJsonObject(json) || typeof json['deviceId'] !== 'string') return undefined;
  const properties = objectOf(json['properties']);
  const sections = [properties['desired'], properties['reported']];
  if (typeof json['version'] !== 'number' || !sections.every(isJsonObject)) return undefined;
  const thumbprints = objectOf(json['x509Thumbprint']);
  return {
    deviceId: json['deviceId'],
    moduleId: textOrNull(json['moduleId']) ?? undefined,
    etag: text(json['etag']),
    deviceEtag: text(json['deviceEtag']),
    version: count(json['version']),
    status: json['status'] === 'disabled' ? 'disabled' : 'enabled',
    statusReason: textOrNull(json['statusReason']),
    // The hub writes it in both ways, by version.
    statusUpdatedTime: dateFromHubTime(json['statusUpdatedTime'] ?? json['statusUpdateTime']),
    authenticationType: authenticationTypeOf(json['authenticationType']),
    thumbprints: {
      primary: textOrNull(thumbprints['primaryThumbprint']),
      secondary: textOrNull(thumbprints['secondaryThumbprint']),
    },
    iotEdge: objectOf(json['capabilities'])['iotEdge'] === true,
    modelId: textOrNull(json['modelId']),
    cloudToDeviceMessageCount: count(json['cloudToDeviceMessageCount']),
    connectionState: json['connectionState'] === 'Connected' ? 'Connected' : 'Disconnected',
    lastActivityTime: dateFromHubTime(json['lastActivityTime']),
    tags: withoutSystemKeys(json['tags']),
    desired: parseSection(properties['desired']),
    reported: parseSection(properties['reported']),
  };
}

/**
 * The value at a path of a section and when it last changed. For an object that is the newest
 * change of anything inside it.
 */
export function propertyState(section: TwinSection, path: readonly string[]): PropertyState {
  let value: JsonValue | undefined = section.values;
  let metadata: JsonValue | undefined = section.metadata;
  for (const key of path) {
    value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    metadata = isJsonObject(metadata) && Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  }
  return { value, lastUpdated: value === undefined ? undefined : newestChange(metadata) };
}

function newestChange(metadata: JsonValue | undefined): HubTicks | undefined {
  if (!isJsonObject(metadata)) return undefined;
  let newest: HubTicks | undefined;
  for (const [key, inner] of Object.entries(metadata)) {
    const ticks = key === '$lastUpdated' ? parseHubTime(inner) : newestChange(inner);
    if (ticks !== undefined && (newest === undefined || ticks > newest)) newest = ticks;
  }
  return newest;
}

/** How the hub's word for a kind of authentication is ours. */
export function authenticationTypeOf(word: JsonValue | undefined): AuthenticationType {
  switch (word) {
    case 'selfSigned':
      return 'SELF_SIGNED';
    case 'certificateAuthority':
      return 'CERTIFICATE_AUTHORITY';
    case 'none':
      return 'NONE';
    default:
      return 'SAS';
  }
}

function parseSection(json: JsonValue | undefined): TwinSection {
  const section = objectOf(json);
  return {
    values: withoutSystemKeys(section),
    metadata: objectOf(section['$metadata']),
    version: count(section['$version']),
  };
}

function withoutSystemKeys(json: JsonValue | undefined): JsonObject {
  if (!isJsonObject(json)) return {};
  return Object.fromEntries(Object.entries(json).filter(([key]) => !key.startsWith('$')));
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function textOrNull(value: JsonValue | undefined): string | null {
  return text(value) || null;
}

function count(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}
