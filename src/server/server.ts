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
import { type Caller, scopeOf } from '../services/access.js';
import type { Authenticate } from '../services/callers/authenticator.js';
import { type Cancel, type Clock, systemClock } from '../services/clock.js';
import type { ReadinessReport } from '../services/readiness.js';
import { createAuditExport } from './audit-export.js';
import { createAuthentication } from './authentication.js';
import { createClientAddress, networkOf } from './client-address.js';
import { Documents, validationOptions } from './documents.js';
import { type ErrorSink, maskError } from './error-mask.js';
import { createEventStreamDoor } from './event-stream-door.js';
import type { GraphqlRequest } from './front-observer.js';
import { answerHealth } from './health.js';
import { asRequest, requestIdOf, tellAnswers } from './http-requests.js';
import { hubCostPlugin } from './hub-cost.js';
import { createEventLoopLag } from './limits/event-loop-lag.js';
import { defaultLimits, fixedLimits, type Limits } from './limits/limits.js';
import { Load } from './limits/load.js';
import { TokenBuckets } from './limits/token-buckets.js';
import type { LiveCounts } from './live-counts.js';
import { type GaugeSources, registerGauges } from './metrics/gauges.js';
import { createMetrics, type Metrics } from './metrics/metrics.js';
import { observeFields } from './observe-fields.js';
import { logRequest, observedExecution, observeRequests } from './observe-requests.js';
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
  /** Whom a request's credential stands for. */
  readonly authenticate: Authenticate;
  /** What a request's resolvers are given. */
  readonly context: (origin: Origin, caller: Caller) => Context;
  /** How a page gets a token; absent: there is no issuer of tokens. */
  readonly signIn?: SignIn | undefined;
  readonly host: string;
  /** Whether any `Host` is ours: callers are told apart by more than that they reach us. */
  readonly anyHost?: boolean;
  readonly corsOrigins: readonly string[];
  readonly logger: FastifyBaseLogger;
  /** What is counted of the gateway; `/metrics` tells it. */
  readonly metrics?: Metrics;
  /** What `/metrics` tells beside it and what the front knows itself. */
  readonly gauges?: Omit<GaugeSources, 'liveCounts'>;
  /** What `/readyz` tells. */
  readonly readiness?: () => Promise<ReadinessReport>;
  /** What subscriptions end with when the server closes. */
  readonly stoppingReason: Error;
  readonly clock?: Clock;
  readonly limits?: Limits;
  readonly subscriptionLimits?: SubscriptionLimits;
}

/** What a page needs to know to sign somebody in (OpenID Connect, code flow with PKCE). */
export interface SignIn {
  /** Null: there is none, as no tokens are taken. */
  readonly issuer: string | null;
  /** Null: pages are to be told otherwise. */
  readonly clientId: string | null;
  readonly scopes: readonly string[];
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly liveCounts: () => LiveCounts;
  }
}

const noHubs = { hubBudgets: () => [], watchedDevices: () => 0, drivenOperations: () => 0 };
const alwaysReady: ReadinessReport = {
  ready: true,
  stopping: false,
  database: { usable: true },
  hubs: {},
};

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
Health, for who runs it: /healthz (it lives), /readyz (it can do its work)
How pages sign people in: /sign-in
`;

/** The HTTP and WebSocket front: GraphQL at `/graphql`. Listens when told to. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { schema, authenticate, context, logger, stoppingReason, corsOrigins } = options;
  const { clock = systemClock, limits: given = defaultLimits, metrics = createMetrics() } = options;
  const { readiness = async () => alwaysReady } = options;
  const limits = { ...given, ...(options.subscriptionLimits ?? defaultSubscriptionLimits) };
  const sink: ErrorSink = (error) => logger.error({ err: error }, 'a request failed');
  const observer = {
    onGraphqlRequest(request: GraphqlRequest) {
      metrics.onGraphqlRequest(request);
      logRequest(logger, request);
    },
  };

  const server = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LARGEST_REQUEST,
    genReqId: requestIdOf,
    forceCloseConnections: 'idle',
    trustProxy: [...limits.trustedProxies],
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE,
    http: { headersTimeout: HEAD_TIMEOUT, connectionsCheckingInterval: HEAD_TIMEOUT / 4 },
  });
  tellAnswers(server, metrics);
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
    const reason = refusalReason(request, options);
    if (reason !== undefined) return reply.code(403).type('text/plain').send(`${reason}\n`);
    enterAddress(request.ip);
    // Before its body is read; who asks how the gateway does is answered all the same.
    if (request.url.startsWith('/graphql')) load.check();
    return undefined;
  });
  await server.register(cors, {
    origin: [...corsOrigins],
    credentials: false,
    exposedHeaders: ['x-request-id'],
  });

  observeFields(schema, metrics);
  const apollo = new ApolloServer<Context>({
    schema,
    formatError: (formatted, error) => maskError(formatted, error, sink),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // Of a subgraph it would tell a router how long each field took.
      ApolloServerPluginInlineTraceDisabled(),
      hubCostPlugin,
      observeRequests(observer),
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

  const execution = observedExecution(observer);
  const documents = new Documents(schema, limits);
  const gate = new OperationGate({ schema, documents, limits, load, clock });
  const overHttp = asRequest(createOverHttp({ apollo, gate, execution, context }));
  const subscriptions = new Subscriptions({ schema, documents, gate, execution, sink, limits });
  const clientAddress = createClientAddress(limits.trustedProxies);
  const webSockets = createWebSocketDoor({
    server: server.server,
    path: '/graphql',
    refusalReason: (request) => refusalReason(request, options),
    enterAddress: (request) => enterAddress(clientAddress(request)),
    subscriptions,
    authenticate,
    execution,
    context,
    sink,
    clock,
    limits,
    largestMessage: LARGEST_REQUEST,
    stoppingReason,
  });
  const eventStreams = createEventStreamDoor({
    subscriptions,
    execution,
    context,
    sink,
    clock,
    limits,
  });
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

  const onRequest = createAuthentication(server, authenticate, sink);
  server.route({ method: ['GET', 'POST'], url: '/graphql', onRequest, handler: overHttp });
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql/stream',
    onRequest,
    handler: asRequest(eventStreams.handle),
  });
  server.get('/audit.jsonl', { onRequest }, asRequest(createAuditExport({ context, sink })));
  registerGauges(metrics.registry, {
    ...noHubs,
    ...options.gauges,
    liveCounts: server.liveCounts,
  });
  answerHealth(server, readiness);
  server.get('/metrics', { onRequest }, async ({ caller }, reply) => {
    if (scopeOf(caller, 'metrics:read') === 'NOTHING') {
      return reply
        .code(403)
        .type('text/plain')
        .send('you may not do this: it needs metrics:read\n');
    }
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  const signIn: SignIn = options.signIn ?? { issuer: null, clientId: null, scopes: [] };
  server.get('/sign-in', async () => signIn);
  server.get('/', async (_request, reply) => reply.type('text/plain').send(welcome));
  return server;
}
