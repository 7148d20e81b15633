import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Context, Origin } from '../resolvers/context.js';
import { type Cancel, type Clock, systemClock } from '../services/clock.js';
import { meterRequests } from '../services/hub/request-cost.js';
import type { ReadinessReport } from '../services/readiness.js';
import { createAuditExport } from './audit-export.js';
import { type ErrorSink, maskError } from './error-mask.js';
import { createEventStreamDoor } from './event-stream-door.js';
import type { GraphqlRequest } from './front-observer.js';
import { answerHealth } from './health.js';
import { asRequest, requestIdOf, tellAnswers } from './http-requests.js';
import { hubCostPlugin } from './hub-cost.js';
import type { LiveCounts } from './live-counts.js';
import { type GaugeSources, registerGauges } from './metrics/gauges.js';
import { createMetrics, type Metrics } from './metrics/metrics.js';
import { observeFields } from './observe-fields.js';
import { logRequest, observedExecution, observeRequests } from './observe-requests.js';
import { originOf } from './origin.js';
import { refusalReason } from './same-site.js';
import { defaultLimits, type SubscriptionLimits } from './subscriptions/limits.js';
import { Subscriptions } from './subscriptions/subscriptions.js';
import { createWebSocketDoor } from './web-socket-door.js';

export interface ServerOptions {
  readonly schema: GraphQLSchema;
  /** What a request's resolvers are given. */
  readonly context: (origin: Origin) => Context;
  readonly host: string;
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
  readonly limits?: SubscriptionLimits;
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

/** How long a stop waits for clients to take what is theirs (ms). */
const STOP_GRACE = 5_000;

const welcome = `twinql: a GraphQL gateway for Azure IoT Hub.
GraphQL over HTTP and WebSocket (graphql-transport-ws): /graphql
GraphQL over server-sent events: /graphql/stream
The audit as lines of JSON: /audit.jsonl
Metrics for Prometheus: /metrics
Health, for who runs it: /healthz (it lives), /readyz (it can do its work)
`;

/** The HTTP and WebSocket front: GraphQL at `/graphql`. Listens when told to. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { schema, context, host, corsOrigins, logger, stoppingReason } = options;
  const { clock = systemClock, limits = defaultLimits, metrics = createMetrics() } = options;
  const { readiness = async () => alwaysReady } = options;
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
  });
  tellAnswers(server, metrics);
  server.addHook('onRequest', async (request, reply) => {
    const reason = refusalReason(request, { host, corsOrigins });
    if (reason !== undefined) return reply.code(403).type('text/plain').send(`${reason}\n`);
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
    // Stopping is the caller's: there is more to let go of than this server.
    stopOnTerminationSignals: false,
  });
  await apollo.start();
  const apolloHandler = fastifyApolloHandler(apollo, {
    context: async (request) => context(originOf(request)),
  });
  const overHttp = asRequest(function (request, reply) {
    return meterRequests(() => apolloHandler.call(this, request, reply));
  });

  const execution = observedExecution(observer);
  const subscriptions = new Subscriptions({ schema, sink, limits, execution });
  const webSockets = createWebSocketDoor({
    server: server.server,
    path: '/graphql',
    refusalReason: (request) => refusalReason(request, { host, corsOrigins }),
    subscriptions,
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

  server.route({ method: 'POST', url: '/graphql', handler: overHttp });
  server.route({ method: 'GET', url: '/graphql', handler: overHttp });
  const overEvents = asRequest(eventStreams.handle);
  server.route({ method: ['GET', 'POST'], url: '/graphql/stream', handler: overEvents });
  server.get('/audit.jsonl', asRequest(createAuditExport({ context, sink })));
  registerGauges(metrics.registry, {
    ...noHubs,
    ...options.gauges,
    liveCounts: server.liveCounts,
  });
  answerHealth(server, readiness);
  server.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  server.get('/', async (_request, reply) => reply.type('text/plain').send(welcome));
  return server;
}
