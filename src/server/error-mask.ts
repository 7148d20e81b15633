import {
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import { RequestError } from '../services/errors.js';
import { Refusal } from './front-errors.js';

/** Where what is kept from the client goes instead. */
export type ErrorSink = (error: unknown) => void;

/** A result as graphql-js gives it; libraries differ in how they type what is absent. */
interface UnmaskedResult {
  readonly data?: ExecutionResult['data'] | undefined;
  readonly errors?: readonly GraphQLError[] | undefined;
}

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
  const cause = innermost(error);
  const thrown = cause instanceof GraphQLError ? cause.originalError : cause;
  if (thrown instanceof RequestError) {
    const { code, argument, currentEtag } = thrown;
    const details = { ...(argument && { argument }), ...(currentEtag && { currentEtag }) };
    return { message, ...place, extensions: { code, ...details } };
  }
  if (thrown instanceof Refusal) {
    return { message, ...place, extensions: { code: thrown.code, ...thrown.details } };
  }
  if (isOfGraphQL(error) || isOfGraphQL(cause)) {
    return { message, ...place, extensions: { code: graphQLCode(formatted) } };
  }
  sink(error);
  return {
    message: 'The gateway could not do this; its log says why.',
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  };
}

/** As maskError, for errors that are not formatted yet; they need not be of GraphQL. */
export function maskErrors(
  errors: readonly unknown[],
  sink: ErrorSink,
): readonly GraphQLFormattedError[] {
  return errors.map((error) => {
    const { message } = error instanceof Error ? error : { message: String(error) };
    return maskError(error instanceof GraphQLError ? error.toJSON() : { message }, error, sink);
  });
}

/** As maskError, for all that a result holds. */
export function maskResult(
  { data, errors }: UnmaskedResult,
  sink: ErrorSink,
): FormattedExecutionResult {
  return { data: data ?? null, ...(errors && { errors: maskErrors(errors, sink) }) };
}

/** GraphQL wraps its errors in errors that know the place. */
function innermost(error: unknown): unknown {
  let inner = error;
  while (inner instanceof GraphQLError && inner.originalError instanceof GraphQLError) {
    inner = inner.originalError;
  }
  return inner;
}

/**
 * Errors of the document, its variables or its arguments. They know their place in the document
 * by themselves, or (syntax) have none in the result; errors of results have neither.
 */
function isOfGraphQL(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return false;
  const { nodes, path, originalError } = error;
  if (nodes === undefined) return originalError === undefined && path === undefined;
  return originalError === undefined || path === undefined;
}

function graphQLCode({ extensions, message }: GraphQLFormattedError): string {
  const code = extensions?.['code'];
  if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR') return code;
  if (message.startsWith('Syntax Error')) return 'GRAPHQL_PARSE_FAILED';
  return /^(Variable|Argument) /.test(message) ? 'BAD_USER_INPUT' : 'GRAPHQL_VALIDATION_FAILED';
}
