import { getOwn, isJsonObject, type JsonObject, type JsonValue, setOwn } from '../json.js';
import type { Timestamp } from './timestamps.js';

/** One half of a twin's properties, with the hub's notes on when each of them changed. */
export interface Section {
  readonly values: JsonObject;
  readonly metadata: JsonObject;
  readonly version: number;
}

/** A twin is never changed in place: who holds one, such as a query's result, holds a snapshot. */
export interface Twin {
  /** Counts every write of tags, desired or reported properties. */
  readonly version: number;
  /** Counts the service's writes only: a device that reports does not invalidate an operator's ETag. */
  readonly etag: number;
  readonly tags: JsonObject;
  readonly desired: Section;
  readonly reported: Section;
}

/** What a service writes. `null` clears a section, `undefined` leaves it alone. */
export interface TwinWrite {
  readonly tags: JsonObject | null | undefined;
  readonly desired: JsonObject | null | undefined;
}

export function createTwin(at: Timestamp): Twin {
  return {
    version: 2,
    etag: 1,
    tags: {},
    desired: { values: {}, metadata: createStamp(at, 1), version: 1 },
    reported: { values: {}, metadata: createStamp(at), version: 1 },
  };
}

export function patchTwin(twin: Twin, write: TwinWrite, at: Timestamp): Twin {
  return {
    ...twin,
    version: twin.version + 1,
    etag: twin.etag + 1,
    tags: patchTags(twin.tags, write.tags),
    desired: patchDesired(twin.desired, write.desired, at),
  };
}

/** A replacement clears what it does not mention, but leaves to the device what the device reported. */
export function replaceTwin(twin: Twin, write: TwinWrite, at: Timestamp): Twin {
  return {
    ...twin,
    version: twin.version + 1,
    etag: twin.etag + 1,
    tags: patchTags({}, write.tags),
    desired: replaceDesired(twin.desired, write.desired ?? {}, at),
  };
}

export function reportProperties(twin: Twin, patch: JsonObject, at: Timestamp): Twin {
  return {
    ...twin,
    version: twin.version + 1,
    reported: writeSection(twin.reported, patch, createStamp(at)),
  };
}

/** The section as services and queries see it. */
export function formatSection(section: Section): JsonObject {
  return { ...section.values, $metadata: section.metadata, $version: section.version };
}

/** The section as its device sees it. */
export function formatDeviceSection(section: Section): JsonObject {
  return { ...section.values, $version: section.version };
}

function patchTags(tags: JsonObject, patch: JsonObject | null | undefined): JsonObject {
  if (patch === undefined) return tags;
  if (patch === null) return {};
  return merge(tags, {}, patch, {}).values;
}

function patchDesired(
  section: Section,
  patch: JsonObject | null | undefined,
  at: Timestamp,
): Section {
  if (patch === undefined) return section;
  if (patch === null) return replaceDesired(section, {}, at);
  return writeSection(section, patch, createStamp(at, section.version + 1));
}

function replaceDesired({ version }: Section, values: JsonObject, at: Timestamp): Section {
  return patchDesired({ values: {}, metadata: {}, version }, values, at);
}

function writeSection(section: Section, patch: JsonObject, stamp: JsonObject): Section {
  const { values, metadata } = merge(section.values, section.metadata, patch, stamp);
  // Written out: spread, each section would get a hidden class of its own, at many times the cost.
  return { values, metadata, version: section.version + 1 };
}

/** Only desired properties say with which version they came. */
function createStamp(at: Timestamp, version?: number): JsonObject {
  const $lastUpdated = `${at}Z`;
  return version === undefined ? { $lastUpdated } : { $lastUpdated, $lastUpdatedVersion: version };
}

/**
 * The merge of "Understand and use device twins": objects merge, `null` removes at any depth,
 * anything else replaces. `metadata` mirrors the tree, each touched node bearing the stamp.
 */
function merge(
  target: JsonObject,
  notes: JsonObject,
  patch: JsonObject,
  stamp: JsonObject,
): { values: JsonObject; metadata: JsonObject } {
  const values = { ...target };
  const metadata = { ...notes, ...stamp };
  for (const [key, change] of Object.entries(patch)) {
    if (key.startsWith('$')) continue; // $version and $metadata are the hub's to write
    if (change === null) {
      delete values[key];
      delete metadata[key];
    } else if (isJsonObject(change)) {
      const [below, belowNotes] = branch(values, metadata, key);
      const merged = merge(below, belowNotes, change, stamp);
      setOwn(values, key, merged.values);
      setOwn(metadata, key, merged.metadata);
    } else {
      setOwn(values, key, change);
      setOwn(metadata, key, { ...stamp });
    }
  }
  return { values, metadata };
}

/** What an object under `key` merges into: the object there, or a new one in place of anything else. */
function branch(values: JsonObject, metadata: JsonObject, key: string): [JsonObject, JsonObject] {
  const below: JsonValue | undefined = getOwn(values, key);
  const notes: JsonValue | undefined = getOwn(metadata, key);
  return isJsonObject(below) ? [below, isJsonObject(notes) ? notes : {}] : [{}, {}];
}
