import { EmbeddedActionsParser, type IToken } from 'chevrotain';
import type {
  Aggregate,
  Arithmetic,
  ArithmeticOperator,
  ComparisonOperator,
  Constant,
  Expression,
  Junction,
  Path,
  Projection,
  Query,
  SourceName,
} from './ast.js';
import { errorMessages } from './error-messages.js';
import { parseString } from './literals.js';
import * as t from './tokens.js';

/**
 * The grammar of protocol §4.2. What the doc calls a condition is one expression grammar with SQL's precedence, for
 * `(` may open a condition as well as a sum; an expression that is not Boolean is simply never true.
 */
export class QueryParser extends EmbeddedActionsParser {
  constructor() {
    super(t.vocabulary, { errorMessageProvider: errorMessages });
    this.performSelfAnalysis();
  }

  readonly query = this.RULE('query', (): Query => {
    const select = this.CONSUME(t.Select);
    const top = this.OPTION1(() => this.SUBRULE(this.top));
    const projections = this.SUBRULE(this.projections);
    this.CONSUME(t.From);
    const source = this.SUBRULE(this.source);
    const where = this.OPTION2(() => {
      this.CONSUME(t.Where);
      return this.SUBRULE(this.expression);
    });
    const groupBy = this.OPTION3(() => this.SUBRULE(this.groupBy)) ?? [];
    return { top, projections, selectStart: select.startOffset, source, where, groupBy };
  });

