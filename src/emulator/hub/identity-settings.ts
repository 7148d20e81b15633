import { randomBytes } from 'node:crypto';
import { hubError } from '../errors.js';
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { Authentication, DeviceStatus, IdentitySettings } from './identity.js';

const idPattern = /^[A-Za-z0-9\-.+%_#*?!(),:=@$']{1,128}$/;
const maxStatusReason = 128;

export function checkDeviceId(deviceId: string): void {
  if (!idPattern.test(deviceId)) {
    throw invalid(
      `The device id ${JSON.stringify(deviceId)} is not 1 to 128 of the letters, digits and - . + % _ # * ? ! ( ) , : = @ $ '.`,
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
  };
}

export function createKeys(): Authentication {
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
