import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import type { HostNames } from '../host-names.js';
import { refuseStrangeSockets } from './strangers.js';

/** Takes over a byte stream. */
export type AcceptStream = (transport: WebSocketTransport) => void;

export interface WebSocketTransport {
  readonly stream: Duplex;
  reset(): void;
  /** None: on this port nobody is asked for a certificate. */
  thumbprints(): readonly string[];
}

/** The hub's own path, and that of Service Bus, which is the only one that Python's AMQP library knows. */
const paths: ReadonlySet<string> = new Set(['/$iothub/websocket', '/$servicebus/websocket']);
/** Frames carry pieces of packets, so their limit is none of the protocol's. */
const maxFrameBytes = 1024 * 1024;

/**
 * Lets devices in over WebSocket, as a stream of bytes: a packet may come in many frames, and a
 * frame may bring many packets. `protocols` says who takes over for which subprotocol.
 */
export function acceptWebSockets(
  server: Server,
  hostNames: HostNames,
  protocols: ReadonlyMap<string, AcceptStream>,
): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => [...offered].find((name) => protocols.has(name)) ?? false,
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = findRefusal(hostNames, request);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
      const accept = protocols.get(webSocket.protocol);
      if (accept === undefined) return webSocket.close(1002);
      const stream = createWebSocketStream(webSocket);
      stream.on('error', () => stream.destroy());
      accept({ stream, reset: () => webSocket.terminate(), thumbprints: () => [] });
    });
  });
}

function findRefusal(hostNames: HostNames, request: IncomingMessage): string | undefined {
  try {
    refuseStrangeSockets(hostNames, request);
  } catch {
    return '403 Forbidden';
  }
  // Java's MQTT adds a query, and its AMQP asks by the whole URL.
  const requested = (request.url ?? '')
    .replace(/^https:\/\/[^/]*/, '')
    .split('?')[0]
    ?.replace(/\/$/, '')
    .replace('%24', '$');
  return paths.has(requested ?? '') ? undefined : '404 Not Found';
}
