// What a query says, free of how it was written. Chains such as `a AND b AND c` are flat lists, so that
// depth comes from parentheses only, which parse.ts bounds.

export interface Query {
  readonly top: number | undefined;
  readonly projections: readonly Projection[] | '*';
  readonly selectStart: number;
  readonly source: SourceName;
  readonly where: Expression | undefined;
  readonly groupBy: readonly Path[];
}

/** The FROM clause as typed. */
export interface SourceName {
  readonly name: string;
  readonly start: number;
}

export interface Projection {
  readonly value: Path | Aggregate;
  readonly alias: string | undefined;
}

export interface Aggregate {
  readonly kind: 'aggregate';
  readonly name: string;
  readonly argument: Path | undefined;
  readonly start: number;
}

/** A property path as typed, collection prefix included. */
export interface Path {
  readonly kind: 'path';
  readonly names: readonly string[];
  readonly start: number;
}

/** `undefined` is a constant of the language, though not of JSON. */
export type Constant = string | number | boolean | null | undefined | readonly Constant[];

export interface Literal {
  readonly kind: 'literal';
  readonly value: Constant;
}

export type ComparisonOperator = '=' | '!=' | '<>' | '<' | '>' | '<=' | '>=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

export interface Comparison {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Membership {
  readonly kind: 'membership';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly list: readonly Constant[];
}

/** Operands of one precedence, applied from left to right. */
export interface Arithmetic {
  readonly kind: 'arithmetic';
  readonly first: Expression;
  readonly rest: readonly { readonly operator: ArithmeticOperator; readonly operand: Expression }[];
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly operands: readonly Expression[];
  readonly start: number;
}

export interface Junction {
  readonly kind: 'and' | 'or';
  readonly operands: readonly Expression[];
}

export interface Unary {
  readonly kind: 'not' | 'negate';
  readonly operand: Expression;
}

export type Expression =
  | Literal
  | Path
  | Call
  | Comparison
  | Membership
  | Arithmetic
  | Junction
  | Unary;
