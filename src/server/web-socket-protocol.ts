import { GraphQLError } from 'graphql';
import { makeServer, type Server } from 'graphql-ws';
import type { Context, Origin } from '../resolvers/context.js';
import { currentRequestId } from '../services/request.js';
import { type ErrorSink, maskErrors, maskResult } from './error-mask.js';
import type { ObservedExecution } from './observe-requests.js';
import type { SubscriptionLimits } from './subscriptions/limits.js';
import type { Outlet } from './subscriptions/outlet.js';
import { CohortEnd, Seat } from './subscriptions/seat.js';
import { type Subscriptions, unseated } from './subscriptions/subscriptions.js';

export interface ProtocolOptions {
  readonly subscriptions: Subscriptions;
  readonly execution: ObservedExecution;
  readonly context: (origin: Origin) => Context;
  readonly sink: ErrorSink;
  readonly limits: SubscriptionLimits;
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
}

/** How long a client may take to say `connection_init` (ms). */
const INIT_TIMEOUT = 3_000;

/** The messages of graphql-transport-ws, and what becomes of the operations that they ask for. */
export function createProtocol(options: ProtocolOptions): Server<SocketExtra> {
  const { subscriptions, execution, context, sink, limits, stoppingReason, isStopping, onIdle } =
    options;
  return makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: INIT_TIMEOUT,
    onSubscribe({ extra: { outlet, address } }, _id, payload) {
      if (isStopping()) {
        return [new GraphQLError(stoppingReason.message, { originalError: stoppingReason })];
      }
      const origin = { requestId: currentRequestId() ?? '', address };
      const prepared = subscriptions.prepare(payload, context(origin));
      if ('document' in prepared) outlet.operations += 1;
      return prepared;
    },
    execute: execution.execute,
    subscribe: () => unseated,
    onOperation({ extra: { outlet, onOverflow } }, id, _payload, args, result) {
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
