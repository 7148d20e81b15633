import type { WebsocketHandler } from '@fastify/websocket';
import { type ExecutionArgs, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { makeHandler } from 'graphql-ws/use/@fastify/websocket';
import type { Context } from '../resolvers/context.js';
import { type ErrorSink, maskError } from './error-mask.js';

export interface WebSocketOptions {
  readonly schema: GraphQLSchema;
  readonly context: () => Context;
  readonly sink: ErrorSink;
}

/** GraphQL over WebSocket (graphql-transport-ws), with errors masked as over HTTP. */
export function createWebSocketHandler({
  schema,
  context,
  sink,
}: WebSocketOptions): WebsocketHandler {
  const mask = (errors: readonly GraphQLError[]) =>
    errors.map((error) => maskError(error.toJSON(), error, sink));
  return makeHandler({
    onSubscribe: (_context, _id, payload) => prepare(schema, payload, context()),
    onNext: (_context, _id, _payload, _arguments, { data, errors }) =>
      errors && { data: data ?? null, errors: mask(errors) },
    onError: (_context, _id, _payload, errors) => mask(errors),
    // What escapes all this is not told as the reason of a closed socket.
    isProd: true,
  });
}

/**
 * What a subscriber's document asks to be executed, or what is wrong with it: an error of its
 * operation, not of the socket and all others on it.
 */
function prepare(
  schema: GraphQLSchema,
  { query, variables, operationName }: SubscribePayload,
  contextValue: Context,
): ExecutionArgs | readonly GraphQLError[] {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0) return errors;
    return {
      schema,
      document,
      contextValue,
      variableValues: variables,
      operationName,
    };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