  /** A WHERE body standing alone, as jobs and configurations have it. `*` matches all. */
  readonly condition = this.RULE('condition', (): Expression => {
    return this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Star);
          return { kind: 'literal', value: true };
        },
      },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
  });

  private readonly top = this.RULE('top', (): number => {
    this.CONSUME(t.Top);
    return Number(this.CONSUME(t.NumberLiteral).image);
  });

  private readonly projections = this.RULE('projections', (): readonly Projection[] | '*' => {
    return this.OR<readonly Projection[] | '*'>([
      {
        ALT: () => {
          this.CONSUME(t.Star);
          return '*';
        },
      },
      { ALT: () => this.commaList(() => this.SUBRULE(this.projection)) },
    ]);
  });

  private readonly projection = this.RULE('projection', (): Projection => {
    const value = this.OR<Path | Aggregate>([
      { ALT: () => this.SUBRULE(this.aggregate) },
      { ALT: () => this.SUBRULE(this.path) },
    ]);
    const alias = this.OPTION(() => {
      this.CONSUME(t.As);
      return this.CONSUME(t.Name).image;
    });
    return { value, alias };
  });

  private readonly aggregate = this.RULE('aggregate', (): Aggregate => {
    const name = this.CONSUME(t.Name);
    this.CONSUME(t.LeftParen);
    const argument = this.OPTION(() => this.SUBRULE(this.path));
    this.CONSUME(t.RightParen);
    return { kind: 'aggregate', name: name.image, argument, start: name.startOffset };
  });

  private readonly source = this.RULE('source', (): SourceName => {
    const first = this.CONSUME1(t.Name);
    const second = this.OPTION(() => {
      this.CONSUME(t.Dot);
      return this.CONSUME2(t.Name);
    });
    const name = second === undefined ? first.image : `${first.image}.${second.image}`;
    return { name, start: first.startOffset };
  });

  private readonly groupBy = this.RULE('groupBy', (): Path[] => {
    this.CONSUME(t.Group);
    this.CONSUME(t.By);
    return this.commaList(() => this.SUBRULE(this.path));
  });

  private readonly path = this.RULE('path', (): Path => {
    const first = this.CONSUME1(t.Name);
    const names = [first.image];
    this.MANY(() => {
      this.CONSUME(t.Dot);
      names.push(this.SUBRULE(this.step));
    });
    return { kind: 'path', names, start: first.startOffset };
  });

  private readonly step = this.RULE('step', (): string =>
    this.OR([
      { ALT: () => this.CONSUME(t.Name).image },
      { ALT: () => this.CONSUME(t.EscapedName).image.slice(2, -2) },
    ]),
  );

  private readonly expression = this.RULE('expression', (): Expression => {
    const operands: Expression[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.Or,
      DEF: () => operands.push(this.SUBRULE(this.conjunction)),
    });
    return junction('or', operands);
  });

  private readonly conjunction = this.RULE('conjunction', (): Expression => {
    const operands: Expression[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.And,
      DEF: () => operands.push(this.SUBRULE(this.negation)),
    });
    return junction('and', operands);
  });

  private readonly negation = this.RULE('negation', (): Expression => {
    let times = 0;
    this.MANY(() => {
      this.CONSUME(t.Not);
      times += 1;
    });
    return repeated('not', times, this.SUBRULE(this.comparison));
  });

  private readonly comparison = this.RULE('comparison', (): Expression => {
    const left = this.SUBRULE1(this.sum);
    const compared = this.OPTION(() =>
      this.OR<Expression>([
        {
          ALT: () => {
            const operator = this.CONSUME(t.Compare).image as ComparisonOperator;
            return { kind: 'comparison', operator, left, right: this.SUBRULE2(this.sum) };
          },
        },
        {
          ALT: () => {
            const negated = this.SUBRULE(this.membership);
            return { kind: 'membership', negated, operand: left, list: this.SUBRULE(this.list) };
          },
        },
      ]),
    );
    return compared ?? left;
  });

  /** Whether the operator is NIN. */
  private readonly membership = this.RULE('membership', (): boolean =>
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.In);
          return false;
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Nin);
          return true;
        },
      },
    ]),
  );

  private readonly sum = this.RULE('sum', (): Expression => {
    const first = this.SUBRULE1(this.product);
    const rest: Operation[] = [];
    this.MANY(() => {
      const operator = this.OR([
        { ALT: () => this.CONSUME(t.Plus) },
        { ALT: () => this.CONSUME(t.Minus) },
      ]);
      rest.push(operation(operator, this.SUBRULE2(this.product)));
    });
    return arithmetic(first, rest);
  });

  private readonly product = this.RULE('product', (): Expression => {
    const first = this.SUBRULE1(this.negative);
    const rest: Operation[] = [];
    this.MANY(() => {
      const operator = this.OR([
        { ALT: () => this.CONSUME(t.Star) },
        { ALT: () => this.CONSUME(t.Divide) },
      ]);
      rest.push(operation(operator, this.SUBRULE2(this.negative)));
    });
    return arithmetic(first, rest);
  });

  private readonly negative = this.RULE('negative', (): Expression => {
    let times = 0;
    this.MANY(() => {
      this.CONSUME(t.Minus);
      times += 1;
    });
    return repeated('negate', times, this.SUBRULE(this.primary));
  });

  private readonly primary = this.RULE('primary', (): Expression => {
    return this.OR<Expression>([
      { ALT: () => ({ kind: 'literal', value: this.SUBRULE(this.scalar) }) },
      { ALT: () => ({ kind: 'literal', value: this.SUBRULE(this.list) }) },
      { ALT: () => this.SUBRULE(this.call) },
      { ALT: () => this.SUBRULE(this.path) },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          const inner = this.SUBRULE(this.expression);
          this.CONSUME(t.RightParen);
          return inner;
        },
      },
    ]);
  });

  private readonly call = this.RULE('call', (): Expression => {
    const name = this.CONSUME(t.Name);
    const operands: Expression[] = [];
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => operands.push(this.SUBRULE(this.expression)),
    });
    this.CONSUME(t.RightParen);
    return { kind: 'call', name: name.image, operands, start: name.startOffset };
  });

  /** A list has at least one element, as the documented grammar does. */
  private readonly list = this.RULE('list', (): Constant[] => {
    this.CONSUME(t.LeftBracket);
    const elements = this.commaList(() => this.SUBRULE(this.constant));
    this.CONSUME(t.RightBracket);
    return elements;
  });

  private readonly constant = this.RULE(
    'constant',
    (): Constant =>
      this.OR<Constant>([
        { ALT: () => this.SUBRULE(this.scalar) },
        {
          ALT: () => {
            this.CONSUME(t.Minus);
            return -Number(this.CONSUME(t.NumberLiteral).image);
          },
        },
        { ALT: () => this.SUBRULE(this.list) },
      ]),
  );

  private readonly scalar = this.RULE('scalar', (): Constant => {
    const token = this.OR([
      { ALT: () => this.CONSUME(t.StringLiteral) },
      { ALT: () => this.CONSUME(t.NumberLiteral) },
      { ALT: () => this.CONSUME(t.True) },
      { ALT: () => this.CONSUME(t.False) },
      { ALT: () => this.CONSUME(t.Null) },
      { ALT: () => this.CONSUME(t.Undefined) },
    ]);
    return scalarValue(token);
  });

  /** One or more elements between commas; at most once in a rule, as Chevrotain numbers its loops. */
  private commaList<T>(element: () => T): T[] {
    const elements: T[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => elements.push(element()) });
    return elements;
  }
}

type Operation = Arithmetic['rest'][number];

function operation(operator: IToken, operand: Expression): Operation {
  return { operator: operator.image as ArithmeticOperator, operand };
}

function arithmetic(first: Expression, rest: readonly Operation[]): Expression {
  return rest.length === 0 ? first : { kind: 'arithmetic', first, rest };
}

function junction(kind: Junction['kind'], operands: readonly Expression[]): Expression {
  const [only] = operands;
  return only !== undefined && operands.length === 1 ? only : { kind, operands };
}

/** Two of a prefix undo each other but still demand their type, so an even number is two and not none. */
function repeated(kind: 'not' | 'negate', times: number, operand: Expression): Expression {
  if (times === 0) return operand;
  const once: Expression = { kind, operand };
  return times % 2 === 1 ? once : { kind, operand: once };
}

function scalarValue(token: IToken): Constant {
  switch (token.tokenType) {
    case t.StringLiteral:
      return parseString(token.image);
    case t.NumberLiteral:
      return Number(token.image);
    case t.True:
      return true;
    case t.False:
      return false;
    case t.Null:
      return null;
    default:
      return undefined;
  }
}
