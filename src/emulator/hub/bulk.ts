import { HubError, hubError } from '../errors.js';
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { IdentityName, IdentitySettings } from './identity.js';
import { parseDeviceSettings, parseModuleSettings } from './identity-settings.js';
import { type IfMatch, parseIfMatch } from './if-match.js';
import type { Registry } from './registry.js';
import type { Twins } from './twins.js';

/** What went wrong with one entry; the others were carried out. */
export interface BulkFailure {
  readonly deviceId: string;
  readonly moduleId: string | null;
  readonly error: HubError;
}

const maxEntries = 100;

interface Entry {
  readonly name: IdentityName;
  readonly mode: string;
  readonly etag: string | undefined;
  readonly twinEtag: string | undefined;
  readonly body: JsonObject;
}

/** Carries out a list of registry writes, as in an export file, one by one. Returns those that failed. */
export function writeInBulk(
  hub: { readonly registry: Registry; readonly twins: Twins },
  body: JsonValue | undefined,
): readonly BulkFailure[] {
  const entries = parseEntries(body);
  const seen = new Set<string>();
  const failures: BulkFailure[] = [];
  for (const entry of entries) {
    const { deviceId, moduleId } = entry.name;
    try {
      const key = JSON.stringify([deviceId, moduleId]);
      if (seen.has(key)) throw hubError('DeviceDefinedMultipleTimes', deviceId);
      seen.add(key);
      carryOut(hub, entry);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      failures.push({ deviceId, moduleId: moduleId ?? null, error });
    }
  }
  return failures;
}

function carryOut(
  { registry, twins }: { readonly registry: Registry; readonly twins: Twins },
  entry: Entry,
): void {
  const { name, etag, twinEtag, body } = entry;
  const exists = registry.find(name) !== undefined;
  switch (entry.mode) {
    case 'create':
      registry.create(name, parseSettings(entry));
      break;
    case 'createorupdate':
    case 'createorupdateifmatchetag':
      if (exists) registry.update(name, parseSettings(entry), toCondition(entry.mode, etag));
      else registry.create(name, parseSettings(entry));
      break;
    case 'update':
    case 'updateifmatchetag':
      registry.get(name);
      registry.update(name, parseSettings(entry), toCondition(entry.mode, etag));
      return;
    case 'delete':
    case 'deleteifmatchetag':
      registry.delete(name, toCondition(entry.mode, etag));
      return;
    case 'updatetwin':
    case 'updatetwinifmatchetag':
      twins.patch(registry.get(name), body, toCondition(entry.mode, twinEtag));
      return;
    default:
      throw hubError('ArgumentInvalid', `The import mode ${entry.mode} is unknown.`);
  }
  // A new device may bring its twin along.
  if (getOwn(body, 'tags') !== undefined || getOwn(body, 'properties') !== undefined) {
    twins.patch(registry.get(name), body, { kind: 'any' });
  }
}

function toCondition(mode: string, etag: string | undefined): IfMatch {
  return mode.endsWith('ifmatchetag') ? parseIfMatch(etag ?? '""') : { kind: 'any' };
}

function parseSettings({ name, body }: Entry): IdentitySettings {
  const { deviceId, moduleId } = name;
  return moduleId === undefined
    ? parseDeviceSettings(body, deviceId)
    : parseModuleSettings(body, { deviceId, moduleId });
}

function parseEntries(body: JsonValue | undefined): readonly Entry[] {
  if (!Array.isArray(body) || body.length === 0 || body.length > maxEntries) {
    throw hubError('ArgumentInvalid', `The body is not a list of 1 to ${maxEntries} devices.`);
  }
  return body.map(parseEntry);
}

function parseEntry(value: JsonValue): Entry {
  if (!isJsonObject(value)) throw hubError('ArgumentInvalid', 'A device is not a JSON object.');
  const deviceId = readText(value, 'id') ?? readText(value, 'deviceId');
  if (deviceId === undefined) throw hubError('ArgumentInvalid', 'A device has no id.');
  return {
    name: { deviceId, moduleId: readText(value, 'moduleId') },
    // SDKs write the modes in every mixture of cases.
    mode: (readText(value, 'importMode') ?? 'create').toLowerCase(),
    etag: readText(value, 'eTag') ?? readText(value, 'etag'),
    twinEtag: readText(value, 'twinETag'),
    body: value,
  };
}

function readText(object: JsonObject, key: string): string | undefined {
  const value = getOwn(object, key);
  return typeof value === 'string' ? value : undefined;
}
