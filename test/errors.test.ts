import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GraphQLEnumType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSchema } from '../src/resolvers/index.js';
import { frontErrors } from '../src/server/front-errors.js';
import { type ErrorMeaning, requestErrors } from '../src/services/errors.js';
import { startWorld, type World } from './support/gateway.js';
import { WatchOperationEventsDocument } from './support/operations.js';

/** The page that tells what each code means; `vitest run test/errors.test.ts -u` writes it. */
const page = `# Errors

What a caller did wrong, or the gateway could not do, is a GraphQL error with one of these codes in \`extensions.code\`. What
happened to a device is no error: it is on the operation, in \`failure\` ([operations.md](operations.md)). The list is
closed; whatever else goes wrong is \`INTERNAL_SERVER_ERROR\`, and nothing of it is told but to the log.

| code | means | what to do |
|---|---|---|
${table(requestErrors)}

Of requests that reach no device and no operation:

| code | means | what to do |
|---|---|---|
${table(frontErrors)}
`;

function table(codes: Readonly<Record<string, ErrorMeaning>>): string {
  return Object.entries(codes)
    .map(([code, { means, remedy }]) => `| \`${code}\` | ${means} | ${remedy} |`)
    .join('\n');
}

/** What the tests say. */
function testSources(folder = 'test'): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testSources(path);
    const isTest = entry.name.endsWith('.test.ts');
    return isTest ? [readFileSync(path, 'utf8')] : [];
  });
}

describe('the catalogue of errors', () => {
  test('is what docs/errors.md says', async () => {
    await expect(page).toMatchFileSnapshot('../docs/errors.md');
  });

  test.each(Object.keys(requestErrors))('%s is expected by some test', (code) => {
    expect(testSources().some((source) => source.includes(`'${code}'`))).toBe(true);
  });

  test('of operations is what docs/operations.md says', async () => {
    const schema = await createSchema();
    const type = schema.getType('OperationFailureCode') as GraphQLEnumType;
    const section = /## Why it did not succeed\n(.*?)\n## /s.exec(
      readFileSync('docs/operations.md', 'utf8'),
    )?.[1];
    const documented = [...(section ?? '').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);

    expect(documented.sort()).toEqual(
      type
        .getValues()
        .map(({ name }) => name)
        .sort(),
    );
  });
});

describe('a request', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });

  afterAll(() => world[Symbol.asyncDispose]());

  async function codeOf(body: string, contentType = 'application/json'): Promise<unknown> {
    const response = await fetch(`${world.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
    });
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    return errors[0]?.extensions.code;
  }

  test.each([
    ['GRAPHQL_PARSE_FAILED', { query: '{' }],
    ['GRAPHQL_VALIDATION_FAILED', { query: '{ nothing }' }],
    ['OPERATION_RESOLUTION_FAILURE', { query: '{ __typename }', operationName: 'other' }],
    ['BAD_REQUEST', { variables: {} }],
  ])('can be refused with %s', async (code, body) => {
    expect(await codeOf(JSON.stringify(body))).toBe(code);
  });

  test('for the stream of an operation that is not there ends with OPERATION_NOT_FOUND', async () => {
    const id = '01900000-0000-7000-8000-000000000000';
    const events = world.gateway.subscribe(WatchOperationEventsDocument, { id });

    await expect(events.completed).rejects.toMatchObject([
      { extensions: { code: 'OPERATION_NOT_FOUND' } },
    ]);
  });
});
