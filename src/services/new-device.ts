import {
  type AuthenticationChoice,
  parseAuthentication,
  type RandomBytes,
} from './authentication.js';
import { badInput, RequestError } from './errors.js';
import { formatAuthentication } from './hub/identity.js';
import { parseTwin, type Twin } from './hub/twin.js';
import { checkReason } from './identity.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';
import { checkSize, checkWrite, type WrittenSection } from './twin-limits.js';
import { withoutNulls } from './twin-merge.js';

export interface NewDevice {
  /** May be left out where there is one. */
  readonly hub?: string | undefined;
  readonly deviceId: string;
  readonly authentication?: AuthenticationChoice | undefined;
  readonly status?: 'ENABLED' | 'DISABLED' | undefined;
  readonly statusReason?: string | undefined;
  readonly iotEdge?: boolean | undefined;
  readonly tags?: JsonValue | undefined;
  readonly desired?: JsonValue | undefined;
}

/**
 * What a new device is to be, as the hub's bulk door takes it. Throws RequestError naming the
 * argument, which stands at `place`.
 */
export function newDeviceSettings(
  device: NewDevice,
  place: string,
  randomBytes: RandomBytes,
): JsonObject {
  const choice = device.authentication ?? {};
  const reason = device.statusReason ?? null;
  checkReason(reason, `${place}statusReason`);
  return {
    status: device.status === 'DISABLED' ? 'disabled' : 'enabled',
    statusReason: reason,
    authentication: formatAuthentication(
      parseAuthentication(choice, `${place}authentication`, randomBytes),
    ),
    capabilities: { iotEdge: device.iotEdge === true },
    ...firstTwin(device, place),
  };
}

/** The twin that a device of these settings begins with, as far as it can be known. */
export function firstTwinOf(deviceId: string, settings: JsonObject): Twin {
  const { properties = {} } = settings;
  // The hub's own: a twin is none without them.
  const sections = { desired: {}, reported: {}, ...(properties as JsonObject) };
  return parseTwin({ ...settings, deviceId, version: 1, properties: sections }) as Twin;
}

/** The twin that a device begins with, as the hub's bulk door takes it. */
function firstTwin({ tags, desired }: NewDevice, place: string): JsonObject {
  const first = (section: WrittenSection, value: JsonValue | undefined): JsonObject | undefined => {
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) throw badInput(place + section, 'expected an object');
    try {
      checkWrite(section, value);
      checkSize(section, withoutNulls(value));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      throw new RequestError(error.code, place + error.message, place + error.argument);
    }
    return withoutNulls(value);
  };
  const firstTags = first('tags', tags);
  const firstDesired = first('desired', desired);
  return {
    ...(firstTags && { tags: firstTags }),
    ...(firstDesired && { properties: { desired: firstDesired } }),
  };
}
