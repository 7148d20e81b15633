import { writeFileSync } from 'node:fs';
import { type GraphQLSchema, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSchema } from '../../src/resolvers/index.js';
import { makeApiKey } from '../support/api-keys.js';
import { type Cleanup, createCleanup } from '../support/cleanup.js';
import { startWorld, type World } from '../support/gateway.js';
import { createTemporaryFolder } from '../support/temporary-folder.js';
import { formatPermissions } from './documents.js';
import { fieldsOf, type TriedField } from './fields.js';
import { roles } from './matrix.js';

const callers = ['nobody', ...roles] as const;
type CallerName = (typeof callers)[number];
const keys = Object.fromEntries(callers.map((name) => [name, makeApiKey(name, [name])]));

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

describe('every field, tried with every role', () => {
  let cleanup: Cleanup;
  let schema: GraphQLSchema;
  let world: World;
  let fields: readonly TriedField[];

  beforeAll(async () => {
    cleanup = createCleanup();
    schema = await createSchema();
    fields = fieldsOf(schema);
    const folder = cleanup.use(await createTemporaryFolder());
    const CONFIG_FILE = `${folder.path}/twinql.json`;
    writeFileSync(
      CONFIG_FILE,
      JSON.stringify({
        // It is let in, and may do nothing that the schema has.
        roles: { nobody: { permissions: ['metrics:read'] } },
        apiKeys: Object.values(keys).map(({ entry }) => entry),
      }),
    );
    world = cleanup.use(await startWorld({ environment: { CONFIG_FILE, HUB_UNITS: '100' } }));
    for (const deviceId of ['pump', 'fan']) world.emulator.registerDevice(deviceId);
    const module = `createModule(input: {deviceId: "pump", moduleId: "valve"}) { __typename }`;
    await ask('mutation', `mutation { ${module} }`, 'admin');
  });

  afterAll(() => cleanup[Symbol.asyncDispose]());

  async function ask(kind: TriedField['kind'], query: string, caller: CallerName): Promise<Answer> {
    const isStream = kind === 'subscription';
    const response = await fetch(`${world.gateway.url}/graphql${isStream ? '/stream' : ''}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${keys[caller]?.key}`,
        ...(isStream && { accept: 'text/event-stream' }),
      },
      body: JSON.stringify({ query }),
    });
    return isStream ? firstOf(response) : ((await response.json()) as Answer);
  }

  const codesOf = ({ errors = [] }: Answer) => errors.map(({ extensions }) => extensions?.code);
  const isEmpty = ({ data }: Answer) =>
    Object.values(data ?? {}).every((value) => value === null || value === undefined);

  async function askCounting(kind: TriedField['kind'], query: string, caller: CallerName) {
    world.emulator.calls.clear();
    const answer = await ask(kind, query, caller);
    return { answer, calls: world.emulator.calls.list().map(({ operation }) => operation) };
  }

  test('leaves none out', () => {
    const all = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => !name.startsWith('__'))
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));

    expect(fields.map(({ name }) => name).sort()).toEqual(all.sort());
  });

  // Before anybody is let do anything, so that nothing else asks the hub.
  test.each(callers)(
    'gives %s no data of what is not theirs, and asks the hub nothing',
    async (caller) => {
      const wrong: unknown[] = [];
      let denied = 0;
      for (const { name, kind, document, may, within } of fields) {
        if (may.has(caller)) continue;
        denied += 1;
        const part = within.findLast((one) => one.may.includes(caller));
        // The hub is asked for what they may see on the way, and for nothing more.
        const expected = part ? (await askCounting(kind, part.document, caller)).calls : [];
        const { answer, calls } = await askCounting(kind, document, caller);
        const codes = codesOf(answer);
        const isDenied = codes.length > 0 && codes.every((code) => code === 'FORBIDDEN');
        const isSilent = JSON.stringify(calls) === JSON.stringify(expected);
        if (!isDenied || !isSilent || !(part || isEmpty(answer)))
          wrong.push({ name, codes, calls });
      }

      expect(wrong).toEqual([]);
      expect(denied > 0).toBe(caller !== 'admin');
    },
  );

  test.each(callers)('lets %s have what is theirs', async (caller) => {
    const wrong: unknown[] = [];
    for (const { name, kind, document, may } of fields) {
      if (!may.has(caller)) continue;
      const answer = await ask(kind, document, caller);
      const codes = codesOf(answer);
      const refusals = [
        'FORBIDDEN',
        'UNAUTHENTICATED',
        'GRAPHQL_VALIDATION_FAILED',
        'BAD_USER_INPUT',
      ];
      if (codes.some((code) => code === undefined || refusals.includes(code)))
        wrong.push({ name, codes });
    }

    expect(wrong).toEqual([]);
  });

  test('is what docs/permissions.md says', async () => {
    // Written anew by `npx vitest run test/permissions -u`.
    await expect(formatPermissions(schema)).toMatchFileSnapshot('../../docs/permissions.md');
  });
});

/** The first result of a stream, which is left then. */
async function firstOf(response: Response): Promise<Answer> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const [, data] = /event: next\ndata: (.*)\n\n/.exec(text) ?? [];
    const part = data === undefined ? await reader?.read() : undefined;
    if (data !== undefined) {
      await reader?.cancel();
      return JSON.parse(data) as Answer;
    }
    if (!part || part.done) throw new Error(`the stream ended without a result: ${text}`);
    text += part.value;
  }
}
