import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Context, Origin } from '../resolvers/context.js';
import type { Caller } from '../services/access.js';
import type { Authenticate } from '../services/callers/authenticator.js';
import type { Cancel, Clock } from '../services/clock.js';
import { serveRequest } from '../services/request.js';
import { networkOf } from './client-address.js';
import { credentialIn } from './credentials.js';
import type { ErrorSink } from './error-mask.js';
import { Refusal } from './front-errors.js';
import type { Limits } from './limits/limits.js';
import { Quota } from './limits/quota.js';
import { TokenBucket } from './limits/token-buckets.js';
import type { ObservedExecution } from './observe-requests.js';
import { Session, TRY_AGAIN_LATER } from './session.js';
import type { SubscriptionLimits } from './subscriptions/limits.js';
import { Outlet } from './subscriptions/outlet.js';
import type { Subscriptions } from './subscriptions/subscriptions.js';
import { createProtocol, pongTo } from './web-socket-protocol.js';

export interface WebSocketDoorOptions {
  readonly server: Server;
  readonly path: string;
  /** Why an upgrade is turned away, or undefined. */
  readonly refusalReason: (request: IncomingMessage) => string | undefined;
  /** The address that an upgrade comes from. Throws Refusal where it asks too often. */
  readonly enterAddress: (request: IncomingMessage) => string;
  readonly subscriptions: Subscriptions;
  readonly authenticate: Authenticate;
  readonly execution: ObservedExecution;
  readonly context: (origin: Origin, caller: Caller) => Context;
  readonly sink: ErrorSink;
  readonly clock: Clock;
  readonly limits: SubscriptionLimits & Limits;
  /** The largest message that a client may send (bytes). */
  readonly largestMessage: number;
  /** What is told to those who subscribe while the gateway stops. */
  readonly stoppingReason: Error;
}

export interface WebSocketDoor {
  readonly counts: SocketCounts;
  /**
   * Takes nobody in any more, and closes each socket as soon as nothing is under way on it.
   * Resolves when all are closed.
   */
  close(): Promise<void>;
  /** Drops what is still open. */
  cutOff(): void;
}

export interface SocketCounts {
  readonly sockets: number;
  /** What was sent and has not left this machine, in bytes. */
  readonly unsent: number;
}

/** What is kept of the request that a socket began as. */
interface Upgrade {
  readonly address: string;
  readonly credential: string | undefined;
}

/** How often every peer is asked whether it is there (ms); one that does not answer is dropped. */
const PING_INTERVAL = 15_000;

/** The close code after which graphql-ws clients connect again by themselves (RFC 6455 registry). */
const SERVICE_RESTART = 1012;

/** What a socket that was told to go may still send before it is cut off: it may not know yet. */
const LATE_MESSAGES = 1_000;

