import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import { doors, guarded, innerArguments, type RoleName } from './matrix.js';

/** A field of the schema, and how to ask for it. */
export interface TriedField {
  /** `Type.field`. */
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly document: string;
  readonly may: ReadonlySet<RoleName | 'nobody'>;
  /** How to ask for what it stands in, from the door on. */
  readonly within: readonly Part[];
}

/** A part of the way to a field, and who may go that far. */
interface Part {
  readonly document: string;
  readonly may: readonly (RoleName | 'nobody')[];
}

/** The way to where a type's fields stand. */
interface Way {
  readonly steps: readonly string[];
  readonly may: readonly (RoleName | 'nobody')[];
  readonly within: readonly Part[];
}

/** Every field of every type, each by the shortest way from the doors. */
export function fieldsOf(schema: GraphQLSchema): readonly TriedField[] {
  const fields: TriedField[] = [];
  const seen = new Set<GraphQLObjectType>();
  let ways: (readonly [GraphQLObjectType, Way])[] = Object.entries(doors).map(([name, door]) => {
    const [type = '', field = ''] = name.split('.');
    const step = `${field}${door.arguments}`;
    const asked = (schema.getType(type) as GraphQLObjectType).getFields()[field];
    if (!asked) throw new Error(`the schema has no ${name}`);
    const root: Way = { steps: [type.toLowerCase()], may: door.may, within: [] };
    fields.push(tried(name, root, selectionOf(asked, step)));
    return [getNamedType(asked.type) as GraphQLObjectType, onward(root, step)];
  });
  while (ways.length > 0) {
    const next: typeof ways = [];
    for (const [type, way] of ways) {
      if (!isObjectType(type) || seen.has(type)) continue;
      seen.add(type);
      for (const field of Object.values(type.getFields())) {
        const name = `${type.name}.${field.name}`;
        const may = way.may.filter((role) => guarded[name]?.includes(role as RoleName) ?? true);
        const step = `${field.name}${innerArguments[name] ?? ''}`;
        fields.push(tried(name, { ...way, may }, selectionOf(field, step)));
        next.push([getNamedType(field.type) as GraphQLObjectType, onward({ ...way, may }, step)]);
      }
    }
    ways = next;
  }
  return fields;
}

/** One step further, into what a field gives. */
function onward({ steps, may, within }: Way, step: string): Way {
  const document = ask([...steps, step], '__typename');
  return { steps: [...steps, step], may, within: [...within, { document, may }] };
}

function tried(name: string, { steps, may, within }: Way, selection: string): TriedField {
  const kind = steps[0] as TriedField['kind'];
  return { name, kind, document: ask(steps, selection), may: new Set(may), within };
}

function ask(steps: readonly string[], inner: string): string {
  return steps.reduceRight((text, step) => `${step} { ${text} }`, inner);
}

function selectionOf(field: GraphQLField<unknown, unknown>, step: string): string {
  return isObjectType(getNamedType(field.type)) ? `${step} { __typename }` : step;
}
