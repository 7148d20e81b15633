import { badInput } from './errors.js';

/** Which device: the hub's name and its id there. */
export interface DeviceRef {
  readonly hub: string;
  readonly deviceId: string;
}

/** Narrows to what is a device, or of one. */
export function isDeviceRef(thing: unknown): thing is DeviceRef {
  if (typeof thing !== 'object' || thing === null) return false;
  return (
    'hub' in thing &&
    typeof thing.hub === 'string' &&
    'deviceId' in thing &&
    typeof thing.deviceId === 'string'
  );
}

/** Equal for the same device. No id holds a slash. */
export function deviceKey({ hub, deviceId }: DeviceRef): string {
  return `${hub}/${deviceId}`;
}

/** Which module of a device. */
export interface ModuleRef extends DeviceRef {
  readonly moduleId: string;
}

/** What IoT Hub allows in the id of a device or module: 1 to 128 of these; not what a path reads as a folder. */
const idPattern = /^(?!\.{1,2}$)[A-Za-z0-9\-.+%_#*?!(),:=@$']{1,128}$/;
/** Not allowed in a device id, so that the two kinds of id never look alike. */
const GLOBAL_PREFIX = '~';

/** An id that stays the same when a second hub is added. */
export function formatDeviceId({ hub, deviceId }: DeviceRef): string {
  return GLOBAL_PREFIX + Buffer.from(`${hub}/${deviceId}`).toString('base64url');
}

/** As opaque and stable as that of a device. */
export function formatModuleId({ hub, deviceId, moduleId }: ModuleRef): string {
  return GLOBAL_PREFIX + Buffer.from(`${hub}/${deviceId}/${moduleId}`).toString('base64url');
}

/** What the id of a module within its device is. */
export const moduleIdExpected =
  "expected a module id of 1 to 128 letters, digits and - . + % _ # * ? ! ( ) , : = @ $ '";

export function isModuleId(text: string): boolean {
  return idPattern.test(text);
}

/** Checks the id of a module within its device. Throws RequestError naming the argument. */
export function parseModuleId(text: string, argument: string): string {
  if (isModuleId(text)) return text;
  throw badInput(argument, moduleIdExpected);
}

/**
 * Reads a `Device.id` of one of the hubs, or, where there is but one, a bare device id.
 * Throws RequestError naming the argument.
 */
export function parseDeviceId(text: string, argument: string, hubs: readonly string[]): DeviceRef {
  const [only = '', ...others] = hubs;
  const bare = !text.startsWith(GLOBAL_PREFIX);
  if (bare && others.length > 0) {
    throw badInput(
      argument,
      `expected a Device.id: this gateway serves ${hubs.length} hubs, and a device id does not tell which is meant`,
    );
  }
  const ref = bare ? { hub: only, deviceId: text } : parseGlobal(text.slice(GLOBAL_PREFIX.length));
  if (!ref || !hubs.includes(ref.hub) || !idPattern.test(ref.deviceId)) {
    throw badInput(
      argument,
      others.length > 0
        ? 'expected a Device.id of one of the hubs that this gateway serves'
        : "expected a Device.id, or a device id of 1 to 128 letters, digits and - . + % _ # * ? ! ( ) , : = @ $ '",
    );
  }
  return ref;
}

function parseGlobal(encoded: string): DeviceRef | undefined {
  const text = Buffer.from(encoded, 'base64url').toString('utf8');
  const slash = text.indexOf('/');
  return slash < 1 ? undefined : { hub: text.slice(0, slash), deviceId: text.slice(slash + 1) };
}
