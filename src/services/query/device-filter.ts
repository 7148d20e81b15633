import type { JsonValue } from '../json.js';

/** Selects devices. All conditions that are given must hold. */
export interface DeviceFilter {
  /** All of these must hold. */
  readonly and?: readonly DeviceFilter[];
  /** At least one of these must hold. */
  readonly or?: readonly DeviceFilter[];
  /** This must not hold: the complement, so a device without a property is in it. */
  readonly not?: DeviceFilter;
  readonly hub?: HubCondition;
  readonly deviceId?: StringCondition;
  readonly status?: 'ENABLED' | 'DISABLED';
  readonly connectionState?: 'CONNECTED' | 'DISCONNECTED';
  readonly lastActivity?: DateTimeCondition;
  readonly tags?: readonly PropertyCondition[];
  readonly desired?: readonly PropertyCondition[];
  readonly reported?: readonly PropertyCondition[];
  readonly lastReboot?: DateTimeCondition;
  /** The device has at least one module like this. */
  readonly modules?: ModuleFilter;
}

/** What somebody asks for, among the devices that they may see. */
export interface ScopedFilter {
  readonly where: DeviceFilter;
  /** Undefined: all. */
  readonly scope?: DeviceFilter | undefined;
}

/** The filter that both parts add up to. */
export function bothOf({ where, scope }: ScopedFilter): DeviceFilter {
  return scope ? { and: [scope, where] } : where;
}

/** Conditions on the name of a hub. */
export interface HubCondition {
  readonly eq?: string;
  readonly in?: readonly string[];
}

/** Selects modules. All conditions that are given must hold of the same module. */
export interface ModuleFilter {
  readonly moduleId?: StringCondition;
  readonly connectionState?: 'CONNECTED' | 'DISCONNECTED';
  readonly tags?: readonly PropertyCondition[];
  readonly desired?: readonly PropertyCondition[];
  readonly reported?: readonly PropertyCondition[];
}

export interface StringCondition {
  readonly eq?: string;
  readonly in?: readonly string[];
  readonly startsWith?: string;
}

/** What a value may be compared with: IoT Hub compares primitives only. */
export type Comparable = string | number | boolean;

export interface PropertyCondition {
  readonly path: readonly string[];
  readonly eq?: JsonValue;
  readonly ne?: JsonValue;
  readonly lt?: JsonValue;
  readonly lte?: JsonValue;
  readonly gt?: JsonValue;
  readonly gte?: JsonValue;
  readonly in?: readonly JsonValue[];
  readonly nin?: readonly JsonValue[];
  readonly exists?: boolean;
}

/** Bounds on a time of the hub, which is cut to the millisecond, as it is shown. */
export interface DateTimeCondition {
  readonly lt?: Date;
  readonly lte?: Date;
  readonly gt?: Date;
  readonly gte?: Date;
  /** False: never. */
  readonly exists?: boolean;
}

/** Where a property is: tags, desired or reported properties. */
export type PropertySection = 'TAG' | 'DESIRED' | 'REPORTED';

/** One property of a device. */
export interface PropertyRef {
  readonly section: PropertySection;
  readonly path: readonly string[];
}

/** The module filters anywhere in a device filter. */
export function moduleFiltersIn(filter: DeviceFilter): readonly ModuleFilter[] {
  const below = [...(filter.and ?? []), ...(filter.or ?? []), ...(filter.not ? [filter.not] : [])];
  return [...(filter.modules ? [filter.modules] : []), ...below.flatMap(moduleFiltersIn)];
}
