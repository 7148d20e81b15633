import { GraphQLError } from 'graphql';
import {
  MessageType,
  makeServer,
  type PongMessage,
  type Server,
  stringifyMessage,
} from 'graphql-ws';
import type { Context, Origin } from '../resolvers/context.js';
import type { Caller } from '../services/access.js';
import { RequestError } from '../services/errors.js';
import { currentRequestId } from '../services/request.js';
import { credentialInPayload } from './credentials.js';
import { type ErrorSink, maskErrors, maskResult } from './error-mask.js';
import type { Limits } from './limits/limits.js';
import { Quota } from './limits/quota.js';
import type { ObservedExecution } from './observe-requests.js';
import { type Session, TRY_AGAIN_LATER } from './session.js';
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
  readonly execution: ObservedExecution;
  readonly context: (origin: Origin, caller: Caller) => Context;
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
  readonly session: Session;
  /** Where it was opened from. */
  readonly address: string;
  /** Called when more would wait for the socket than may, of what must not be left out. */
  readonly onOverflow: () => void;
  /** Whose socket it is, once that is known. */
  callerId?: string;
}

/** A socket that was closed still reads what was sent to it before. */
const sessionEnded = new RequestError(
  'UNAUTHENTICATED',
  'the credential of this socket has expired',
);

/** How long a client may take to say `connection_init` (ms). */
const INIT_TIMEOUT = 3_000;

/** The messages of graphql-transport-ws, and what becomes of the operations that they ask for. */
export function createProtocol(options: ProtocolOptions): Server<SocketExtra> {
  const { subscriptions, execution, context, sink, limits, stoppingReason, isStopping, onIdle } =
    options;
  const { subscriptionsPerSocket, socketsPerCaller } = limits;
  const sockets = new Quota(socketsPerCaller);
  const originOf = ({ address }: SocketExtra) => ({ requestId: currentRequestId() ?? '', address });
  return makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: INIT_TIMEOUT,
    async onConnect({ connectionParams, extra }) {
      const { session, outlet } = extra;
      if (!(await session.begin(credentialInPayload(connectionParams)))) return false;
      const { id } = session.caller ?? {};
      if (id === undefined) return false;
      if (sockets.isFull(id)) {
        outlet.close(TRY_AGAIN_LATER, 'you have too many sockets open');
        return false;
      }
      extra.callerId = id;
      sockets.add(id, 1);
      return stateOf(session);
    },
    onClose({ extra: { callerId } }) {
      if (callerId !== undefined) sockets.add(callerId, -1);
    },
    onSubscribe({ extra, subscriptions: underWay }, _id, payload) {
      if (isStopping()) return [asGraphQLError(stoppingReason)];
      const { caller } = extra.session;
      if (!caller) return [asGraphQLError(sessionEnded)];
      // The one that is asked for is among them.
      if (Object.keys(underWay).length > subscriptionsPerSocket) {
        const refusal = tooManySubscriptions('subscriptionsPerSocket', subscriptionsPerSocket);
        return [asGraphQLError(refusal)];
      }
      const prepared = subscriptions.prepare(payload, context(originOf(extra), caller));
      if ('document' in prepared) extra.outlet.operations += 1;
      return prepared;
    },
    execute: execution.execute,
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

/** What a `ping` is answered with. One that brings a credential renews the session by it. */
export async function pongTo(session: Session, payload: unknown): Promise<string> {
  const credential = credentialInPayload(payload);
  if (credential === undefined) {
    return stringifyMessage({
      type: MessageType.Pong,
      ...(payload ? { payload } : {}),
    } as PongMessage);
  }
  await session.renew(credential);
  return stringifyMessage({ type: MessageType.Pong, payload: stateOf(session) });
}

/** What a client is told of its session. */
function stateOf({ expiresAt }: Session): Record<string, unknown> {
  return expiresAt ? { expiresAt: expiresAt.toISOString() } : {};
}
