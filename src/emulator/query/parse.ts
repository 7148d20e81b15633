import { type IToken, Lexer } from 'chevrotain';
import type { Expression, Query } from './ast.js';
import { hasDoubledQuote } from './literals.js';
import { QueryParser } from './parser.js';
import { QueryTooLongError, refuse } from './query-syntax-error.js';
import * as t from './tokens.js';

/** Protocol §4.1. */
const MAX_LENGTH = 8192;

/** How deep parentheses, lists, NOTs and signs may nest: far beyond use, and under a third of Node's default stack. */
const MAX_DEPTH = 50;

export interface ParseOptions {
  readonly lenient: boolean;
}

/** Reads a whole query. */
export function parseQuery(text: string, options: ParseOptions): Query {
  return parse(text, options, (parser) => parser.query());
}

/** Reads a WHERE body. */
export function parseCondition(text: string, options: ParseOptions): Expression {
  return parse(text, options, (parser) => parser.condition());
}

interface Machinery {
  readonly lexer: Lexer;
  readonly parser: QueryParser;
}

let machinery: Machinery | undefined;

/** Built at the first query rather than at import: analysing the grammar would delay every start. */
function getMachinery(): Machinery {
  machinery ??= {
    lexer: new Lexer(t.vocabulary, { positionTracking: 'onlyOffset', recoveryEnabled: false }),
    parser: new QueryParser(),
  };
  return machinery;
}

function parse<T>(text: string, options: ParseOptions, rule: (parser: QueryParser) => T): T {
  const tokens = tokenize(text);
  checkDepth(tokens);
  if (!options.lenient) checkQuotes(tokens);
  const { parser } = getMachinery();
  parser.input = tokens;
  const result = rule(parser);
  const [error] = parser.errors;
  if (error === undefined) return result;
  const { startOffset } = error.token;
  return refuse(Number.isNaN(startOffset) ? text.length : startOffset, error.message);
}

function tokenize(text: string): IToken[] {
  if (text.length > MAX_LENGTH) {
    throw new QueryTooLongError(
      `Query has ${text.length} characters; the hub takes at most ${MAX_LENGTH}`,
    );
  }
  const { tokens, errors } = getMachinery().lexer.tokenize(text);
  const [error] = errors;
  if (error === undefined) return tokens;
  return refuse(error.offset, describeMisfit(text.charAt(error.offset)));
}

function describeMisfit(character: string): string {
  return character === "'" || character === '"'
    ? String.raw`expected a closed string whose escapes are \', \", \\ or \uXXXX`
    : `expected a token, found '${character}'`;
}

/** The parser and the evaluator recurse once for each of these, so a text must not choose how often. */
function checkDepth(tokens: readonly IToken[]): void {
  let open = 0;
  let prefixes = 0;
  for (const { tokenType, startOffset } of tokens) {
    if (tokenType === t.LeftParen || tokenType === t.LeftBracket) open += 1;
    if (tokenType === t.RightParen || tokenType === t.RightBracket) open -= 1;
    prefixes = tokenType === t.Not || tokenType === t.Minus ? prefixes + 1 : 0;
    if (open + prefixes > MAX_DEPTH) {
      refuse(startOffset, `expected at most ${MAX_DEPTH} levels of nesting`);
    }
  }
}

/** Only `\'` and `\"` are documented; a query that doubles quotes instead should not pass by accident. */
function checkQuotes(tokens: readonly IToken[]): void {
  for (const { tokenType, image, startOffset } of tokens) {
    if (tokenType === t.StringLiteral && hasDoubledQuote(image)) {
      refuse(startOffset, 'expected a backslash before a quote inside a string');
    }
  }
}
