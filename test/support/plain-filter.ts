import type {
  DateTimeCondition,
  DeviceFilter,
  ModuleFilter,
  PropertyCondition,
  StringCondition,
} from './operations.js';

// What a filter means, said once more in the plainest way: over the filter as a client writes it and a device as it
// is, without a query, and sharing nothing with the gateway or the emulator.

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
export type Properties = { readonly [key: string]: Json };

/** What a device reported of reboots in each convention: the hub's text of when. */
export interface PlainReboots {
  readonly node?: string;
  readonly python?: string;
  readonly java?: string;
}

export interface PlainModule {
  readonly moduleId: string;
  readonly tags: Properties;
  readonly desired: Properties;
  readonly reported: Properties;
}

export interface PlainDevice {
  readonly deviceId: string;
  readonly status: 'ENABLED' | 'DISABLED';
  readonly connectionState: 'CONNECTED' | 'DISCONNECTED';
  /** The hub's text; the year 1 is never. */
  readonly lastActivity: string;
  readonly reboots: PlainReboots;
  readonly tags: Properties;
  readonly desired: Properties;
  readonly reported: Properties;
  readonly modules: readonly PlainModule[];
}

export function selects(filter: DeviceFilter, device: PlainDevice): boolean {
  if (filter.and) for (const part of filter.and) if (!selects(part, device)) return false;
  if (filter.or) {
    const chosen = filter.or.filter((part) => selects(part, device));
    if (chosen.length === 0) return false;
  }
  if (filter.not && selects(filter.not, device)) return false;
  if (filter.deviceId && !textHolds(filter.deviceId, device.deviceId)) return false;
  if (filter.status && filter.status !== device.status) return false;
  if (filter.connectionState && filter.connectionState !== device.connectionState) return false;
  if (filter.lastActivity && !timeHolds(filter.lastActivity, [device.lastActivity])) return false;
  if (filter.lastReboot) {
    const { node, python, java } = device.reboots;
    const times = [node, python, java].filter((time) => time !== undefined);
    if (!timeHolds(filter.lastReboot, times)) return false;
  }
  if (!propertiesHold(filter, device)) return false;
  if (filter.modules) {
    const wanted = filter.modules;
    if (device.modules.filter((one) => moduleHolds(wanted, one)).length === 0) return false;
  }
  return true;
}

function moduleHolds(filter: ModuleFilter, module: PlainModule): boolean {
  if (filter.moduleId && !textHolds(filter.moduleId, module.moduleId)) return false;
  // Nobody is connected in the fleets of these tests.
  if (filter.connectionState === 'CONNECTED') return false;
  return propertiesHold(filter, module);
}

function propertiesHold(
  filter: Pick<ModuleFilter, 'tags' | 'desired' | 'reported'>,
  thing: Pick<PlainModule, 'tags' | 'desired' | 'reported'>,
): boolean {
  for (const one of filter.tags ?? []) if (!propertyHolds(one, thing.tags)) return false;
  for (const one of filter.desired ?? []) if (!propertyHolds(one, thing.desired)) return false;
  for (const one of filter.reported ?? []) if (!propertyHolds(one, thing.reported)) return false;
  return true;
}

function textHolds(condition: StringCondition, text: string): boolean {
  const { eq, in: oneOf, startsWith } = condition;
  if (typeof eq === 'string' && text !== eq) return false;
  if (oneOf && oneOf.indexOf(text) < 0) return false;
  return typeof startsWith !== 'string' || text.indexOf(startsWith) === 0;
}

const ABSENT = Symbol('absent');
type Found = Json | typeof ABSENT;

export function find(properties: Properties, path: string): Found {
  let here: Found = properties;
  for (const key of path.split('.')) {
    if (here === null || typeof here !== 'object' || Array.isArray(here)) return ABSENT;
    const entry: [string, Json] | undefined = Object.entries(here).find(([name]) => name === key);
    if (!entry) return ABSENT;
    here = entry[1];
  }
  return here;
}

function propertyHolds(condition: PropertyCondition, properties: Properties): boolean {
  const value = find(properties, condition.path);
  const primitive = ['string', 'number', 'boolean'].includes(typeof value);
  for (const [name, wanted] of Object.entries(condition)) {
    if (name === 'path') continue;
    if (name === 'exists') {
      if ((value !== ABSENT) !== wanted) return false;
      continue;
    }
    if (name === 'ne' || name === 'nin') {
      const unwanted: readonly unknown[] = name === 'ne' ? [wanted] : (wanted as unknown[]);
      const fine = value === ABSENT || (primitive && !unwanted.some((one) => one === value));
      if (!fine) return false;
      continue;
    }
    // All others are about a value that is there, of the type that it is compared with.
    const bounds: readonly unknown[] = name === 'in' ? (wanted as unknown[]) : [wanted];
    if (!primitive) return false;
    const met = bounds.some((bound) => {
      if (typeof bound !== typeof value) return false;
      const [a, b] = [value as string, bound as string];
      if (name === 'lt') return a < b;
      if (name === 'lte') return a <= b;
      if (name === 'gt') return a > b;
      if (name === 'gte') return a >= b;
      return a === b;
    });
    if (!met) return false;
  }
  return true;
}

/** Of the newest of some texts of the hub, to the millisecond. */
function timeHolds(condition: DateTimeCondition, texts: readonly string[]): boolean {
  const known = texts
    .map((text) => {
      const [second = '', fraction = ''] = text.replace(/Z$/, '').split('.');
      return Date.parse(`${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
    })
    .filter((time) => time > 0);
  const time = known.length > 0 ? Math.max(...known) : undefined;
  if (typeof condition.exists === 'boolean' && condition.exists !== (time !== undefined)) {
    return false;
  }
  for (const [name, bound] of Object.entries(condition)) {
    if (name === 'exists') continue;
    if (time === undefined) return false;
    const limit = Date.parse(bound as string);
    const met = { lt: time < limit, lte: time <= limit, gt: time > limit, gte: time >= limit }[
      name
    ];
    if (met !== true) return false;
  }
  return true;
}
