/** Notes which fields of results a test reads. */
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { note } from './record.js';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'), { assumeValid: true });

/**
 * The same result, but noting as `Type.field` what is read of it, and as `Enum.VALUE` what it was. Null and empty
 * lists do not count, as no test has caused a value then, nor does what is merely printed.
 */
export function notingReads<Data>(document: DocumentNode, data: Data): Data {
  const operation = document.definitions.find((it) => it.kind === Kind.OPERATION_DEFINITION);
  const root = operation && schema.getRootType(operation.operation);
  if (!root) throw new Error('the document has no operation');
  return watch(data, root, { document, sets: [operation.selectionSet] }) as Data;
}

/** What a document selects of an object. */
interface Selection {
  readonly document: DocumentNode;
  readonly sets: readonly SelectionSetNode[];
}

function watch(value: unknown, type: GraphQLOutputType, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((item) => watch(item, type, selection));
  return isObjectType(type) && isObject(value) ? watchObject(value, type, selection) : value;
}

function watchObject(object: object, type: GraphQLObjectType, selection: Selection): object {
  const selected = selectedFields(selection);
  const read = new Map<string | symbol, unknown>();
  return new Proxy(object, {
    get(target, key) {
      if (key === 'toJSON') return () => target;
      const nodes = selected.get(String(key));
      const field = type.getFields()[nodes?.[0]?.name.value ?? ''];
      const value: unknown = Reflect.get(target, key);
      if (!nodes || !field || isNothing(value)) return value;
      const named = getNamedType(field.type);
      note(`${type.name}.${field.name}`);
      if (isEnumType(named)) for (const each of [value].flat()) note(`${named.name}.${each}`);
      // The same object every time, as without us.
      if (!read.has(key)) {
        const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
        read.set(key, watch(value, named, { ...selection, sets }));
      }
      return read.get(key);
    },
  });
}

/** By the names that they have in the result. No type of the schema is abstract: every fragment applies. */
function selectedFields({ document, sets }: Selection): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const name = node.alias?.value ?? node.name.value;
        fields.set(name, [...(fields.get(name) ?? []), node]);
      } else {
        collect(node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : fragment(node.name.value));
      }
    }
  };
  const fragment = (name: string): SelectionSetNode => {
    const found = document.definitions.find(
      (it) => it.kind === Kind.FRAGMENT_DEFINITION && it.name.value === name,
    );
    if (found?.kind !== Kind.FRAGMENT_DEFINITION) throw new Error(`no fragment ${name}`);
    return found.selectionSet;
  };
  for (const set of sets) collect(set);
  return fields;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
