import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { createSchema } from '../../src/resolvers/index.js';
import { frontErrors } from '../../src/server/front-errors.js';
import { requestErrors } from '../../src/services/errors.js';
import { startTestEmulator } from '../emulator/support/emulator.js';
import { createCleanup } from '../support/cleanup.js';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway.js';
import { createTemporaryFolder } from '../support/temporary-folder.js';
import { DocumentGenerator, type FuzzedRequest } from './documents.js';
import { createRandom } from './random.js';
import { deviceIds } from './values.js';

const count = Number(process.env['FUZZ_DOCUMENTS'] ?? 1_500);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 32);
/** Most of them wait for the hub, or for its devices, most of the time. */
const atOnce = 256;

const known: ReadonlySet<string> = new Set(Object.keys({ ...frontErrors, ...requestErrors }));

describe(`${count} fuzzed requests, of seed ${seed}`, () => {
  const cleanup = createCleanup();
  const codes = new Map<string, number>();
  let gateway: GatewayProcess;

  beforeAll(async () => {
    const emulator = cleanup.use(await startTestEmulator());
    for (const id of deviceIds.slice(0, 4)) await emulator.registerDevice(id);
    const { path } = cleanup.use(await createTemporaryFolder());
    const many = 1_000_000;
    const limits = {
      callerOperationsPerSecond: many,
      addressRequestsPerSecond: many,
      messagesPerSecond: many,
      subscriptionsPerSocket: many,
      operationsUnderWay: many,
      lag: 60_000,
    };
    await writeFile(join(path, 'limits.json'), JSON.stringify({ limits }));
    gateway = cleanup.use(
      await startGatewayProcess({
        IOTHUB_CONNECTION_STRING: emulator.connectionString,
        IOTHUB_CA_FILE: emulator.caFile,
        HUB_TIER: 'S3',
        HUB_UNITS: '200',
        DATA_DIR: path,
        CONFIG_FILE: join(path, 'limits.json'),
      }),
    );
  });

  afterAll(() => cleanup[Symbol.asyncDispose]());

  async function overHttp({ query, variables }: FuzzedRequest): Promise<unknown> {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  }

  /** The first result, or that there is none before it is told to end. */
  function overSocket(
    client: ReturnType<typeof createClient>,
    { query, variables, kind }: FuzzedRequest,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const leave = client.subscribe(
        { query, variables: { ...variables } },
        {
          next(result) {
            resolve(result);
            leave();
          },
          error: (errors) => (Array.isArray(errors) ? resolve({ errors }) : reject(errors)),
          complete: () => resolve({ data: null }),
        },
      );
      // Some subscriptions have nothing to say, ever.
      if (kind === 'subscription') setImmediate(() => leave());
    });
  }

  function judge(request: FuzzedRequest, answer: unknown): void {
    const { data, errors = [] } = answer as {
      data?: unknown;
      errors?: readonly { message: string; extensions?: { code?: string } }[];
    };
    expect(data !== undefined || errors.length > 0).toBe(true);
    for (const { message, extensions } of errors) {
      const code = extensions?.code ?? 'none';
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (known.has(code) && code !== 'INTERNAL_SERVER_ERROR') continue;
      throw new Error(`${code} ${message}: ${JSON.stringify(request)}\n${gateway.program.output}`);
    }
    if (errors.length === 0) codes.set('no error', (codes.get('no error') ?? 0) + 1);
  }

  test(
    'are all answered, or refused for a reason that has a name',
    async () => {
      const generator = new DocumentGenerator(await createSchema(), createRandom(seed));
      const client = createClient({
        url: `${gateway.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        lazy: false,
        retryAttempts: 0,
        onNonLazyError: () => {},
      });
      cleanup.defer(() => client.dispose());
      let sent = 0;
      const work = async () => {
        while (sent < count) {
          sent += 1;
          const request = generator.next();
          const isOverHttp = request.kind !== 'subscription' && sent % 4 === 0;
          const answer = isOverHttp ? overHttp(request) : overSocket(client, request);
          judge(request, await answer);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));

      expect(gateway.program.output).not.toContain('a request failed');
      expect(await overHttp({ query: '{ __typename }', variables: {}, kind: 'query' })).toEqual({
        data: { __typename: 'Query' },
        extensions: expect.anything(),
      });
      // Neither all right nor all wrong: both are told.
      expect(codes.get('no error')).toBeGreaterThan(count / 20);
      expect(codes.get('GRAPHQL_PARSE_FAILED')).toBeGreaterThan(0);
      expect(codes.get('BAD_USER_INPUT')).toBeGreaterThan(0);
      process.stdout.write(
        `${sent} of seed ${seed}: ${JSON.stringify(Object.fromEntries(codes))}\n`,
      );
    },
    Math.max(120_000, count * 50),
  );
});
