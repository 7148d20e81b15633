import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Certificates } from '../certificates.js';
import type { Hub } from '../hub/hub.js';
import type { Logger } from '../logger.js';
import { Connection, type Transport } from './connection.js';
import { handlePacket } from './handlers/index.js';
import { createSessions } from './session.js';

export interface MqttDoor {
  readonly server: Server;
  /** Takes over a byte stream on which a client will speak MQTT. */
  accept(transport: Transport): void;
  close(): Promise<void>;
}

const sweepMs = 1000;

/** MQTT 3.1.1 over TLS. */
export function createMqttDoor(hub: Hub, certificates: Certificates, logger: Logger): MqttDoor {
  const context = { hub, sessions: createSessions(), logger, handlePacket };
  const connections = new Map<Connection, Duplex>();

  function accept(transport: Transport): void {
    const { stream } = transport;
    const connection = new Connection(context, transport);
    connections.set(connection, stream);
    stream.once('close', () => connections.delete(connection));
  }

  // One timer looks after all connections: ten thousand devices would mean as many timers.
  function sweep(): void {
    const nowMs = hub.clock.now().getTime();
    for (const connection of connections.keys()) {
      if (connection.isOverdue(nowMs)) connection.violate('it is silent, or its token has ended');
    }
    cancelSweep = hub.clock.schedule(sweep, sweepMs);
  }
  let cancelSweep = hub.clock.schedule(sweep, sweepMs);

  const server = createServer({
    key: certificates.privateKey,
    cert: certificates.certificate,
    minVersion: 'TLSv1.2',
    handshakeTimeout: 30_000,
    noDelay: true,
    // A device may show a certificate of its own. Nobody vouches for it: the registry knows its thumbprint.
    requestCert: true,
    rejectUnauthorized: false,
  });
  const sockets = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    sockets.set(key, socket);
    socket.on('close', () => sockets.delete(key));
  });
  server.on('secureConnection', (stream) => {
    const socket = sockets.get(keyOf(stream));
    accept({
      stream,
      reset: () => socket?.resetAndDestroy(),
      thumbprints: () => readThumbprints(stream),
    });
  });

  return {
    server,
    accept,
    close: () =>
      new Promise((resolve) => {
        cancelSweep();
        server.close(() => resolve());
        for (const stream of connections.values()) stream.destroy();
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}

function readThumbprints(socket: TLSSocket): readonly string[] {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return [];
  return [certificate.fingerprint, certificate.fingerprint256].map((fingerprint) =>
    fingerprint.replaceAll(':', ''),
  );
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}`;
}
