import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Context, Origin } from '../resolvers/context.js';
import type { Cancel, Clock } from '../services/clock.js';
import { serveRequest } from '../services/request.js';
import type { ErrorSink } from './error-mask.js';
import type { ObservedExecution } from './observe-requests.js';
import type { SubscriptionLimits } from './subscriptions/limits.js';
import { Outlet } from './subscriptions/outlet.js';
import type { Subscriptions } from './subscriptions/subscriptions.js';
import { createProtocol } from './web-socket-protocol.js';

export interface WebSocketDoorOptions {
  readonly server: Server;
  readonly path: string;
  /** Why an upgrade is turned away, or undefined. */
  readonly refusalReason: (request: IncomingMessage) => string | undefined;
  readonly subscriptions: Subscriptions;
  readonly execution: ObservedExecution;
  readonly context: (origin: Origin) => Context;
  readonly sink: ErrorSink;
  readonly clock: Clock;
  readonly limits: SubscriptionLimits;
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

/** How often every peer is asked whether it is there (ms); one that does not answer is dropped. */
const PING_INTERVAL = 15_000;

/** Close codes after which graphql-ws clients connect again by themselves (RFC 6455 registry). */
const SERVICE_RESTART = 1012;
const TRY_AGAIN_LATER = 1013;

/** GraphQL over WebSocket (graphql-transport-ws), straight on the sockets of an HTTP server. */
export function createWebSocketDoor(options: WebSocketDoorOptions): WebSocketDoor {
  const { server, path, refusalReason, sink, clock, limits } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Compressors are each socket's own: some 300 KB (zlib), and work that no cohort could share.
    perMessageDeflate: false,
    maxPayload: options.largestMessage,
    handleProtocols,
  });
  const outlets = new Set<Outlet>();
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
    // The request ends here: its headers are not kept for as long as the socket lives.
    else {
      const address = request.socket.remoteAddress ?? '';
      sockets.handleUpgrade(request, socket, head, (upgraded) => open(upgraded, address));
    }
  }

  function open(socket: WebSocket, address: string): void {
    const outlet = new Outlet(socket, limits.underWay);
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
    leave = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => outlet.send(text),
        close: (code = 1000, reason = '') => outlet.close(code, reason),
        onMessage: (handle) =>
          socket.on('message', (data) => {
            // Each operation is a request of its own: it goes on in what its message began.
            serveRequest(randomUUID(), () => handle(String(data))).catch(fail);
          }),
      },
      {
        outlet,
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
      leaveOnce(code, String(reason));
      if (outlets.size > 0) return;
      cancelPing?.();
      cancelPing = undefined;
      onEmpty();
    });
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
