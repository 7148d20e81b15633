import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import {
  type DocumentNode,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  print,
} from 'graphql';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import WebSocket from 'ws';
import { startApp } from '../../src/app.js';
import { type Config, loadConfig } from '../../src/config.js';
import type { Limits } from '../../src/server/limits/limits.js';
import type { Caller } from '../../src/services/access.js';
import type { ActionProfile } from '../../src/services/actions/profile.js';
import type { Clock } from '../../src/services/clock.js';
import type { Credential } from '../../src/services/hub/access-token.js';
import { startTestEmulator, type TestEmulator } from '../emulator/support/emulator.js';
import { type Cleanup, createCleanup } from './cleanup.js';
import { type Program, startProgram } from './program.js';
import { notingReads } from './read-fields.js';
import { noteRun } from './record.js';
import { createTemporaryFolder } from './temporary-folder.js';

export interface GatewayOptions {
  /** Where the journal is. Default: a folder of the gateway's own. */
  readonly dataDir?: string;
  readonly profiles?: readonly ActionProfile[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What one may ask for, where it is not the default. */
  readonly limits?: Partial<Limits>;
  readonly clock?: Clock;
  /** Who it is to hubs that it has no key of. */
  readonly credential?: Credential;
  /** Who sends the request, or opens the socket, that comes next. Default: as the environment says. */
  readonly callerOf?: () => Caller;
}

export interface Result<Data> {
  readonly status: number;
  readonly data: Data | null;
  readonly errors: readonly GraphQLFormattedError[];
}

/** A gateway over its public doors: GraphQL by HTTP and by WebSocket. It goes with `await using`. */
export interface TestGateway extends AsyncDisposable {
  readonly url: string;
  /** The same gateway, for a caller who shows a credential. */
  as(credential: string): TestGateway;
  execute<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Result<Data>>;
  /** As execute, for what must succeed. */
  data<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data>;
  subscribe<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Subscription<Data>;
}

/** A running subscription. What it sent so far is kept; waiting looks at that first. */
export interface Subscription<Data> extends AsyncDisposable {
  readonly messages: readonly Data[];
  /** The first message, early or late, that is like this. */
  waitFor(isLike: (message: Data) => boolean): Promise<Data>;
  /** Resolves when the server completes it; rejects with the errors that it sends. */
  readonly completed: Promise<void>;
}

/** The pace of tests: fast enough to follow, slow enough to count. */
const pace = { activeInterval: 50, idleInterval: 200 };

/**
 * Starts a gateway in this process on a free port, for the hub of an emulator, or for those that
 * the environment names.
 */
export async function startGateway(
  emulator: Pick<TestEmulator, 'connectionString' | 'caFile'> | undefined,
  options: GatewayOptions = {},
): Promise<TestGateway> {
  const cleanup = createCleanup();
  const { callerOf } = options;
  const dataDir = options.dataDir ?? cleanup.use(await createTemporaryFolder()).path;
  const loaded = loadConfig({
    PORT: '0',
    IOTHUB_CONNECTION_STRING: emulator?.connectionString,
    IOTHUB_CA_FILE: emulator?.caFile,
    DATA_DIR: dataDir,
    // Tests ask more of their hub in a minute than S1 permits.
    HUB_TIER: 'S3',
    ...options.environment,
  });
  const config: Config = {
    ...loaded,
    // It shares its process with the test and the hub, and the machine with others.
    limits: { ...loaded.limits, lag: 60_000, ...options.limits },
    watch: pace,
    // Devices of tests often never answer.
    drainTimeout: 0,
    ...(options.profiles && { profiles: options.profiles }),
  };
  const app = await startApp(config, {
    logger: pino({ level: 'silent' }),
    ...(options.clock && { clock: options.clock }),
    ...(callerOf && { authenticate: async () => callerOf() }),
    ...(options.credential && { credential: options.credential }),
  });
  cleanup.defer(() => app.close());
  return createTestClient(app.url, cleanup);
}

export interface World extends AsyncDisposable {
  readonly emulator: TestEmulator;
  readonly gateway: TestGateway;
}

/** An emulator with a gateway in front of it. */
export async function startWorld(options: GatewayOptions = {}): Promise<World> {
  const cleanup = createCleanup();
  const emulator = cleanup.use(await startTestEmulator());
  const gateway = cleanup.use(await startGateway(emulator, options));
  return {
    emulator,
    gateway,
    [Symbol.asyncDispose]: () => cleanup[Symbol.asyncDispose](),
  };
}

/** A gateway in a process of its own, as it is shipped: to be killed. */
export interface GatewayProcess extends TestGateway {
  readonly program: Program;
}

/** Runs the built gateway; resolves when it is ready. */
export async function startGatewayProcess(
  environment: Readonly<Record<string, string>>,
): Promise<GatewayProcess> {
  const cleanup = createCleanup();
  const program = cleanup.use(
    startProgram('dist/main.js', {
      env: { PORT: '0', LOG_LEVEL: 'warn', ...environment },
      limitSeconds: 60,
    }),
  );
  const [, url = ''] = await program.waitFor(/WebSocket at (\S+)\/graphql/);
  return { program, ...createTestClient(url, cleanup) };
}

/** The built gateway as `npm start` runs it without a hub: with the emulator and its devices. */
export async function startDemoProcess(): Promise<GatewayProcess> {
  const folder = await createTemporaryFolder();
  const gateway = await startGatewayProcess({
    DATA_DIR: `${folder.path}/data`,
    EMULATOR_DATA_DIR: `${folder.path}/emulator`,
    EMULATOR_HTTPS_PORT: '0',
    EMULATOR_MQTT_PORT: '0',
    EMULATOR_AMQP_PORT: '0',
  });
  return {
    ...gateway,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function createTestClient(baseUrl: string, cleanup: Cleanup, credential?: string): TestGateway {
  const url = `${baseUrl}/graphql`;
  const headers = credential === undefined ? {} : { authorization: `Bearer ${credential}` };

  async function execute<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Result<Data>> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: print(document), variables }),
    });
    const { data, errors } = (await response.json()) as FormattedExecutionResult<Data & object>;
    if (!errors) noteRun(document);
    return {
      status: response.status,
      data: data ? notingReads(document, data) : null,
      errors: errors ?? [],
    };
  }

  return {
    url: baseUrl,
    as: (other) => createTestClient(baseUrl, cleanup, other),
    execute,
    async data(document, variables) {
      const { data, errors } = await execute(document, variables);
      if (errors.length > 0 || data === null) throw new Error(JSON.stringify(errors));
      return data;
    },
    subscribe: (document, variables) =>
      cleanup.use(
        subscribe(url, {
          document,
          variables: variables as Record<string, unknown>,
          connectionParams: headers,
        }),
      ),
    [Symbol.asyncDispose]: () => cleanup[Symbol.asyncDispose](),
  };
}

interface Subscribing {
  readonly document: DocumentNode;
  readonly variables: Record<string, unknown>;
  readonly connectionParams: Record<string, unknown>;
}

function subscribe<Data>(
  url: string,
  { document, variables, connectionParams }: Subscribing,
): Subscription<Data> {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    connectionParams,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const messages: Data[] = [];
  const checks = new Set<() => void>();
  const completed = new Promise<void>((resolve, reject) => {
    client.subscribe<Data>(
      { query: print(document), variables },
      {
        next: ({ data, errors }) => {
          if (errors) return reject(errors);
          if (data) messages.push(notingReads(document, data));
          for (const check of [...checks]) check();
        },
        error: reject,
        complete: resolve,
      },
    );
  });
  completed.catch(() => {});
  return {
    messages,
    completed,
    waitFor: (isLike) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = messages.find(isLike);
          if (found === undefined) return;
          checks.delete(check);
          resolve(found);
        };
        checks.add(check);
        check();
        completed.then(
          () => reject(new Error(`completed before; it sent ${JSON.stringify(messages)}`)),
          reject,
        );
      }),
    async [Symbol.asyncDispose]() {
      await client.dispose();
    },
  };
}
