import { EOF, type IParserErrorMessageProvider, type IToken, type TokenType } from 'chevrotain';

/** Characters of the query that a message repeats: it goes to the log. */
const LONGEST_QUOTE = 40;

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
  if (token === undefined || token.tokenType === EOF) return 'the end';
  const { image } = token;
  return image.length <= LONGEST_QUOTE ? `'${image}'` : `'${image.slice(0, LONGEST_QUOTE)}…'`;
}
