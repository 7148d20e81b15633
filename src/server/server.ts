import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Context, Origin } from '../resolvers/context.js';
import { type Cancel, type Clock, systemClock } from '../services/clock.js';
import { createAuditExport } from './audit-export.js';
import { createClientAddress, networkOf } from './client-address.js';
import { Documents, validationOptions } from './documents.js';
import { type ErrorSink, maskError } from './error-mask.js';
import { createEventStreamDoor } from './event-stream-door.js';
import { hubCostPlugin } from './hub-cost.js';
import { createEventLoopLag } from './limits/event-loop-lag.js';
import { defaultLimits, fixedLimits, type Limits } from './limits/limits.js';
import { Load } from './limits/load.js';
import { TokenBuckets } from './limits/token-buckets.js';
import type { LiveCounts } from './live-counts.js';
import { createMetrics, type MetricSources } from './metrics.js';
import { OperationGate, rateLimited } from './operation-gate.js';
import { createOverHttp } from './over-http.js';
import { sendError } from './refuse.js';
import { refusalReason } from './same-site.js';
import { securityHeaders } from './security-headers.js';
import { defaultSubscriptionLimits, type SubscriptionLimits } from './subscriptions/limits.js';
import { Subscriptions } from './subscriptions/subscriptions.js';
import { createWebSocketDoor } from './web-socket-door.js';

export interface ServerOptions {
  readonly schema: GraphQLSchema;
  /** What a request's resolvers are given. */
  readonly context: (origin: Origin) => Context;
  readonly host: string;
  readonly corsOrigins: readonly string[];
  readonly logger: FastifyBaseLogger;
  /** What `/metrics` tells beside what the front knows itself. */
  readonly metrics?: Omit<MetricSources, 'liveCounts'>;
  /** What subscriptions end with when the server closes. */
  readonly stoppingReason: Error;
  readonly clock?: Clock;
  readonly limits?: Limits;
  readonly subscriptionLimits?: SubscriptionLimits;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly liveCounts: () => LiveCounts;
  }
}

const noHubs = { hubBudgets: () => [], watchedDevices: () => 0 };

/** Larger requests are refused (bytes). The largest method payload fits, with its envelope. */
const LARGEST_REQUEST = 1024 * 1024;

/** How long a client may take to send the head of a request, and all of it (ms). */
const HEAD_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 20_000;

/** How long a connection may wait for its next request (ms). */
const KEEP_ALIVE = 72_000;

/** How long a stop waits for clients to take what is theirs (ms). */
const STOP_GRACE = 5_000;

const welcome = `twinql: a GraphQL gateway for Azure IoT Hub.
GraphQL over HTTP and WebSocket (graphql-transport-ws): /graphql
GraphQL over server-sent events: /graphql/stream
The audit as lines of JSON: /audit.jsonl
Metrics for Prometheus: /metrics
`;

/** The HTTP and WebSocket front: GraphQL at `/graphql`. Listens when told to. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { schema, context, host, corsOrigins, logger, stoppingReason } = options;
  const { clock = systemClock, limits: given = defaultLimits } = options;
  const limits = { ...given, ...(options.subscriptionLimits ?? defaultSubscriptionLimits) };
  const sink: ErrorSink = (error) => logger.error({ err: error }, 'a request failed');

  const server = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LARGEST_REQUEST,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    trustProxy: [...limits.trustedProxies],
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE,
    http: { headersTimeout: HEAD_TIMEOUT, connectionsCheckingInterval: HEAD_TIMEOUT / 4 },
  });
  server.server.maxConnections = limits.connections;
  const load = new Load(limits, createEventLoopLag());
  const perSecond = limits.addressRequestsPerSecond;
  const addresses = new TokenBuckets({ perSecond, burst: perSecond * limits.burstSeconds, clock });
  const enterAddress = (address: string) => {
    const wait = addresses.take(networkOf(address));
    if (wait > 0) throw rateLimited('your address asks', wait);
    return address;
  };
  server.setErrorHandler((error, _request, reply) => sendError(reply, error, sink));
  await server.register(helmet, securityHeaders);
  server.addHook('onRequest', async (request, reply) => {
    const reason = refusalReason(request, { host, corsOrigins });
    if (reason !== undefined) return reply.code(403).type('text/plain').send(`${reason}\n`);
    enterAddress(request.ip);
    // Before its body is read; who asks how the gateway does is answered all the same.
    if (request.url.startsWith('/graphql')) load.check();
    return undefined;
  });
  await server.register(cors, { origin: [...corsOrigins], credentials: false });

  const apollo = new ApolloServer<Context>({
    schema,
    formatError: (formatted, error) => maskError(formatted, error, sink),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // Of a subgraph it would tell a router how long each field took.
      ApolloServerPluginInlineTraceDisabled(),
      hubCostPlugin,
    ],
    includeStacktraceInErrorResponses: false,
    introspection: limits.introspection,
    validationOptions,
    executionOptions: { maxCoercionErrors: fixedLimits.errors },
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    // Whoever may register what is executed could fill the cache with it.
    persistedQueries: false,
    // Stopping is the caller's: there is more to let go of than this server.
    stopOnTerminationSignals: false,
  });
  await apollo.start();

  const documents = new Documents(schema, limits);
  const gate = new OperationGate({ schema, documents, limits, load, clock });
  const overHttp = createOverHttp({ apollo, gate, context });
  const subscriptions = new Subscriptions({ schema, documents, gate, sink, limits });
  const clientAddress = createClientAddress(limits.trustedProxies);
  const webSockets = createWebSocketDoor({
    server: server.server,
    path: '/graphql',
    refusalReason: (request) => refusalReason(request, { host, corsOrigins }),
    enterAddress: (request) => enterAddress(clientAddress(request)),
    subscriptions,
    context,
    sink,
    clock,
    limits,
    largestMessage: LARGEST_REQUEST,
    stoppingReason,
  });
  const eventStreams = createEventStreamDoor({ subscriptions, context, sink, limits });
  server.decorate('liveCounts', () => ({
    ...subscriptions.counts,
    ...webSockets.counts,
    ...eventStreams.counts,
  }));
  let cancelGrace: Cancel = () => {};
  server.addHook('preClose', async () => {
    // Also of connections that never asked for anything: browsers open some in advance.
    cancelGrace = clock.after(STOP_GRACE, () => {
      webSockets.cutOff();
      server.server.closeAllConnections();
    });
    const closed = [webSockets.close(), eventStreams.close()];
    subscriptions.end(stoppingReason);
    await Promise.all(closed);
  });
  server.addHook('onClose', async () => {
    cancelGrace();
    await apollo.stop();
  });

  server.route({ method: 'POST', url: '/graphql', handler: overHttp });
  server.route({ method: 'GET', url: '/graphql', handler: overHttp });
  server.route({ method: ['GET', 'POST'], url: '/graphql/stream', handler: eventStreams.handle });
  server.get('/audit.jsonl', createAuditExport({ context, sink }));
  const metrics = createMetrics({ ...noHubs, ...options.metrics, liveCounts: server.liveCounts });
  server.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
  server.get('/', async (_request, reply) => reply.type('text/plain').send(welcome));
  return server;
}
