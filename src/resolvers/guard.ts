import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { AccessRule } from '../schema/requires.js';
import { authorize, type Permission } from '../services/access.js';
import type { Context } from './context.js';

/**
 * Puts the door in front of a schema: every field of Query, Mutation and Subscription, and every
 * field whose rule differs from its type's, asks `authorize` first. The other fields were let
 * through with the object they belong to.
 * Throws an Error naming the fields that have no rule: what nobody thought of stays shut.
 */
export function guardSchema(schema: GraphQLSchema): GraphQLSchema {
  const unruled: string[] = [];
  for (const type of objectTypes(schema)) {
    for (const field of Object.values(type.getFields())) {
      const rule = ruleOf(field) ?? ruleOf(type);
      if (rule === undefined) unruled.push(`${type.name}.${field.name}`);
      else if (isRoot(schema, type) || rule !== ruleOf(type)) guardField(field, rule);
    }
  }
  if (unruled.length === 0) return schema;
  throw new Error(`fields without an access rule: ${unruled.join(', ')}`);
}

function objectTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith('__'));
}

function isRoot(schema: GraphQLSchema, type: GraphQLObjectType): boolean {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(
    type,
  );
}

function ruleOf({ extensions }: { extensions: Partial<AccessRule> }): Permission | undefined {
  return extensions.permission;
}

function guardField(field: GraphQLField<unknown, Context>, permission: Permission): void {
  const { resolve = defaultFieldResolver, subscribe } = field;
  field.resolve = (source, args, context, info) => {
    authorize(context.caller, permission);
    return resolve(source, args, context, info);
  };
  if (!subscribe) return;
  field.subscribe = (source, args, context, info) => {
    authorize(context.caller, permission);
    return subscribe(source, args, context, info);
  };
}
