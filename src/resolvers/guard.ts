import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { AccessRule, Rule } from '../schema/requires.js';
import { authorize, type Permission, scopeOf } from '../services/access.js';
import { type DeviceRef, isDeviceRef } from '../services/device-id.js';
import { RequestError } from '../services/errors.js';
import { describeAct } from './act.js';
import type { Context } from './context.js';

/**
 * Puts the door in front of a schema. Every field of Query, Mutation and Subscription asks
 * `authorize` for its own rule and for that of the type it gives, before anything is done; so does
 * every other field whose rule, or whose type's rule, is not that of the object it belongs to, of
 * the device that the object is of. Which device a field of Query, Mutation or Subscription means
 * is in its arguments: that the services ask.
 * What is left needs nothing beyond what was asked for when the object was reached.
 * Throws an Error naming the fields that have no rule: what nobody thought of stays shut.
 */
export function guardSchema(schema: GraphQLSchema): GraphQLSchema {
  const unruled: string[] = [];
  for (const type of objectTypes(schema)) {
    for (const field of Object.values(type.getFields())) {
      const rule = ruleOf(field) ?? ruleOf(type);
      if (rule === undefined) unruled.push(`${type.name}.${field.name}`);
      else
        guardField(
          { type, field, root: isRoot(schema, type) },
          rulesToAsk(schema, type, field, rule),
        );
    }
  }
  if (unruled.length === 0) return schema;
  throw new Error(`fields without an access rule: ${unruled.join(', ')}`);
}

function rulesToAsk(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, Context>,
  rule: Rule,
): readonly Permission[] {
  const given = getNamedType(field.type);
  const rules = new Set([rule, (isObjectType(given) && ruleOf(given)) || 'inherited']);
  rules.delete('inherited');
  if (!isRoot(schema, type)) rules.delete(ruleOf(type) ?? 'inherited');
  return [...rules] as Permission[];
}

export function objectTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith('__'));
}

function isRoot(schema: GraphQLSchema, type: GraphQLObjectType): boolean {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(
    type,
  );
}

export function ruleOf({ extensions }: { extensions: Partial<AccessRule> }): Rule | undefined {
  return extensions.permission;
}

interface GuardedField {
  readonly type: GraphQLObjectType;
  readonly field: GraphQLField<unknown, Context>;
  /** Whether it is one of Query, Mutation or Subscription. */
  readonly root: boolean;
}

function guardField({ type, field, root }: GuardedField, rules: readonly Permission[]): void {
  if (rules.length === 0) return;
  const { resolve = defaultFieldResolver, subscribe } = field;
  const ask = (source: unknown, args: object, context: Context) => {
    for (const permission of rules) {
      if (scopeOf(context.caller, permission) !== 'NOTHING') continue;
      const act = describeAct({ type, field, permission }, { source, args, context });
      context.audit.refused(act, 'FORBIDDEN');
      authorize(context.caller, permission);
    }
  };
  field.resolve = (source, args, context, info) => {
    ask(source, args, context);
    const { caller, access } = context;
    const isLimited = rules.some((permission) => scopeOf(caller, permission) !== undefined);
    if (root || !isLimited) return resolve(source, args, context, info);
    // There may be one for each row of a list: each waits for its turn.
    return access
      .check(caller, rules, deviceOf(source), { consistency: 'FAST', urgency: 'ACTIVE' })
      .then(() => resolve(source, args, context, info));
  };
  if (!subscribe) return;
  field.subscribe = (source, args, context, info) => {
    ask(source, args, context);
    return subscribe(source, args, context, info);
  };
}

/** The device that an object is, or is of. What is of none stays shut to those with a scope. */
function deviceOf(source: unknown): DeviceRef {
  if (isDeviceRef(source)) return source;
  const { device, module, operation } = source as Readonly<Record<string, unknown>>;
  const found = [device, module, operation].find(isDeviceRef);
  if (found) return found;
  throw new RequestError('FORBIDDEN', 'you may not do this: it needs a grant without a scope');
}
