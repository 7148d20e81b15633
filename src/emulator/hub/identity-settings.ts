import { randomBytes } from 'node:crypto';
import { hubError } from '../errors.js';
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { Authentication, DeviceStatus, IdentitySettings } from './identity.js';

const idPattern = /^[A-Za-z0-9\-.+%_#*?!(),:=@$']{1,128}$/;
const maxStatusReason = 128;

export function checkId(kind: 'device' | 'module', id: string): void {
  if (!idPattern.test(id)) {
    throw invalid(
      `The ${kind} id ${JSON.stringify(id)} is not 1 to 128 of the letters, digits and - . + % _ # * ? ! ( ) , : = @ $ '.`,
    );
  }
}

/** Reads the body of a registry write, which replaces all settings: what it leaves out gets its default. */
export function parseDeviceSettings(
  body: JsonValue | undefined,
  deviceId: string,
): IdentitySettings {
  if (!isJsonObject(body)) throw invalid('The device is not a JSON object.');
  const given = getOwn(body, 'deviceId');
  if (given !== undefined && given !== deviceId) {
    throw invalid('The deviceId of the body is not that of the path.');
  }
  return {
    status: parseStatus(getOwn(body, 'status')),
    statusReason: parseStatusReason(getOwn(body, 'statusReason')),
    authentication: parseAuthentication(getOwn(body, 'authentication')),
    iotEdge: parseEdge(getOwn(body, 'capabilities')),
    managedBy: null,
    deviceScope: parseText('deviceScope', getOwn(body, 'deviceScope')),
  };
}

/** The same for a module, which has no status of its own: it is its device's. */
export function parseModuleSettings(
  body: JsonValue | undefined,
  { deviceId, moduleId }: { readonly deviceId: string; readonly moduleId: string },
): IdentitySettings {
  if (!isJsonObject(body)) throw invalid('The module is not a JSON object.');
  for (const [name, id] of Object.entries({ deviceId, moduleId })) {
    if ((getOwn(body, name) ?? id) !== id) {
      throw invalid(`The ${name} of the body is not that of the path.`);
    }
  }
  if (moduleId.startsWith('$')) {
    throw invalid('Module ids that start with $ are those of the Azure IoT Edge runtime.');
  }
  const authentication = getOwn(body, 'authentication');
  return {
    status: 'enabled',
    statusReason: null,
    // A module without a kind of authentication gets keys.
    authentication: isNone(authentication) ? createKeys() : parseAuthentication(authentication),
    iotEdge: false,
    managedBy: parseText('managedBy', getOwn(body, 'managedBy')),
    deviceScope: null,
  };
}

/** The settings of an identity nobody has said anything about. */
export function createSettings(status: DeviceStatus = 'enabled'): IdentitySettings {
  return {
    status,
    statusReason: null,
    authentication: createKeys(),
    iotEdge: false,
    managedBy: null,
    deviceScope: null,
  };
}

function createKeys(): Authentication {
  return {
    type: 'sas',
    primaryKey: randomBytes(32).toString('base64'),
    secondaryKey: randomBytes(32).toString('base64'),
  };
}

function parseStatus(value: JsonValue | undefined): DeviceStatus {
  if (value === undefined || value === null) return 'enabled';
  const status = typeof value === 'string' ? value.toLowerCase() : value;
  if (status !== 'enabled' && status !== 'disabled') {
    throw invalid('The status is neither "enabled" nor "disabled".');
  }
  return status;
}

function isNone(authentication: JsonValue | undefined): boolean {
  return isJsonObject(authentication) && getOwn(authentication, 'type') === 'none';
}

function parseText(name: string, value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw invalid(`The ${name} is not a string.`);
  return value;
}

function parseStatusReason(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || value.length > maxStatusReason) {
    throw invalid(`The statusReason is not a string of at most ${maxStatusReason} characters.`);
  }
  return value;
}

function parseEdge(capabilities: JsonValue | undefined): boolean {
  return isJsonObject(capabilities) && getOwn(capabilities, 'iotEdge') === true;
}

function parseAuthentication(value: JsonValue | undefined): Authentication {
  if (value === undefined || value === null) return createKeys();
  if (!isJsonObject(value)) throw invalid('The authentication is not a JSON object.');
  const type = getOwn(value, 'type') ?? 'sas';
  switch (type) {
    case 'sas':
      return parseKeys(readObject(value, 'symmetricKey'));
    case 'selfSigned':
      return parseThumbprints(readObject(value, 'x509Thumbprint'));
    case 'certificateAuthority':
      return { type };
    case 'none':
      throw hubError(
        'DeviceAuthenticationTypeIsMissing',
        'A device needs an authentication type other than none.',
      );
    default:
      throw invalid(
        'The authentication type is none of sas, selfSigned, certificateAuthority and none.',
      );
  }
}

function parseKeys(symmetricKey: JsonObject): Authentication {
  const primaryKey = readText(symmetricKey, 'primaryKey');
  const secondaryKey = readText(symmetricKey, 'secondaryKey');
  if (primaryKey === '' && secondaryKey === '') return createKeys();
  if (primaryKey === '' || secondaryKey === '') {
    throw invalid('Either no keys or both keys can be set.');
  }
  for (const key of [primaryKey, secondaryKey]) checkKey(key);
  return { type: 'sas', primaryKey, secondaryKey };
}

function checkKey(key: string): void {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.toString('base64') !== key) throw invalid('A device key is not base64.');
  if (bytes.length < 16 || bytes.length > 64) {
    throw invalid('Invalid device key length: a key has 16 to 64 bytes.');
  }
}

function parseThumbprints(x509Thumbprint: JsonObject): Authentication {
  return {
    type: 'selfSigned',
    primaryThumbprint: parseThumbprint(readText(x509Thumbprint, 'primaryThumbprint')),
    secondaryThumbprint: parseThumbprint(readText(x509Thumbprint, 'secondaryThumbprint')),
  };
}

function parseThumbprint(text: string): string | null {
  if (text === '') return null;
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) {
    throw hubError('StringIsNotThumbprint', 'A thumbprint is 40 or 64 hexadecimal digits.');
  }
  return text;
}

function readObject(parent: JsonObject, key: string): JsonObject {
  const value = getOwn(parent, key);
  return isJsonObject(value) ? value : {};
}

function readText(parent: JsonObject, key: string): string {
  const value = getOwn(parent, key) ?? '';
  if (typeof value !== 'string') throw invalid(`The ${key} is not a string.`);
  return value;
}

function invalid(message: string): Error {
  return hubError('ArgumentInvalid', message);
}
