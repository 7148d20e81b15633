import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Permission } from '../services/access.js';
import type { Act, NamedTarget } from '../services/audit.js';
import { isJsonObject, type JsonValue } from '../services/json.js';
import type { Context } from './context.js';

/** A field, and what it asks for. */
export interface Door {
  readonly type: GraphQLObjectType;
  readonly field: GraphQLField<unknown, Context>;
  readonly permission: Permission;
}

/** One who knocks there. */
export interface Knock {
  readonly source: unknown;
  readonly args: object;
  readonly context: Context;
}

/**
 * Texts that are recorded as they are: names, and what somebody wrote for others to read. Any other
 * text may be a secret, today or tomorrow.
 */
export const readableTexts: readonly string[] = [
  'action',
  'groupBy',
  'hub',
  'managedBy',
  'method',
  'profile',
  'sql',
  'statusReason',
];
const readableScalars: readonly string[] = ['ID', 'Int', 'Float', 'Boolean', 'DateTime'];

/** In the place of what may be a secret. */
const WITHHELD = '*';
/** Longer texts are cut: the longest query fits. */
const LONGEST_TEXT = 8192;
/** Larger inputs (characters of JSON) are left out, but for their size. */
const LARGEST_INPUT = 16_384;
/** As reasons are told of operations that are called off. */
const LONGEST_REASON = 1024;

/** As operations are named. */
const LONGEST_ID = 36;

const roots: readonly string[] = ['Query', 'Mutation', 'Subscription'];
/** Which fields of an input name the devices that are acted upon. */
const naming: readonly string[] = ['deviceId', 'deviceIds', 'devices'];

/** What a caller wants, as the audit tells it: without what may be a secret. */
export function describeAct(
  { type, field, permission }: Door,
  { source, args, context }: Knock,
): Act {
  const { caller, origin } = context;
  const given: Record<string, unknown> = { ...args };
  const input = isRecord(given['input']) ? given['input'] : given;
  const isRoot = roots.includes(type.name);
  const id = textOf(input['id']);
  const idOf = id === undefined ? undefined : nounOfId(field);
  const device = idOf === 'DEVICE' ? { deviceId: id } : {};
  return {
    caller,
    origin,
    action: isRoot ? field.name : `${type.name}.${field.name}`,
    permission,
    targets: targetsOf(isRoot ? { ...input, ...device } : namedBy(source)),
    operationId: (idOf === 'OPERATION' && id?.slice(0, LONGEST_ID)) || null,
    input: bounded(recorded(field.args, given)),
    reason: textOf(input['reason'])?.slice(0, LONGEST_REASON) ?? null,
  };
}

/** Whether what a field is given names what it acts upon. */
export function namesTarget(field: GraphQLField<unknown, Context>): boolean {
  const names = field.args.flatMap(({ name, type }) => {
    const named = getNamedType(type);
    return isInputObjectType(named) ? Object.keys(named.getFields()) : [name];
  });
  const byId = names.includes('id') && nounOfId(field) !== undefined;
  return byId || names.some((name) => naming.includes(name));
}

/** What the argument `id` of a field is the id of, told from what the field gives. */
function nounOfId({ type }: GraphQLField<unknown, Context>): 'DEVICE' | 'OPERATION' | undefined {
  const { name } = getNamedType(type);
  if (name === 'Device') return 'DEVICE';
  return name.includes('Operation') ? 'OPERATION' : undefined;
}

/** The devices that an input names. */
function targetsOf({ deviceId, deviceIds, devices, hub, moduleId }: Record<string, unknown>) {
  if (Array.isArray(devices)) return devices.filter(isRecord).flatMap(targetOf);
  if (Array.isArray(deviceIds)) return deviceIds.flatMap((id) => targetOf({ deviceId: id }));
  return targetOf({ deviceId, hub, moduleId });
}

function targetOf({ deviceId, hub, moduleId }: Record<string, unknown>): readonly NamedTarget[] {
  if (typeof deviceId !== 'string') return [];
  return [{ deviceId, hub: textOf(hub), moduleId: textOf(moduleId) }];
}

/** What an object of the schema belongs to: it tells so itself, or holds a module or device that does. */
function namedBy(source: unknown): Record<string, unknown> {
  if (!isRecord(source)) return {};
  if ('deviceId' in source) return source;
  return namedBy(source['module'] ?? source['device']);
}

function recorded(
  fields: readonly (GraphQLArgument | GraphQLInputField)[],
  given: Record<string, unknown>,
): JsonValue {
  const told = fields.flatMap(({ name, type }) =>
    given[name] === undefined || name === 'reason'
      ? []
      : [[name, recordedValue(name, type, given[name])] as const],
  );
  return Object.fromEntries(told);
}

function recordedValue(name: string, type: GraphQLInputType, value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (isNonNullType(type)) return recordedValue(name, type.ofType, value);
  if (isListType(type) && Array.isArray(value)) {
    return value.map((item) => recordedValue(name, type.ofType, item));
  }
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    return isRecord(value) ? recorded(Object.values(named.getFields()), value) : WITHHELD;
  }
  if (named.name === 'JSON') return namesIn(value as JsonValue);
  const isReadable = named.name === 'String' ? readableTexts.includes(name) : false;
  if (!isReadable && !isEnumType(named) && !readableScalars.includes(named.name)) return WITHHELD;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : (value as JsonValue);
}

/** The names of properties, with nothing that they hold. */
function namesIn(value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return value === null ? null : WITHHELD;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, namesIn(inner)]));
}

function bounded(input: JsonValue): JsonValue {
  const { length } = JSON.stringify(input);
  return length > LARGEST_INPUT ? { omittedCharacters: length } : input;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
