import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain';

const NAME = /[\p{L}_$][\p{L}\p{M}\p{N}_$]*/uy;
const ESCAPED_NAME = /\[\[(?:[^\]]|\](?!\]))+\]\]/y;
const NUMBER = /(?:0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\p{L}\p{N}_$])/uy;

/** An operand's name; every keyword gives way to a longer name that begins with it (`order`, `inside`). */
export const Name = createToken({
  name: 'Name',
  label: 'a name',
  pattern: { exec: matchAt(NAME) },
  line_breaks: false,
});

/** `[[group]]`: any text as a name. Only after a dot, for elsewhere `[[` opens a list of lists. */
export const EscapedName = createToken({
  name: 'EscapedName',
  label: 'a [[name]]',
  pattern: {
    exec: (text: string, offset: number, before: IToken[]) =>
      before.at(-1)?.tokenType === Dot ? matchAt(ESCAPED_NAME)(text, offset) : null,
  },
  line_breaks: true,
});

export const Select = keyword('SELECT');
export const Top = keyword('TOP');
export const As = keyword('AS');
export const From = keyword('FROM');
export const Where = keyword('WHERE');
export const Group = keyword('GROUP');
export const By = keyword('BY');
export const And = keyword('AND');
export const Or = keyword('OR');
export const Not = keyword('NOT');
export const In = keyword('IN');
export const Nin = keyword('NIN');
export const True = keyword('true');
export const False = keyword('false');
export const Null = keyword('null');
export const Undefined = keyword('undefined');

export const NumberLiteral = createToken({
  name: 'NumberLiteral',
  label: 'a number',
  pattern: { exec: matchAt(NUMBER) },
  line_breaks: false,
});

/** The documented escapes and no others; a doubled quote is looked at by parse.ts. */
export const StringLiteral = createToken({
  name: 'StringLiteral',
  label: 'a string',
  pattern:
    /'(?:[^'\\]|''|\\['"\\]|\\u[0-9a-fA-F]{4})*'|"(?:[^"\\]|""|\\['"\\]|\\u[0-9a-fA-F]{4})*"/,
  line_breaks: true,
});

export const Compare = createToken({
  name: 'Compare',
  label: 'a comparison',
  pattern: /<=|>=|<>|!=|[=<>]/,
});
export const Plus = symbol('Plus', '+');
export const Minus = symbol('Minus', '-');
export const Star = symbol('Star', '*');
export const Divide = createToken({ name: 'Divide', label: "'/' or '%'", pattern: /[/%]/ });
export const LeftParen = symbol('LeftParen', '(');
export const RightParen = symbol('RightParen', ')');
export const LeftBracket = symbol('LeftBracket', '[');
export const RightBracket = symbol('RightBracket', ']');
export const Comma = symbol('Comma', ',');
export const Dot = symbol('Dot', '.');

const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /[ \t\r\n]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});

/** In the order the lexer tries them: longer before shorter, keywords before names. */
export const vocabulary: TokenType[] = [
  WhiteSpace,
  Select,
  Top,
  As,
  From,
  Where,
  Group,
  By,
  And,
  Or,
  Not,
  In,
  Nin,
  True,
  False,
  Null,
  Undefined,
  Name,
  NumberLiteral,
  StringLiteral,
  EscapedName,
  Compare,
  Plus,
  Minus,
  Star,
  Divide,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  Comma,
  Dot,
];

function keyword(word: string): TokenType {
  return createToken({
    name: `Keyword${word}`,
    label: word,
    pattern: new RegExp(word, 'i'),
    longer_alt: Name,
  });
}

function symbol(name: string, text: string): TokenType {
  return createToken({ name, label: `'${text}'`, pattern: text });
}

/** Chevrotain cannot analyse Unicode classes in a pattern; as a function it need not. */
function matchAt(pattern: RegExp): (text: string, offset: number) => RegExpExecArray | null {
  return (text, offset) => {
    pattern.lastIndex = offset;
    return pattern.exec(text);
  };
}
