import { Lexer, Source, TokenKind } from 'graphql';
import { tooComplex } from '../front-errors.js';
import { fixedLimits } from './limits.js';

const opening: ReadonlySet<TokenKind> = new Set([
  TokenKind.BRACE_L,
  TokenKind.BRACKET_L,
  TokenKind.PAREN_L,
]);
const closing: ReadonlySet<TokenKind> = new Set([
  TokenKind.BRACE_R,
  TokenKind.BRACKET_R,
  TokenKind.PAREN_R,
]);

/**
 * Reads the words of a document, one after the other, before anything reads it by recursion: a few
 * kilobytes of brackets would overflow the parser's stack. Throws Refusal, or, of what is no word,
 * GraphQLError.
 */
export function scanDocument(text: string): void {
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let nesting = 0;
  let directives = 0;
  for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; kind = lexer.advance().kind) {
    tokens += 1;
    if (opening.has(kind)) nesting += 1;
    else if (closing.has(kind)) nesting -= 1;
    else if (kind === TokenKind.AT) directives += 1;
    check('tokens', tokens);
    check('nesting', nesting);
    check('directives', directives);
  }
}

function check(limit: 'tokens' | 'nesting' | 'directives', value: number): void {
  if (value > fixedLimits[limit]) throw tooComplex(limit, value, fixedLimits[limit]);
}
