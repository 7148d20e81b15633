import { isHub } from './choose-hubs.js';
import { compileNegatedProperty, compileProperty, propertyName } from './compile-property.js';
import { compileNegatedTime, compileTime, lastActivityTime, newestOf } from './compile-time.js';
import { all, any, type Condition, everyRow, noRow, says } from './condition.js';
import type {
  DeviceFilter,
  ModuleFilter,
  PropertyCondition,
  PropertySection,
  StringCondition,
} from './device-filter.js';
import { quoteName, quoteValue } from './escape.js';

/** What a filter's meaning depends on beside the filter. */
export interface FilterTerms {
  /** The hub whose devices are asked for. */
  readonly hub: string;
  /** Where devices of any convention report their last reboot. */
  readonly rebootPaths: readonly (readonly string[])[];
  /** The devices that have a module like this. */
  readonly withModule: (filter: ModuleFilter) => ReadonlySet<string>;
}

export interface CompileTerms extends FilterTerms {
  /** Whether properties that are negated may be taken to hold no objects and no lists. */
  readonly plain: boolean;
}

/** A filter as the hub takes it. */
export interface CompiledFilter {
  /** Lets through all devices that the filter selects, and, unless it is exact, maybe more. */
  readonly condition: Condition;
  /** The properties that are negated, by the hub's names: where objects and lists matter. */
  readonly negated: readonly string[];
}

/** The hub takes no longer ones. */
export const LONGEST_QUERY = 8192;

/** Compiles a filter that has been checked. */
export function compileFilter(filter: DeviceFilter, terms: CompileTerms): CompiledFilter {
  const negated = new Set<string>();
  return { condition: compileLevel(filter, false, { ...terms, negated }), negated: [...negated] };
}

/** A query of devices. */
export function deviceQuery(
  select: string,
  { sql }: Condition,
  { groupBy }: { groupBy?: string } = {},
): string {
  const where = typeof sql === 'string' ? ` WHERE ${sql}` : '';
  const group = groupBy === undefined ? '' : ` GROUP BY ${groupBy}`;
  return `SELECT ${select} FROM devices${where}${group}`;
}

/** The query for the devices that have a module like this. */
export function moduleQuery({ moduleId, ...filter }: ModuleFilter): string {
  const { sql } = all([
    ...compileText('moduleId', moduleId, false),
    ...compileState(filter.connectionState, false),
    ...properties(filter).map(({ name, condition }) => compileProperty(name, condition)),
  ]);
  const where = typeof sql === 'string' ? ` WHERE ${sql}` : '';
  return `SELECT deviceId FROM devices.modules${where}`;
}

interface Compilation extends CompileTerms {
  readonly negated: Set<string>;
}

/** That a filter holds, or, negated, that it does not. */
function compileLevel(filter: DeviceFilter, negate: boolean, terms: Compilation): Condition {
  const join = negate ? any : all;
  const joinAlternatives = negate ? all : any;
  const { and = [], or, not, modules } = filter;
  return join([
    ...and.map((part) => compileLevel(part, negate, terms)),
    ...(or ? [joinAlternatives(or.map((part) => compileLevel(part, negate, terms)))] : []),
    ...(not ? [compileLevel(not, !negate, terms)] : []),
    ...(filter.hub ? [isHub(terms.hub, filter.hub) === negate ? noRow : everyRow] : []),
    ...compileText('deviceId', filter.deviceId, negate),
    ...compileStatus(filter.status, negate),
    ...compileState(filter.connectionState, negate),
    ...compileTimes(filter, negate, terms),
    ...properties(filter).map((property) => compileOne(property, negate, terms)),
    ...(modules ? [compileModules(terms.withModule(modules), negate)] : []),
  ]);
}

function compileText(
  name: string,
  condition: StringCondition | undefined,
  negate: boolean,
): readonly Condition[] {
  if (!condition) return [];
  const { eq, in: oneOf, startsWith } = condition;
  const conditions = [
    ...(eq === undefined ? [] : [`${name} ${negate ? '!=' : '='} ${quoteValue(eq)}`]),
    ...(oneOf === undefined ? [] : [`${name} ${negate ? 'NIN' : 'IN'} ${list(oneOf)}`]),
    ...(startsWith === undefined
      ? []
      : [`${negate ? 'NOT ' : ''}STARTSWITH(${name}, ${quoteValue(startsWith)})`]),
  ].map(says);
  return [(negate ? any : all)(conditions)];
}

function compileStatus(status: DeviceFilter['status'], negate: boolean): readonly Condition[] {
  return status === undefined ? [] : [is('status', status.toLowerCase(), negate)];
}

const hubConnectionState = { CONNECTED: 'Connected', DISCONNECTED: 'Disconnected' } as const;

function compileState(
  state: DeviceFilter['connectionState'],
  negate: boolean,
): readonly Condition[] {
  return state === undefined ? [] : [is('connectionState', hubConnectionState[state], negate)];
}

function is(name: string, value: string, negate: boolean): Condition {
  return says(`${name} ${negate ? '!=' : '='} ${quoteValue(value)}`);
}

function compileTimes(
  { lastActivity, lastReboot }: DeviceFilter,
  negate: boolean,
  { rebootPaths }: Compilation,
): readonly Condition[] {
  const compile = negate ? compileNegatedTime : compileTime;
  const reboots = rebootPaths.map(
    (path) => `properties.reported.$metadata.${path.map(quoteName).join('.')}.$lastUpdated`,
  );
  return [
    ...(lastActivity ? [compile(lastActivityTime, lastActivity)] : []),
    ...(lastReboot ? [compile(newestOf(reboots), lastReboot)] : []),
  ];
}

interface NamedCondition {
  readonly name: string;
  readonly condition: PropertyCondition;
}

function properties(
  filter: Pick<DeviceFilter, 'tags' | 'desired' | 'reported'>,
): readonly NamedCondition[] {
  const named = (section: PropertySection, conditions: readonly PropertyCondition[] = []) =>
    conditions.map((condition) => ({ name: propertyName(section, condition.path), condition }));
  return [
    ...named('TAG', filter.tags),
    ...named('DESIRED', filter.desired),
    ...named('REPORTED', filter.reported),
  ];
}

function compileOne(
  { name, condition }: NamedCondition,
  negate: boolean,
  { plain, negated }: Compilation,
): Condition {
  if (!negate) return compileProperty(name, condition);
  negated.add(name);
  return compileNegatedProperty(name, condition, plain);
}

function compileModules(deviceIds: ReadonlySet<string>, negate: boolean): Condition {
  if (deviceIds.size === 0) return negate ? everyRow : noRow;
  return says(`deviceId ${negate ? 'NIN' : 'IN'} ${list([...deviceIds].sort())}`);
}

function list(texts: readonly string[]): string {
  return `[${texts.map(quoteValue).join(', ')}]`;
}
