import { hubError } from '../errors.js';
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { TwinWrite } from './twin.js';
import { checkProperties, type SectionName } from './twin-limits.js';

/**
 * Reads the body of a twin PATCH or PUT. All but tags and desired properties is ignored:
 * clients send back the whole twin they have read, and the rest of it is the hub's and the device's.
 */
export function parseTwinWrite(body: JsonValue | undefined): TwinWrite {
  if (!isJsonObject(body)) throw invalid('The twin is not a JSON object.');
  const properties = getOwn(body, 'properties') ?? {};
  if (!isJsonObject(properties)) throw invalid('"properties" of the twin is not a JSON object.');
  return {
    tags: parseSection('tags', getOwn(body, 'tags')),
    desired: parseSection('desired', getOwn(properties, 'desired')),
  };
}

/** Reads what a device reports. */
export function parseReport(body: JsonValue | undefined): JsonObject {
  const patch = parseSection('reported', body);
  if (patch === undefined || patch === null) throw invalid('The patch is not a JSON object.');
  return patch;
}

function parseSection(
  name: SectionName,
  value: JsonValue | undefined,
): JsonObject | null | undefined {
  if (value === undefined || value === null) return value;
  if (!isJsonObject(value)) throw invalid(`The ${name} properties are not a JSON object.`);
  checkProperties(name, value);
  return value;
}

function invalid(message: string): Error {
  return hubError('ArgumentInvalid', message);
}
