import type { AuditFilter as AuditFilterInput } from '../schema/audit.js';
import type { AuthenticationInput } from '../schema/authentication.js';
import type {
  DateTimeCondition,
  DeviceFilter as DeviceFilterInput,
  HubCondition,
  ModuleFilter,
  PropertyCondition,
  StringCondition,
} from '../schema/device-filter.js';
import type {
  DeviceGrouping as DeviceGroupingInput,
  DeviceOrder as DeviceOrderInput,
} from '../schema/fleet.js';
import type { CreateDeviceInput } from '../schema/identity.js';
import type { SendMessageInput } from '../schema/message.js';
import type { OperationFilter as OperationFilterInput } from '../schema/operation.js';
import type { RebootDeviceInput } from '../schema/reboot.js';
import type { AuditFilter } from '../services/audit.js';
import type { AuthenticationChoice } from '../services/authentication.js';
import type { DeviceService } from '../services/device.js';
import type { DeviceRef } from '../services/device-id.js';
import { badInput } from '../services/errors.js';
import type { JsonValue } from '../services/json.js';
import type { MessageInput } from '../services/message.js';
import type { NewDevice } from '../services/new-device.js';
import type { OperationFilter } from '../services/operation.js';
import type { DeviceGrouping } from '../services/query/count-devices.js';
import type * as filter from '../services/query/device-filter.js';
import type { DeviceOrder } from '../services/query/order.js';
import type { RebootInput } from '../services/reboot.js';

type Given<T> = { [K in keyof T]?: Exclude<T[K], null | undefined> };

/** In GraphQL a null argument is one that was not given. */
export function given<T extends object>(input: T): Given<T> {
  const entries = Object.entries(input).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return Object.fromEntries(entries) as Given<T>;
}

/** The size of a page, checked. */
export function pageSize(first: number): number {
  if (first >= 1 && first <= 100) return first;
  throw badInput('first', `${first}; expected 1 to 100`);
}

/** The paths of a selection, checked; undefined where none is made. */
export function pathList<Path>(
  paths: readonly Path[] | null | undefined,
): readonly Path[] | undefined {
  if (!paths) return undefined;
  if (paths.length <= 100) return paths;
  throw badInput('paths', `${paths.length}; expected at most 100`);
}

/** The pace of a watch, checked. */
export function watchInterval(seconds: number | null | undefined): number | undefined {
  if (seconds === null || seconds === undefined) return undefined;
  if (seconds >= 1 && seconds <= 3600) return seconds;
  throw badInput('intervalSeconds', `${seconds}; expected 1 to 3600`);
}

/** A device filter as the services take it. Nulls fall away, but for those that are compared with. */
export function deviceFilter(
  input: DeviceFilterInput | null | undefined,
): filter.DeviceFilter | undefined {
  return input ? deviceFilterLevel(input) : undefined;
}

function deviceFilterLevel(input: DeviceFilterInput): filter.DeviceFilter {
  const { and, or, not, hub, deviceId, lastActivity, lastReboot, modules, ...rest } = given(input);
  const { tags: _tags, desired: _desired, reported: _reported, ...states } = rest;
  return {
    ...states,
    ...properties(input),
    ...(and && { and: and.map(deviceFilterLevel) }),
    ...(or && { or: or.map(deviceFilterLevel) }),
    ...(not && { not: deviceFilterLevel(not) }),
    ...(hub && { hub: given<HubCondition>(hub) }),
    ...(deviceId && { deviceId: given<StringCondition>(deviceId) }),
    ...(lastActivity && { lastActivity: given<DateTimeCondition>(lastActivity) }),
    ...(lastReboot && { lastReboot: given<DateTimeCondition>(lastReboot) }),
    ...(modules && { modules: moduleFilter(modules) }),
  };
}

function moduleFilter(input: ModuleFilter): filter.ModuleFilter {
  const { moduleId, connectionState } = given(input);
  return {
    ...properties(input),
    ...(moduleId && { moduleId: given<StringCondition>(moduleId) }),
    ...(connectionState && { connectionState }),
  };
}

function properties({ tags, desired, reported }: ModuleFilter): filter.ModuleFilter {
  return {
    ...(tags && { tags: tags.map(propertyCondition) }),
    ...(desired && { desired: desired.map(propertyCondition) }),
    ...(reported && { reported: reported.map(propertyCondition) }),
  };
}

