import { buildSchema, type GraphQLField, type GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import type { Context } from '../../../src/resolvers/context.js';
import { defaultLimits, type Limits } from '../../../src/server/limits/limits.js';
import type { LiveCounts } from '../../../src/server/live-counts.js';
import { createServer } from '../../../src/server/server.js';
import type { SubscriptionLimits } from '../../../src/server/subscriptions/limits.js';
import { type Caller, localDeveloper } from '../../../src/services/access.js';
import type { Clock } from '../../../src/services/clock.js';
import { RequestError } from '../../../src/services/errors.js';
import { type Cleanup, createCleanup } from '../../support/cleanup.js';
import { createSource, type Source } from './source.js';

/** The real front, before a schema whose subscriptions emit what a test tells them to. */
export interface Front extends AsyncDisposable {
  readonly url: string;
  /** Of `state(name)`, delivered NEWEST. */
  readonly states: Source<State>;
  /** Of `events(name, after)`, delivered EVERY. */
  readonly events: Source<Event>;
  /** Who asks from now on. */
  caller: Caller;
  readonly counts: () => LiveCounts;
  /** What the front told its log. */
  readonly log: readonly unknown[];
  close(): Promise<void>;
}

export interface State {
  readonly version: number;
  readonly text?: string;
  /** Its field `fragile` fails. */
  readonly broken?: boolean;
}

export interface Event {
  readonly sequence: number;
  readonly text?: string;
}

export interface FrontOptions {
  /** How much waits for slow subscribers. */
  readonly limits?: SubscriptionLimits;
  /** What one may ask for, where it is not the default. */
  readonly requestLimits?: Partial<Limits>;
  readonly clock?: Clock;
}

const typeDefinitions = `
  type Query { echo(text: String!): String! }
  type Mutation { bump: Int! }
  type State { version: Int!  text: String  fragile: Boolean }
  type Event { sequence: Int!  text: String }
  input Options { a: Int  b: [Int!] }
  type Subscription {
    state(name: String!, options: Options): State!
    events(name: String!, after: Int): Event!
    refused: Int!
  }
`;

export async function startFront(options: FrontOptions = {}): Promise<Front> {
  const cleanup: Cleanup = createCleanup();
  const states = createSource<State>();
  const events = createSource<Event>();
  const log: unknown[] = [];
  let caller: Caller = localDeveloper;
  const logger = pino({ level: 'error' }, { write: (line: string) => log.push(JSON.parse(line)) });
  const server = await createServer({
    ...(options.clock && { clock: options.clock }),
    ...(options.limits && { subscriptionLimits: options.limits }),
    // It shares its process with the test, and the machine with others.
    limits: { ...defaultLimits, lag: 60_000, ...options.requestLimits },
    schema: createSchema(states, events),
    // These resolvers reach no service.
    context: () => ({ caller }) as Context,
    host: '127.0.0.1',
    corsOrigins: ['https://fleet.example'],
    logger,
    stoppingReason: new RequestError('SHUTTING_DOWN', 'the gateway is stopping; subscribe again'),
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  cleanup.defer(() => server.close());
  return {
    url,
    states,
    events,
    log,
    get caller() {
      return caller;
    },
    set caller(value) {
      caller = value;
    },
    counts: server.liveCounts,
    close: () => server.close(),
    [Symbol.asyncDispose]: () => cleanup[Symbol.asyncDispose](),
  };
}

function createSchema(states: Source<State>, events: Source<Event>): GraphQLSchema {
  const schema = buildSchema(typeDefinitions);
  const { echo } = schema.getQueryType()?.getFields() ?? {};
  const { bump } = schema.getMutationType()?.getFields() ?? {};
  const { state, events: event, refused } = schema.getSubscriptionType()?.getFields() ?? {};
  const { fragile } =
    (schema.getType('State') as ReturnType<GraphQLSchema['getQueryType']>)?.getFields() ?? {};
  let bumps = 0;
  define(echo, { resolve: (_source, { text }) => text });
  define(bump, { resolve: () => ++bumps });
  define(fragile, {
    resolve: ({ broken }) => {
      if (broken) throw new Error('a secret');
      return true;
    },
  });
  define(state, {
    subscribe: () => states.open(),
    resolve: (value) => value,
    extensions: { delivery: 'NEWEST' },
  });
  define(event, {
    subscribe: (_source, { after }) => startAfter(events.open(), after ?? 0),
    resolve: (value) => value,
    extensions: { delivery: 'EVERY' },
  });
  define(refused, {
    subscribe: () => {
      throw new RequestError('FORBIDDEN', 'you may not do this');
    },
    extensions: { delivery: 'EVERY' },
  });
  return schema;
}

function define(
  field: GraphQLField<unknown, unknown> | undefined,
  // biome-ignore lint/suspicious/noExplicitAny: the arguments are those of the schema above.
  parts: Partial<GraphQLField<any, any>>,
): void {
  if (!field) throw new TypeError('no such field');
  Object.assign(field, parts);
}

function startAfter(
  events: AsyncIterableIterator<Event>,
  after: number,
): AsyncIterableIterator<Event> {
  return {
    ...events,
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      for (;;) {
        const result = await events.next();
        if (result.done || result.value.sequence > after) return result;
      }
    },
  };
}
