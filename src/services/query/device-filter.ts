import type { JsonValue } from '../json.js';

/** Selects devices. All conditions that are given must hold. */
export interface DeviceFilter {
  readonly deviceId?: StringCondition;
  readonly status?: 'ENABLED' | 'DISABLED';
  readonly connectionState?: 'CONNECTED' | 'DISCONNECTED';
  readonly tags?: readonly PropertyCondition[];
  readonly desired?: readonly PropertyCondition[];
  readonly reported?: readonly PropertyCondition[];
  readonly lastReboot?: DateTimeCondition;
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

/** Bounds on the hub's time of the newest reported reboot; `exists: false` is "never rebooted". */
export interface DateTimeCondition {
  readonly lt?: Date;
  readonly lte?: Date;
  readonly gt?: Date;
  readonly gte?: Date;
  readonly exists?: boolean;
}