/** An order as the services take it. */
export function deviceOrder(input: DeviceOrderInput | null | undefined): DeviceOrder | undefined {
  if (!input) return undefined;
  const { direction } = input;
  const by = propertyKey(input, 'orderBy');
  return { by, direction };
}

/** A grouping as the services take it. */
export function deviceGrouping(
  input: DeviceGroupingInput | null | undefined,
): DeviceGrouping | undefined {
  return input ? propertyKey(input, 'groupBy') : undefined;
}

/** What a key with a path, or without one, stands for. */
function propertyKey<Key extends string>(
  { by, path }: { readonly by: Key; readonly path?: readonly string[] | null },
  argument: string,
): Exclude<Key, filter.PropertySection> | filter.PropertyRef {
  if (!isSection(by)) {
    if (path) throw badInput(`${argument}.path`, `${by} takes no path`);
    return by as Exclude<Key, filter.PropertySection>;
  }
  if (!path) throw badInput(`${argument}.path`, `expected the path of a property beside ${by}`);
  return { section: by, path };
}

function isSection(key: string): key is filter.PropertySection {
  return key === 'TAG' || key === 'DESIRED' || key === 'REPORTED';
}

function propertyCondition(condition: PropertyCondition): filter.PropertyCondition {
  const { in: oneOf, nin, exists, ...rest } = condition;
  return { ...rest, ...given({ in: oneOf, nin, exists }) } as filter.PropertyCondition;
}

/** An operation filter as the services take it. */
export function operationFilter(
  input: OperationFilterInput | null | undefined,
  devices: DeviceService,
): OperationFilter {
  const { deviceId, action, status } = given(input ?? {});
  const device = deviceId === undefined ? undefined : devices.parseId(deviceId, 'where.deviceId');
  return { device, action, statuses: status };
}

/** The operations on a device that a filter selects, as the services take it. */
export function deviceHistory(
  device: DeviceRef,
  input: OperationFilterInput | null | undefined,
): OperationFilter {
  const { deviceId, action, status } = given(input ?? {});
  if (deviceId === undefined) return { device, action, statuses: status };
  throw badInput('where.deviceId', 'these are the operations of one device; leave it out');
}

/** A filter of the audit as the services take it; times are whole milliseconds. */
export function auditFilter(input: AuditFilterInput | null | undefined): AuditFilter {
  const { actor, action, deviceId, at, outcome } = given(input ?? {});
  const { gt, gte, lt, lte } = given<DateTimeCondition>(at ?? {});
  const times = (at: Date | undefined, next: number) => (at ? [at.getTime() + next] : []);
  const since = [...times(gte, 0), ...times(gt, 1)];
  const until = [...times(lte, 0), ...times(lt, -1)];
  return {
    actor,
    action,
    deviceId,
    outcomes: outcome,
    ...(since.length > 0 && { since: Math.max(...since) }),
    ...(until.length > 0 && { until: Math.min(...until) }),
  };
}

/** The input of an action as the services take it. A payload of null is one. */
export function actionInput<T extends { deviceId: string; payload?: JsonValue }>({
  payload,
  ...input
}: T): Given<Omit<T, 'payload'>> & { deviceId: string; payload: JsonValue | undefined } {
  return { ...given(input), deviceId: input.deviceId, payload };
}

/** A message as the services take it. */
export function messageInput({ deviceId, body, ...input }: SendMessageInput): MessageInput {
  return { ...given(input), deviceId, body: given(body) };
}

/** The input of a reboot as the services take it. A payload of null is one. */
export function rebootInput({ payload, ...input }: RebootDeviceInput): RebootInput {
  return { ...given(input), deviceId: input.deviceId, payload };
}

/** A device to create as the services take it. */
export function newDevice({ deviceId, authentication, ...input }: CreateDeviceInput): NewDevice {
  return { deviceId, authentication: authenticationChoice(authentication), ...given(input) };
}

/** A way to authenticate as the services take it. */
export function authenticationChoice(
  input: AuthenticationInput | null | undefined,
): AuthenticationChoice {
  const { thumbprints, ...choice } = given(input ?? {});
  if (!thumbprints) return choice;
  const { primary, secondary } = thumbprints;
  return { ...choice, thumbprints: { primary, secondary: secondary ?? undefined } };
}
