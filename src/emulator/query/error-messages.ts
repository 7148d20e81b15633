import { EOF, type IParserErrorMessageProvider, type IToken, type TokenType } from 'chevrotain';

/** What Chevrotain says of a refused token, in the words of a query's author. */
export const errorMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) =>
    `expected ${label(expected)}, found ${found(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) =>
    `expected the end of the query, found ${found(firstRedundant)}`,
  buildNoViableAltMessage: ({ expectedPathsPerAlt, actual }) =>
    `expected ${oneOf(expectedPathsPerAlt.flat())}, found ${found(actual[0])}`,
  buildEarlyExitMessage: ({ expectedIterationPaths, actual }) =>
    `expected ${oneOf(expectedIterationPaths)}, found ${found(actual[0])}`,
};

function oneOf(paths: readonly (readonly TokenType[])[]): string {
  const labels = paths.flatMap(([first]) => (first === undefined ? [] : [label(first)]));
  return [...new Set(labels)].join(' or ');
}

function label(type: TokenType): string {
  return type.LABEL ?? type.name;
}

function found(token: IToken | undefined): string {
  return token === undefined || token.tokenType === EOF ? 'the end' : `'${token.image}'`;
}
