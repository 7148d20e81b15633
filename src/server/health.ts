import type { FastifyInstance } from 'fastify';
import type { HubCondition } from '../services/hub/hub-health.js';
import type { ReadinessReport } from '../services/readiness.js';

/**
 * For who runs the gateway: `/healthz` answers as long as the process does, `/readyz` tells whether
 * callers should be sent here (200) or not (503), with each part. Open to all who reach the port.
 */
export function answerHealth(
  server: FastifyInstance,
  readiness: () => Promise<ReadinessReport>,
): void {
  server.get('/healthz', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'alive' }),
  );
  server.get('/readyz', async (_request, reply) => {
    const report = await readiness();
    return reply
      .code(report.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(format(report));
  });
}

function format({ ready, stopping, database, hubs }: ReadinessReport): object {
  return {
    status: stopping ? 'stopping' : ready ? 'ready' : 'not ready',
    database: { usable: database.usable },
    hubs: Object.fromEntries(
      Object.entries(hubs).map(([name, condition]) => [name, formatHub(condition)]),
    ),
  };
}

function formatHub({ usable, outcome, at }: HubCondition): object {
  return {
    usable,
    last: outcome === undefined ? null : { outcome, at: new Date(at ?? 0).toISOString() },
  };
}