/** GraphQL over WebSocket (graphql-transport-ws), straight on the sockets of an HTTP server. */
export function createWebSocketDoor(options: WebSocketDoorOptions): WebSocketDoor {
  const { server, path, refusalReason, authenticate, sink, clock, limits } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Compressors are each socket's own: some 300 KB (zlib), and work that no cohort could share.
    perMessageDeflate: false,
    maxPayload: options.largestMessage,
    handleProtocols,
  });
  const outlets = new Set<Outlet>();
  const addresses = new Quota(limits.socketsPerAddress);
  const protocol = createProtocol({ ...options, isStopping: () => stopping, onIdle: closeIfIdle });
  let stopping = false;
  let onEmpty = () => {};
  let cancelPing: Cancel | undefined;

  server.on('upgrade', onUpgrade);
  return {
    get counts() {
      const unsent = [...outlets].reduce((sum, outlet) => sum + outlet.unsent, 0);
      return { sockets: outlets.size, unsent };
    },
    async close() {
      stopping = true;
      if (outlets.size === 0) return;
      const empty = new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
      for (const outlet of outlets) closeIfIdle(outlet);
      await empty;
    },
    cutOff() {
      for (const outlet of outlets) outlet.terminate();
    },
  };

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const reason = refusalReason(request);
    if (reason !== undefined) refuse(socket, 403, reason);
    else if (request.url?.split('?')[0] !== path) refuse(socket, 404, 'there is nothing here');
    else if (stopping) refuse(socket, 503, 'the gateway is stopping');
    else upgrade(request, socket, head);
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    try {
      const address = options.enterAddress(request);
      const credential = credentialIn(request.headers.authorization);
      if (addresses.isFull(networkOf(address)))
        refuse(socket, 429, 'your address has too many sockets open');
      // The request ends here: its headers are not kept for as long as the socket lives.
      else {
        sockets.handleUpgrade(request, socket, head, (it) => open(it, { address, credential }));
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refuse(socket, 429, error.message);
    }
  }

  function open(socket: WebSocket, { address, credential }: Upgrade): void {
    const outlet = new Outlet(socket, limits.underWay);
    const network = networkOf(address);
    addresses.add(network, 1);
    outlets.add(outlet);
    cancelPing ??= clock.after(PING_INTERVAL, pingAll);
    const fail = (error: unknown) => {
      sink(error);
      outlet.close(CloseCode.InternalServerError, 'Internal server error');
    };
    let leave: ((code: number, reason: string) => unknown) | undefined;
    const leaveOnce = (code: number, reason: string) => {
      const left = leave;
      leave = undefined;
      return left?.(code, reason);
    };
    const session = new Session({
      credential,
      authenticate,
      clock,
      close(code, reason) {
        outlet.close(code, reason);
        leaveOnce(code, reason);
      },
    });
    const isWelcome = createGuard(socket, outlet);
    socket.on('ping', isWelcome);
    leave = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => outlet.send(text),
        close: (code = 1000, reason = '') => outlet.close(code, reason),
        onMessage: (handle) =>
          socket.on('message', (data) => {
            if (!isWelcome()) return;
            // Each operation is a request of its own: it goes on in what its message began.
            serveRequest(randomUUID(), () => handle(String(data))).catch(fail);
          }),
        async onPing(payload) {
          outlet.send(await pongTo(session, payload));
        },
      },
      {
        outlet,
        session,
        address,
        onOverflow() {
          outlet.close(TRY_AGAIN_LATER, 'events came faster than they were read; subscribe again');
          leaveOnce(TRY_AGAIN_LATER, '');
        },
      },
    );
    socket.on('pong', () => {
      outlet.isAlive = true;
    });
    // Malformed frames and broken connections: the close that follows is all there is to do.
    socket.on('error', () => {});
    socket.on('close', (code, reason) => {
      outlets.delete(outlet);
      session.end();
      addresses.add(network, -1);
      leaveOnce(code, String(reason));
      if (outlets.size > 0) return;
      cancelPing?.();
      cancelPing = undefined;
      onEmpty();
    });
  }

  /** Whether one more message of a socket is to be read; closes it when they come too fast. */
  function createGuard(socket: WebSocket, outlet: Outlet): () => boolean {
    const perSecond = limits.messagesPerSecond;
    const bucket = new TokenBucket({ perSecond, burst: perSecond * limits.burstSeconds, clock });
    let late = 0;
    return () => {
      if (late === 0 && bucket.take() === 0) return true;
      late += 1;
      if (late === 1) outlet.close(TRY_AGAIN_LATER, 'messages come faster than one may send them');
      if (late > LATE_MESSAGES) socket.terminate();
      return false;
    };
  }

  function closeIfIdle(outlet: Outlet): void {
    if (!stopping || outlet.operations > 0) return;
    outlet.close(SERVICE_RESTART, 'the gateway is stopping; connect again');
  }

  function pingAll(): void {
    cancelPing = clock.after(PING_INTERVAL, pingAll);
    for (const outlet of outlets) outlet.ping();
  }
}

/** Ends a request that is not to become a WebSocket. */
function refuse(socket: Duplex, status: number, reason: string): void {
  const body = `${reason}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.on('error', () => {});
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
