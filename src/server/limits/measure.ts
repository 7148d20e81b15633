import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  type InlineFragmentNode,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
} from 'graphql';
import type { CostRule, HubCost } from '../../schema/costs.js';

/** What is counted of an operation, each fragment wherever it is used. */
export interface Measures {
  readonly depth: number;
  /** Fields of the outermost level. */
  readonly width: number;
  readonly fields: number;
  readonly aliases: number;
  /** Points: one for each value of the result, more for what is asked of a hub. */
  readonly complexity: number;
}

export interface MeasuredOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Points for what is asked of a hub. Of S1, it permits some hundred requests for one query. */
const POINTS = { request: 20, query: 200 };

/** How long a list is taken to be where nothing says how long it may be. */
const USUAL_LIST = 10;

/** The largest page; more is refused by the field itself. */
const LARGEST_PAGE = 100;

const nothing: Measures = { depth: 0, width: 0, fields: 0, aliases: 0, complexity: 0 };

/** Counts what an operation asks for. Takes time by the length of the document, not by what it comes to. */
export function measureOperation(operation: MeasuredOperation): Measures {
  return new Measuring(operation).measure();
}

class Measuring {
  readonly #operation: MeasuredOperation;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** What is under way counts as nothing: circles are for validation to tell. */
  readonly #known = new Map<string, Measures>();

  constructor(operation: MeasuredOperation) {
    this.#operation = operation;
    this.#fragments = new Map(
      operation.document.definitions
        .filter((it) => it.kind === Kind.FRAGMENT_DEFINITION)
        .map((it) => [it.name.value, it]),
    );
  }

  measure(): Measures {
    const { schema, operation } = this.#operation;
    const root = schema.getRootType(operation.operation);
    return this.#selections(operation.selectionSet, root ?? undefined);
  }

  #selections({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined): Measures {
    return selections
      .map((selection) => this.#selection(selection, type))
      .reduce(together, nothing);
  }

  #selection(selection: SelectionNode, type: GraphQLNamedType | undefined): Measures {
    if (selection.kind === Kind.FIELD) return this.#field(selection, type);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(selection.name.value);
    return this.#selections(selection.selectionSet, this.#typeOf(selection) ?? type);
  }

  #fragment(name: string): Measures {
    const fragment = this.#fragments.get(name);
    const known = this.#known.get(name);
    if (known || !fragment) return known ?? nothing;
    this.#known.set(name, nothing);
    const measures = this.#selections(fragment.selectionSet, this.#typeOf(fragment));
    this.#known.set(name, measures);
    return measures;
  }

  #typeOf({ typeCondition }: InlineFragmentNode | FragmentDefinitionNode) {
    return typeCondition && this.#operation.schema.getType(typeCondition.name.value);
  }

  #field(node: FieldNode, parent: GraphQLNamedType | undefined): Measures {
    const field = this.#definition(node, parent);
    const below = node.selectionSet
      ? this.#selections(node.selectionSet, field && getNamedType(field.type))
      : nothing;
    const cost = this.#hubCost(field, parent);
    const items = cost.perItemOf === undefined ? undefined : this.#lengthOf(node, cost.perItemOf);
    const asked = POINTS.request * (cost.requests ?? 0) + POINTS.query * (cost.queries ?? 0);
    return {
      depth: below.depth + 1,
      width: 1,
      fields: below.fields + 1,
      aliases: below.aliases + (node.alias ? 1 : 0),
      complexity: asked * (items ?? 1) + this.#times(node, field, items) * (1 + below.complexity),
    };
  }

  #definition(
    { name: { value: name } }: FieldNode,
    parent: GraphQLNamedType | undefined,
  ): GraphQLField<unknown, unknown> | undefined {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    return isObjectType(parent) ? parent.getFields()[name] : undefined;
  }

  #hubCost(
    field: GraphQLField<unknown, unknown> | undefined,
    parent: GraphQLNamedType | undefined,
  ): HubCost {
    const { hubCost }: Partial<CostRule> = field?.extensions ?? {};
    if (hubCost) return hubCost;
    const { schema, operation } = this.#operation;
    const isRoot = field !== undefined && parent === schema.getRootType(operation.operation);
    return isRoot && !field.name.startsWith('__') ? { requests: 1 } : {};
  }

  /** How often what is below a field may be in the result. */
  #times(
    node: FieldNode,
    field: GraphQLField<unknown, unknown> | undefined,
    items: number | undefined,
  ): number {
    if (!field || items !== undefined) return items ?? 1;
    const first = field.args.find(({ name }) => name === 'first');
    if (first) {
      const given = this.#argument(node, 'first') ?? first.defaultValue;
      return typeof given === 'number' ? Math.min(Math.max(given, 1), LARGEST_PAGE) : LARGEST_PAGE;
    }
    const isListOfObjects =
      isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type));
    // `nodes` and `results` are as long as their field above has said.
    return isListOfObjects && !pages.has(field.name) ? USUAL_LIST : 1;
  }

  #lengthOf(node: FieldNode, path: string): number {
    const [name = '', ...members] = path.split('.');
    const list = members.reduce<unknown>(
      (value, member) => (isRecord(value) ? value[member] : undefined),
      this.#argument(node, name),
    );
    return Array.isArray(list) ? list.length : 1;
  }

  #argument(node: FieldNode, name: string): unknown {
    const argument = node.arguments?.find((it) => it.name.value === name);
    return argument && this.#value(argument.value);
  }

  /** What a value is, as far as lengths and numbers go. */
  #value(node: ValueNode): unknown {
    switch (node.kind) {
      case Kind.INT:
        return Number(node.value);
      case Kind.LIST:
        return node.values.map((value) => this.#value(value));
      case Kind.OBJECT:
        return Object.fromEntries(
          node.fields.map((field) => [field.name.value, this.#value(field.value)]),
        );
      case Kind.VARIABLE:
        return this.#variable(node.name.value);
      default:
        return undefined;
    }
  }

  #variable(name: string): unknown {
    const { operation, variables } = this.#operation;
    if (Object.hasOwn(variables, name)) return variables[name];
    const definition = operation.variableDefinitions?.find((it) => it.variable.name.value === name);
    return definition?.defaultValue && this.#value(definition.defaultValue);
  }
}

/** Lists of a page, or of the results for a list that was given. */
const pages: ReadonlySet<string> = new Set(['nodes', 'results']);

function together(a: Measures, b: Measures): Measures {
  return {
    depth: Math.max(a.depth, b.depth),
    width: a.width + b.width,
    fields: a.fields + b.fields,
    aliases: a.aliases + b.aliases,
    complexity: a.complexity + b.complexity,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
