import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Random } from './random.js';
import { ValueGenerator } from './values.js';

/** A request that may be good, or wrong in any way. */
export interface FuzzedRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly kind: 'query' | 'mutation' | 'subscription';
}

/** What is written into a document that was right. */
const fragments: readonly string[] = [
  ...'{ } ( ) [ ] : ! $ @ & | = ... " """ # \\ , 0 -1 1e9 null true'.split(' '),
  '@skip(if: true)',
  '@include(if: $v0)',
  '...F',
  'fragment F on Device { id ...F }',
  '__typename',
  '__schema { types { name } }',
  '\u0000',
  '\ufeff',
  '🛰',
];

/** Documents by the grammar of a schema, some of them damaged afterwards. */
export class DocumentGenerator {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #values: ValueGenerator;
  #declarations: string[] = [];
  #variables: Record<string, unknown> = {};

  constructor(schema: GraphQLSchema, random: Random) {
    this.#schema = schema;
    this.#random = random;
    this.#values = new ValueGenerator(random);
  }

  next(): FuzzedRequest {
    const random = this.#random;
    const kind = random.chance(0.75) ? 'query' : random.pick(['mutation', 'subscription'] as const);
    this.#declarations = [];
    this.#variables = {};
    const selection = this.#selection(this.#root(kind), 0, kind === 'subscription' ? 1 : 3);
    const declared = this.#declarations.length > 0 ? `(${this.#declarations.join(', ')})` : '';
    const query = `${kind} ${random.chance(0.2) ? 'Named' : ''}${declared} ${selection}`;
    const isDamaged = random.chance(0.25);
    return { query: isDamaged ? this.#damage(query) : query, variables: this.#variables, kind };
  }

  #root(kind: FuzzedRequest['kind']): GraphQLObjectType {
    const { [kind]: root } = {
      query: this.#schema.getQueryType(),
      mutation: this.#schema.getMutationType(),
      subscription: this.#schema.getSubscriptionType(),
    };
    if (!root) throw new TypeError(`the schema has no ${kind}`);
    return root;
  }

  #selection(type: GraphQLObjectType, depth: number, most: number): string {
    const random = this.#random;
    const all = Object.values(type.getFields());
    const open =
      depth > 5 ? all.filter(({ type: given }) => !isObjectType(getNamedType(given))) : all;
    const count = 1 + random.below(most);
    const chosen = Array.from({ length: count }, () => this.#field(random.pick(open), depth));
    const extra = random.chance(0.1) ? ['__typename'] : [];
    const inside = [...chosen, ...extra].join(' ');
    return random.chance(0.08) ? `{ ... on ${type.name} { ${inside} } }` : `{ ${inside} }`;
  }

  #field(field: GraphQLField<unknown, unknown> | undefined, depth: number): string {
    if (!field) return '__typename';
    const random = this.#random;
    const args = field.args
      .filter((arg) => isNonNullType(arg.type) || random.chance(0.5))
      .filter(() => !random.chance(0.02))
      .map((arg) => `${arg.name}: ${this.#argument(arg)}`);
    const alias = random.chance(0.3) ? `a${random.below(20)}: ` : '';
    const given = getNamedType(field.type);
    const below = isObjectType(given) ? this.#selection(given, depth + 1, 4) : '';
    return `${alias}${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''} ${below}`;
  }

  #argument({ type }: GraphQLArgument): string {
    const value = this.#values.valueOf(type);
    if (this.#random.chance(0.4)) return literal(value, type);
    const name = `v${this.#declarations.length}`;
    this.#declarations.push(`$${name}: ${type}`);
    this.#variables[name] = value;
    return `$${name}`;
  }

  /** Takes something out, doubles it, or writes something else in; up to three times. */
  #damage(text: string): string {
    const random = this.#random;
    let damaged = text;
    for (let count = 1 + random.below(3); count > 0; count -= 1) {
      const at = random.below(damaged.length + 1);
      const to = at + random.below(12);
      const part = random.pick(['', damaged.slice(at, to).repeat(2), random.pick(fragments)]);
      damaged = damaged.slice(0, at) + part + damaged.slice(random.chance(0.5) ? to : at);
    }
    return damaged;
  }
}

/** A JSON value as GraphQL writes it; names of enums stand without quotes. */
function literal(value: unknown, type: GraphQLArgument['type']): string {
  if (isNonNullType(type)) return literal(value, type.ofType);
  if (isEnumType(type) && typeof value === 'string' && /^\w+$/.test(value)) return value;
  if (Array.isArray(value)) {
    const item = isListType(type) ? type.ofType : type;
    return `[${value.map((part) => literal(part, item)).join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, part]) => {
    const field = isInputObjectType(type) ? type.getFields()[name] : undefined;
    return `${name}: ${literal(part, field?.type ?? type)}`;
  });
  return `{${members.join(', ')}}`;
}
