import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Permission } from '../services/access.js';
import type { Conclusion, NamedTarget } from '../services/audit.js';
import { badInput } from '../services/errors.js';
import { describeAct, namesTarget } from './act.js';
import type { Context } from './context.js';
import { objectTypes, ruleOf } from './guard.js';

/** What may be read by those alone who are then on record. */
const disclosing: readonly unknown[] = ['key:read', 'query:raw'] satisfies readonly Permission[];

/**
 * Has every mutation put on record before it is done and after, and every reading of keys and every
 * query in the hub's own language before its answer is given. All other readings are not recorded.
 * Throws an Error naming the mutations of which nobody could say what they were done to.
 */
export function putOnRecord(schema: GraphQLSchema): GraphQLSchema {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  const silent = mutations.filter((field) => !namesTarget(field)).map(({ name }) => name);
  if (silent.length > 0) {
    throw new Error(`mutations that name no device and no operation: ${silent.join(', ')}`);
  }
  for (const type of objectTypes(schema)) {
    for (const field of Object.values(type.getFields())) {
      if (type === schema.getMutationType()) recordMutation(type, field);
      else if (isDisclosing(type, field)) recordDisclosure(type, field);
    }
  }
  return schema;
}

/** A field by which one gets at what is disclosed; what is inside it was asked for there. */
function isDisclosing(type: GraphQLObjectType, field: GraphQLField<unknown, Context>): boolean {
  const given = getNamedType(field.type);
  const rules = [ruleOf(field), isObjectType(given) ? ruleOf(given) : undefined];
  return rules.some((rule) => disclosing.includes(rule)) && !disclosing.includes(ruleOf(type));
}

function recordMutation(type: GraphQLObjectType, field: GraphQLField<unknown, Context>): void {
  const { resolve = defaultFieldResolver } = field;
  const door = { type, field, permission: ruleOf(field) as Permission };
  field.resolve = async (source, args: { input?: { reason?: unknown } }, context, info) => {
    checkReason(args.input?.reason);
    const act = describeAct(door, { source, args, context });
    const effect = async (): Promise<unknown> => resolve(source, args, context, info);
    return context.audit.carryOut(act, effect, conclusionOf);
  };
}

function recordDisclosure(type: GraphQLObjectType, field: GraphQLField<unknown, Context>): void {
  const { resolve = defaultFieldResolver } = field;
  const given = getNamedType(field.type);
  const rule = ruleOf(field) ?? (isObjectType(given) ? ruleOf(given) : undefined);
  const door = { type, field, permission: rule as Permission };
  field.resolve = async (source, args, context, info) =>
    context.audit.disclose(describeAct(door, { source, args, context }), async () =>
      resolve(source, args, context, info),
    );
}

function checkReason(reason: unknown): void {
  if (typeof reason !== 'string' || /^[^\0]{1,1024}$/su.test(reason)) return;
  throw badInput('reason', 'expected 1 to 1024 characters');
}

/** What the payloads of mutations have in common, where they have it. */
interface Payload {
  readonly operation?: OperationResult;
  readonly started?: boolean;
  readonly canceled?: boolean;
  readonly results?: readonly DeviceOutcome[];
}

interface OperationResult {
  readonly id: string;
  readonly hub: string;
  readonly deviceId: string;
  readonly call: { readonly moduleId?: string | undefined };
}

interface DeviceOutcome {
  readonly hub: string;
  readonly deviceId: string;
  readonly failure: { readonly code: string } | null;
}

/** How a mutation ended that threw nothing. */
function conclusionOf(result: unknown): Conclusion {
  const { operation, started, canceled, results } = result as Payload;
  if (results) return conclusionOfMany(results);
  if (!operation) return { outcome: 'DONE' };
  const { id, hub, deviceId, call } = operation;
  const targets = [{ hub, deviceId, moduleId: call.moduleId }];
  const told = { operationId: id, targets };
  if (canceled === false) return { outcome: 'FAILED', code: 'TOO_LATE', ...told };
  return { outcome: 'DONE', code: started === false ? 'ALREADY_UNDER_WAY' : null, ...told };
}

function conclusionOfMany(results: readonly DeviceOutcome[]): Conclusion {
  const targets = results.map(({ hub, deviceId, failure }): NamedTarget => {
    return { hub, deviceId, code: failure?.code };
  });
  const failed = results.filter(({ failure }) => failure !== null).length;
  if (failed === 0) return { outcome: 'DONE', targets };
  return { outcome: failed < results.length ? 'PARTLY_DONE' : 'FAILED', targets };
}
