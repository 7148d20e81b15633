import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { makeServer, type Server } from 'graphql-ws';
import type { Context, Origin } from '../resolvers/context.js';
import { type ErrorSink, maskErrors, maskResult } from './error-mask.js';
import type { Limits } from './limits/limits.js';
import { Quota } from './limits/quota.js';
import type { SubscriptionLimits } from './subscriptions/limits.js';
import type { Outlet } from './subscriptions/outlet.js';
import { CohortEnd, Seat } from './subscriptions/seat.js';
import {
  type PreparedOperation,
  type Subscriptions,
  tooManySubscriptions,
  unseated,
} from './subscriptions/subscriptions.js';

export interface ProtocolOptions {
  readonly subscriptions: Subscriptions;
  readonly context: (origin: Origin) => Context;
  readonly sink: ErrorSink;
  readonly limits: SubscriptionLimits & Limits;
  readonly stoppingReason: Error;
  readonly isStopping: () => boolean;
  /** Called when the last operation of a socket is completed. */
  readonly onIdle: (outlet: Outlet) => void;
}

/** What is known of a socket while it is open. */
export interface SocketExtra {
  readonly outlet: Outlet;
  /** Where it was opened from. */
  readonly address: string;
  /** Called when more would wait for the socket than may, of what must not be left out. */
  readonly onOverflow: () => void;
  /** Whose socket it is, once that is known. */
  callerId?: string;
}

/** The close code after which clients come back later (RFC 6455 registry). */
export const TRY_AGAIN_LATER = 1013;

/** How long a client may take to say `connection_init` (ms). */
const INIT_TIMEOUT = 3_000;

/** The messages of graphql-transport-ws, and what becomes of the operations that they ask for. */
export function createProtocol(options: ProtocolOptions): Server<SocketExtra> {
  const { subscriptions, context, sink, limits, stoppingReason, isStopping, onIdle } = options;
  const { subscriptionsPerSocket, socketsPerCaller } = limits;
  const sockets = new Quota(socketsPerCaller);
  const originOf = ({ address }: SocketExtra) => ({ requestId: randomUUID(), address });
  return makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: INIT_TIMEOUT,
    onConnect({ extra }) {
      const { id } = context(originOf(extra)).caller;
      if (sockets.isFull(id)) {
        extra.outlet.close(TRY_AGAIN_LATER, 'you have too many sockets open');
        return false;
      }
      extra.callerId = id;
      sockets.add(id, 1);
      return true;
    },
    onClose({ extra: { callerId } }) {
      if (callerId !== undefined) sockets.add(callerId, -1);
    },
    onSubscribe({ extra, subscriptions: underWay }, _id, payload) {
      if (isStopping()) return [asGraphQLError(stoppingReason)];
      // The one that is asked for is among them.
      if (Object.keys(underWay).length > subscriptionsPerSocket) {
        const refusal = tooManySubscriptions('subscriptionsPerSocket', subscriptionsPerSocket);
        return [asGraphQLError(refusal)];
      }
      const prepared = subscriptions.prepare(payload, context(originOf(extra)));
      if ('document' in prepared) extra.outlet.operations += 1;
      return prepared;
    },
    subscribe: () => unseated,
    onOperation({ extra: { outlet, onOverflow } }, id, _payload, args, result) {
      (args as PreparedOperation).release();
      if (result !== unseated) return undefined;
      const admission = subscriptions.admit(args);
      return new Seat({ id, admission, outlet, backlog: limits.backlog, onOverflow });
    },
    onNext: (_context, _id, _payload, _args, result) => maskResult(result, sink),
    onError: (_context, _id, _payload, errors) => {
      const [end] = errors.map(({ originalError }) => originalError);
      return end instanceof CohortEnd ? end.errors : maskErrors(errors, sink);
    },
    onComplete({ extra: { outlet } }) {
      outlet.operations -= 1;
      // Not before the `complete` that follows this is sent.
      if (outlet.operations === 0) setImmediate(() => onIdle(outlet));
    },
  });
}

function asGraphQLError(originalError: Error): GraphQLError {
  return new GraphQLError(originalError.message, { originalError });
}
