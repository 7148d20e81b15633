import { defaultFieldResolver, GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Context } from '../resolvers/context.js';
import { RequestError } from '../services/errors.js';
import { inSpan } from '../services/tracing.js';
import type { FrontObserver } from './front-observer.js';

/**
 * Has every root field of a schema tell how it ended and how long that took, in a span of its own
 * where the request is traced. Of a subscription it is the beginning that is looked at.
 */
export function observeFields(
  schema: GraphQLSchema,
  observer: Pick<FrontObserver, 'onField'>,
): void {
  for (const type of Object.values(OperationTypeNode)) {
    const root = schema.getRootType(type);
    for (const field of Object.values(root?.getFields() ?? {})) {
      const observed = observing<unknown>(`${root?.name}.${field.name}`, (outcome, seconds) =>
        observer.onField({ type, field: field.name, outcome, seconds }),
      );
      if (type === OperationTypeNode.SUBSCRIPTION) {
        const { subscribe } = field;
        if (!subscribe) continue;
        field.subscribe = (source, args, context: Context, info) =>
          observed(async () => subscribe(source, args, context, info));
      } else {
        const { resolve = defaultFieldResolver } = field;
        field.resolve = (source, args, context: Context, info) =>
          observed(async () => resolve(source, args, context, info));
      }
    }
  }
}

function observing<T>(
  name: string,
  tell: (outcome: string, seconds: number) => void,
): (work: () => Promise<T>) => Promise<T> {
  return async (work) => {
    const startedAt = performance.now();
    let outcome = 'OK';
    try {
      return await inSpan(() => ({ name, errorType: codeOf }), work);
    } catch (error) {
      outcome = codeOf(error);
      throw error;
    } finally {
      tell(outcome, (performance.now() - startedAt) / 1000);
    }
  };
}

function codeOf(error: unknown): string {
  if (error instanceof RequestError) return error.code;
  return error instanceof GraphQLError ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR';
}
