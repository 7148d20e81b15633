import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  type SelectionSetNode,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Delivery, DeliveryRule } from '../schema/delivers.js';
import { tooComplex } from './front-errors.js';
import { defaultLimits, fixedLimits, type Limits } from './limits/limits.js';
import { measureOperation } from './limits/measure.js';
import { scanDocument } from './limits/scan.js';

/** How many documents are kept, and how long they may be together (characters). */
const KEPT_DOCUMENTS = { max: 1_000, maxSize: 4 * 1024 * 1024 };

interface Entry {
  readonly document: DocumentNode;
  isValid: boolean;
}

/** Parses and validates documents, each once while it is in use, and refuses those that are too large. */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #limits: Limits;
  readonly #deliveries: ReadonlyMap<string, Delivery>;
  readonly #entries = new LRUCache<string, Entry>({
    ...KEPT_DOCUMENTS,
    sizeCalculation: (_entry, text) => text.length + 1,
  });
  readonly #texts = new WeakMap<DocumentNode, string>();

  /** Throws an Error naming the subscriptions that do not say how they are delivered. */
  constructor(schema: GraphQLSchema, limits = defaultLimits) {
    this.#schema = schema;
    this.#limits = limits;
    this.#deliveries = deliveriesOf(schema);
  }

  /** The document, within the limits. Throws Refusal, or GraphQLError of what is no GraphQL. */
  parse(text: string): DocumentNode {
    return this.#entryOf(text).document;
  }

  /** The document, or what is wrong with it. Those of a text that `parse` refuses throw as there. */
  prepare(text: string): DocumentNode | readonly GraphQLError[] {
    try {
      const entry = this.#entryOf(text);
      const errors = entry.isValid ? [] : this.#validate(entry.document);
      if (errors.length > 0) return errors;
      entry.isValid = true;
      return entry.document;
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }

  /** The text of a document that `prepare` gave. */
  textOf(document: DocumentNode): string {
    const text = this.#texts.get(document);
    if (text === undefined) throw new TypeError('the document was not prepared here');
    return text;
  }

  /** How the subscription that is asked for is delivered. */
  deliveryOf(document: DocumentNode, operationName: string | undefined): Delivery {
    const operation = getOperationAST(document, operationName);
    const field = operation && rootField(document, operation.selectionSet);
    return this.#deliveries.get(field ?? '') ?? 'EVERY';
  }

  #entryOf(text: string): Entry {
    const known = this.#entries.get(text);
    if (known) return known;
    scanDocument(text);
    const document = parse(text);
    this.#check(document);
    const entry = { document, isValid: false };
    this.#entries.set(text, entry);
    this.#texts.set(document, text);
    return entry;
  }

  /** What can be told without variables, of all operations: validation reads all of them. */
  #check(document: DocumentNode): void {
    const { depth, aliases, rootFields } = this.#limits;
    const { fields, fragments } = fixedLimits;
    const count = document.definitions.filter(
      ({ kind }) => kind === Kind.FRAGMENT_DEFINITION,
    ).length;
    within('fragments', count, fragments);
    for (const operation of document.definitions) {
      if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
      const asked = { schema: this.#schema, document, operation, variables: {} };
      const measures = measureOperation(asked);
      within('depth', measures.depth, depth);
      within('fields', measures.fields, fields);
      within('aliases', measures.aliases, aliases);
      within('rootFields', measures.width, rootFields);
    }
  }

  #validate(document: DocumentNode): readonly GraphQLError[] {
    const { introspection } = this.#limits;
    const rules = introspection
      ? specifiedRules
      : [...specifiedRules, NoSchemaIntrospectionCustomRule];
    return validate(this.#schema, document, rules, validationOptions);
  }
}

function within(limit: string, value: number, bound: number): void {
  if (value > bound) throw tooComplex(limit, value, bound);
}

/** More errors than these are not looked for. */
export const validationOptions = { maxErrors: fixedLimits.errors };

function deliveriesOf(schema: GraphQLSchema): ReadonlyMap<string, Delivery> {
  const fields = Object.values(schema.getSubscriptionType()?.getFields() ?? {});
  const deliveries = new Map<string, Delivery>();
  for (const { name, extensions } of fields) {
    const { delivery }: Partial<DeliveryRule> = extensions;
    if (delivery) deliveries.set(name, delivery);
  }
  const undecided = fields.map(({ name }) => name).filter((name) => !deliveries.has(name));
  if (undecided.length === 0) return deliveries;
  throw new Error(`subscriptions that do not say how to deliver them: ${undecided.join(', ')}`);
}

/** The one field of a valid subscription; it may stand in a fragment. */
function rootField(document: DocumentNode, { selections }: SelectionSetNode): string | undefined {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) return selection.name.value;
    const { selectionSet } =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : (document.definitions.find(
            (it) => it.kind === Kind.FRAGMENT_DEFINITION && it.name.value === selection.name.value,
          ) as { selectionSet: SelectionSetNode });
    const name = rootField(document, selectionSet);
    if (name !== undefined) return name;
  }
  return undefined;
}
