import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Delivery, DeliveryRule } from '../../schema/delivers.js';

/** How many documents are kept, and how long they may be together (characters). */
const KEPT_DOCUMENTS = { max: 1_000, maxSize: 4 * 1024 * 1024 };

/** Parses and validates documents, each once while it is in use. */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #deliveries: ReadonlyMap<string, Delivery>;
  readonly #valid = new LRUCache<string, DocumentNode>({
    ...KEPT_DOCUMENTS,
    sizeCalculation: (_document, text) => text.length + 1,
  });
  readonly #texts = new WeakMap<DocumentNode, string>();

  /** Throws an Error naming the subscriptions that do not say how they are delivered. */
  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
    this.#deliveries = deliveriesOf(schema);
  }

  /** The document, or what is wrong with it. Malformed ones are not kept. */
  prepare(text: string): DocumentNode | readonly GraphQLError[] {
    const known = this.#valid.get(text);
    if (known) return known;
    try {
      const document = parse(text);
      const errors = validate(this.#schema, document);
      if (errors.length > 0) return errors;
      this.#valid.set(text, document);
      this.#texts.set(document, text);
      return document;
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
}

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
