import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { RequestError } from '../services/errors.js';

/** Where what is kept from the client goes instead. */
export type ErrorSink = (error: unknown) => void;

/**
 * The one place where errors become what a client sees. Errors meant for clients pass, with their
 * code; so do those of GraphQL itself (syntax, validation, values of the wrong form). Anything
 * else is told to the sink and replaced.
 */
export function maskError(
  formatted: GraphQLFormattedError,
  error: unknown,
  sink: ErrorSink,
): GraphQLFormattedError {
  const { message, locations, path } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  const cause = error instanceof GraphQLError ? (error.originalError ?? undefined) : error;
  const original = cause instanceof GraphQLError ? cause.originalError : cause;
  if (original instanceof RequestError) {
    const { code, argument } = original;
    return { message, ...place, extensions: { code, ...(argument && { argument }) } };
  }
  if (error instanceof GraphQLError && isOfGraphQL(error)) {
    return { message, ...place, extensions: { code: graphQLCode(formatted, error) } };
  }
  sink(error);
  return {
    message: 'The gateway could not do this; its log says why.',
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  };
}

/** Errors of the document or its variables: they have a place in it, but no field was resolved. */
function isOfGraphQL(error: GraphQLError): boolean {
  return (
    error.originalError === undefined || (error.path === undefined && error.nodes !== undefined)
  );
}

function graphQLCode({ extensions }: GraphQLFormattedError, { message }: GraphQLError): string {
  const code = extensions?.['code'];
  if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR') return code;
  return message.startsWith('Variable ') ? 'BAD_USER_INPUT' : 'GRAPHQL_VALIDATION_FAILED';
}
