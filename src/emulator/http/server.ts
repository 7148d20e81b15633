import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { createAuthorize } from '../authorize.js';
import type { Certificates } from '../certificates.js';
import type { Hub } from '../hub/hub.js';
import type { Logger } from '../logger.js';
import { answerRequest } from './answer.js';
import { type AcceptStream, acceptWebSockets } from './web-sockets.js';

/** SDKs keep connections for reuse and do not expect them to go: Node's own five seconds lose requests. */
const idleTimeoutMs = 120_000;

export interface HttpDoorOptions {
  readonly logger: Logger;
  /** Who takes over for which WebSocket subprotocol. */
  readonly webSocketProtocols: ReadonlyMap<string, AcceptStream>;
}

export interface HttpDoor {
  readonly server: Server;
  /** Ends every connection, also those in the middle of a request. */
  close(): Promise<void>;
}

/** The service API over HTTPS, and the protocols that devices may speak over WebSocket on the same port. */
export function createHttpDoor(
  hub: Hub,
  certificates: Certificates,
  { logger, webSocketProtocols }: HttpDoorOptions,
): HttpDoor {
  const context = { hub, authorize: createAuthorize(hub) };
  const server = createServer({
    key: certificates.privateKey,
    cert: certificates.certificate,
    minVersion: 'TLSv1.2',
    keepAliveTimeout: idleTimeoutMs,
  });
  const sockets = trackSockets(server);

  acceptWebSockets(server, hub.hostNames, webSocketProtocols);
  server.on('request', (request, response) => {
    const { socket } = request;
    const outlet = { response, reset: () => sockets.get(keyOf(socket))?.resetAndDestroy() };
    answerRequest(context, request, outlet).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return; // the client left in mid-request
      logger.error({ err: error }, 'a request could not be answered');
      response.destroy();
    });
  });

  return {
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}

/** The TCP sockets by their peer. TLS hides them, and only they can be reset. */
function trackSockets(server: Server): ReadonlyMap<string, Socket> {
  const sockets = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    sockets.set(key, socket);
    socket.on('close', () => sockets.delete(key));
  });
  return sockets;
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}`;
}
