import type { Duplex } from 'node:stream';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import rhea, { type Connection } from 'rhea';
import { createAuthorize } from '../authorize.js';
import type { Certificates } from '../certificates.js';
import type { Hub } from '../hub/hub.js';
import type { Logger } from '../logger.js';
import { serveConnection } from './connection.js';

export interface AmqpDoor {
  readonly server: Server;
  /** Takes over a byte stream on which a service will speak AMQP 1.0. */
  accept(transport: { readonly stream: Duplex }): void;
  close(): Promise<void>;
}

/** rhea can serve any stream, but its types know only those it has opened itself. */
type ServingConnection = Connection & {
  accept(stream: Duplex): void;
  /** What has come of a frame that is not whole yet. */
  readonly previous_input: Buffer | null;
};

const maxFrameBytes = 65_536;

/** How long a peer may take to begin. */
const greetingMs = 30_000;

/** AMQP 1.0 as services speak it: messages to devices, and feedback on them. */
export function createAmqpDoor(hub: Hub, certificates: Certificates, logger: Logger): AmqpDoor {
  const container = rhea.create_container({
    id: 'twinql-emulator',
    receiver_options: { autoaccept: false },
    sender_options: { autosettle: true },
  });
  // Some clients begin with SASL, some with AMQP itself; both prove who they are by their token.
  container.sasl_server_mechanisms.enable_anonymous();
  // The name under which Python's SDK asks for just that.
  container.sasl_server_mechanisms['MSSBCBS'] = container.sasl_server_mechanisms['ANONYMOUS'];
  const context = { hub, logger, authorize: createAuthorize(hub) };
  const streams = new Set<Duplex>();

  function accept({ stream }: { readonly stream: Duplex }): void {
    streams.add(stream);
    stream.on('close', () => streams.delete(stream));
    const connection = container.create_connection({
      host: 'localhost',
      port: 0,
      reconnect: false,
      max_frame_size: maxFrameBytes,
      channel_max: 100,
      idle_time_out: 120_000,
    }) as ServingConnection;
    serveConnection(context, connection, stream);
    connection.accept(stream);
    // rhea counts idle time from the first byte only: one who never speaks would stay for ever.
    const cancelWait = hub.clock.schedule(() => stream.destroy(), greetingMs);
    stream.once('data', cancelWait).once('close', cancelWait);
    // rhea announces its limit, but would wait for the end of any frame.
    stream.on('data', () => {
      if ((connection.previous_input?.length ?? 0) > maxFrameBytes) stream.destroy();
    });
  }

  const server = createServer({
    key: certificates.privateKey,
    cert: certificates.certificate,
    minVersion: 'TLSv1.2',
    handshakeTimeout: 30_000,
    noDelay: true,
  });
  server.on('secureConnection', (stream: TLSSocket) => accept({ stream }));

  return {
    server,
    accept,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if (!server.listening) resolve();
        for (const stream of streams) stream.destroy();
      }),
  };
}
