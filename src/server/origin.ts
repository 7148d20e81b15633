import type { FastifyRequest } from 'fastify';
import type { Origin } from '../resolvers/context.js';

/** Where an HTTP request came from. */
export function originOf({ id, ip }: FastifyRequest): Origin {
  return { requestId: id, address: ip };
}
