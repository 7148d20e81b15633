import { buildSchema, type DocumentNode } from 'graphql';
import { describe, expect, test } from 'vitest';
import { Documents } from '../../src/server/documents.js';

const schema = buildSchema(`
  type Query { a: Int }
  type Subscription { state(name: String): Int  event: Int }
`);
Object.assign(schema.getSubscriptionType()?.getFields()['state'] ?? {}, {
  extensions: { delivery: 'NEWEST' },
});
Object.assign(schema.getSubscriptionType()?.getFields()['event'] ?? {}, {
  extensions: { delivery: 'EVERY' },
});

function prepared(documents: Documents, text: string): DocumentNode {
  const document = documents.prepare(text);
  if (!('kind' in document)) throw document[0];
  return document;
}

describe('documents', () => {
  test('are parsed and validated once per text', () => {
    const documents = new Documents(schema);
    const document = prepared(documents, '{ a }');
    expect(prepared(documents, '{ a }')).toBe(document);
    expect(prepared(documents, '{  a }')).not.toBe(document);
    expect(documents.textOf(document)).toBe('{ a }');
  });

  test('are forgotten when there are many others', () => {
    const documents = new Documents(schema);
    const document = prepared(documents, '{ a }');
    const others = Array.from({ length: 5 }, (_, index) => `{ a } #${index}${'x'.repeat(1e6)}`);
    for (const other of others) prepared(documents, other);
    expect(prepared(documents, '{ a }')).not.toBe(document);
    // Whoever still uses it may ask for it all the same.
    expect(documents.textOf(document)).toBe('{ a }');
  });

  test.each([
    ['subscription { state }', undefined, 'NEWEST'],
    ['subscription { event }', undefined, 'EVERY'],
    ['subscription { alias: state(name: "event") }', undefined, 'NEWEST'],
    ['subscription { ... on Subscription { ... { event } } }', undefined, 'EVERY'],
    ['fragment F on Subscription { state } subscription { ...F }', undefined, 'NEWEST'],
    ['subscription A { state } subscription B { event }', 'A', 'NEWEST'],
    ['subscription A { state } subscription B { event }', 'B', 'EVERY'],
  ])('tell how %s (%s) is delivered: %s', (text, operationName, delivery) => {
    const documents = new Documents(schema);
    expect(documents.deliveryOf(prepared(documents, text), operationName)).toBe(delivery);
  });
});
