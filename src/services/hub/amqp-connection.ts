import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { rootCertificates } from 'node:tls';
import rhea, { type AmqpError, type Connection, type EventContext, type Message } from 'rhea';
import { createWebSocketStream, WebSocket } from 'ws';
import type { Cancel, Clock } from '../clock.js';
import { AmqpRefusal } from './amqp-refusal.js';
import { AmqpSender } from './amqp-sender.js';
import { reasonOf } from './transport.js';
import { TransportError } from './transport-error.js';

export interface AmqpOptions {
  readonly host: string;
  readonly port: number;
  /** PEM of an authority to trust beside the well-known ones. */
  readonly ca?: string | undefined;
  /** A token that proves who we are, asked for again while the connection stands. May throw HubError. */
  readonly authorization: () => string | Promise<string>;
  /** What the token is for. */
  readonly audience: string;
  readonly clock: Clock;
}

/** What is done with what is received. */
export interface ReceiveTerms {
  readonly listener: (event: EventContext) => void;
  /** Told when the hub has agreed to send. */
  readonly onOpen: () => void;
  readonly signal: AbortSignal;
}

/** Opening a connection or a link may take this long (ms). */
const OPEN_WITHIN = 20_000;
/** How often it is looked whether the token is another one (ms): less than how early one is renewed. */
const RENEW_EVERY = 60_000;
/** The peer must be heard of at least this often (ms), or it is gone. */
const IDLE_TIMEOUT = 60_000;
/** Deliveries that may come before earlier ones are settled. */
const CREDIT = 100;
const properties = { 'com.microsoft:client-version': 'twinql' };

/**
 * A connection to a hub by AMQP 1.0 over a WebSocket, on the port of its REST interface (protocol
 * §7): a network that lets one through lets the other. It never reconnects by itself.
 */
export class AmqpConnection {
  readonly #options: AmqpOptions;
  readonly #connection: Connection;
  #socket: WebSocket | undefined;
  /** Settles, with the reason, when the connection is over. */
  readonly ended: Promise<Error>;
  #end: (reason: Error) => void = () => {};
  #token = '';
  #cancelRenewal: Cancel = () => {};
  readonly #senders = new Map<string, Promise<AmqpSender>>();

  /** Throws AmqpRefusal, TransportError, or what asking for the token throws. */
  static async open(options: AmqpOptions): Promise<AmqpConnection> {
    const connection = new AmqpConnection(options);
    try {
      await connection.#within(connection.#open());
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  private constructor(options: AmqpOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    void this.ended.then(() => this.#cancelRenewal());
    this.#connection = rhea.create_container().create_connection({
      host: options.host,
      port: options.port,
      hostname: options.host,
      reconnect: false,
      idle_time_out: IDLE_TIMEOUT,
      connection_details: () => ({ ...options, connect: this.#connect }),
    });
    const over = ({ error, connection }: EventContext) => {
      const refusal = connection.error as AmqpError | undefined;
      if (refusal) return this.#end(new AmqpRefusal(refusal));
      const reason = error instanceof Error ? reasonOf(error) : 'the connection ended';
      this.#end(new TransportError(reason, false));
    };
    for (const name of ['connection_close', 'disconnected', 'protocol_error', 'error']) {
      this.#connection.on(name, over);
    }
    // The close that follows each of them says the same.
    for (const name of ['connection_error', 'session_error', 'sender_error', 'receiver_error']) {
      this.#connection.on(name, () => {});
    }
  }

  /** A link to send by: one for each address, as long as it lasts. Throws as `open` does. */
  sender(address: string): Promise<AmqpSender> {
    const known = this.#senders.get(address);
    if (known) return known;
    const opening = this.#openSender(address);
    this.#senders.set(address, opening);
    const forget = () => {
      if (this.#senders.get(address) === opening) this.#senders.delete(address);
    };
    opening.then((sender) => sender.ended.then(forget), forget);
    return opening;
  }

  /**
   * Receives until it is told to stop. Throws the reason when the link or the connection ends before.
   * Whoever hears of a delivery settles it.
   */
  async receive(address: string, { listener, onOpen, signal }: ReceiveTerms): Promise<void> {
    const receiver = this.#connection.open_receiver({
      ...{ source: address, properties },
      ...{ autoaccept: false, credit_window: CREDIT },
    });
    receiver.on('message', listener);
    const closed = once(receiver, 'receiver_close').then(() => new AmqpRefusal(receiver.error));
    const opened = once(receiver, 'receiver_open');
    try {
      await this.#within(Promise.race([opened, closed.then(raise)]));
      onOpen();
      const stopped = signal.aborted ? undefined : once(signal, 'abort');
      const reason = await Promise.race([stopped, closed, this.ended]);
      if (reason instanceof Error) throw reason;
    } finally {
      receiver.close();
    }
  }

  close(): void {
    this.#end(new TransportError('it was closed', false));
    this.#connection.close();
    // rhea writes its goodbye when this turn is over, and would wait for that of the peer.
    setImmediate(() => this.#socket?.close());
  }

  /** What opens the way for rhea: a stream of bytes over a WebSocket. */
  readonly #connect = (
    _port: number,
    _host: string,
    _options: unknown,
    onConnected: () => void,
  ): Duplex => {
    const { host, port, ca } = this.#options;
    const at = host.includes(':') ? `[${host}]` : host;
    this.#socket = new WebSocket(`wss://${at}:${port}/$iothub/websocket`, 'AMQPWSB10', {
      perMessageDeflate: false,
      handshakeTimeout: OPEN_WITHIN,
      ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
    });
    this.#socket.once('open', onConnected);
    return createWebSocketStream(this.#socket);
  };

  async #open(): Promise<void> {
    this.#connection.connect();
    await this.#putToken();
    this.#renewLater();
  }

  async #openSender(address: string): Promise<AmqpSender> {
    const link = this.#connection.open_sender({ target: address, properties });
    const sender = new AmqpSender(link, this.ended);
    await this.#within(Promise.race([once(link, 'sendable'), sender.ended.then(raise)]));
    return sender;
  }

  /** Claims-based security: the token is a message to a node of its own, and so is the answer. */
  async #putToken(): Promise<void> {
    const { authorization, audience } = this.#options;
    const token = await authorization();
    if (token === this.#token) return;
    const sender = await this.sender('$cbs');
    const replies = this.#connection.open_receiver({ source: '$cbs', properties });
    await this.#within(once(replies, 'receiver_open'));
    const answered = once(replies, 'message');
    const request: Message = {
      to: '$cbs',
      reply_to: 'cbs',
      message_id: rhea.generate_uuid(),
      application_properties: {
        operation: 'put-token',
        type: 'servicebus.windows.net:sastoken',
        name: audience,
      },
      body: token,
    };
    await sender.send(() => request);
    const [{ message }] = (await this.#within(answered)) as [{ message?: Message }];
    replies.close();
    const answer = message?.application_properties;
    const status = Number(answer?.['status-code']);
    if (status !== 200) throw refusedToken(status, String(answer?.['status-description'] ?? ''));
    this.#token = token;
  }

  #renewLater(): void {
    this.#cancelRenewal = this.#options.clock.after(RENEW_EVERY, () => {
      this.#putToken().then(
        () => this.#renewLater(),
        (error: Error) => {
          this.#end(error);
          this.close();
        },
      );
    });
  }

  /** What comes of a step, unless the connection ends first, or it takes too long. */
  async #within<T>(step: Promise<T>): Promise<T> {
    let cancel: Cancel = () => {};
    const late = new Promise<never>((_, reject) => {
      cancel = this.#options.clock.after(OPEN_WITHIN, () =>
        reject(new TransportError(`no answer within ${OPEN_WITHIN} ms`, false)),
      );
    });
    try {
      return await Promise.race([step, late, this.ended.then(raise)]);
    } finally {
      cancel();
    }
  }
}

function refusedToken(status: number, description: string): AmqpRefusal {
  const condition = status === 401 ? 'amqp:unauthorized-access' : `status ${status}`;
  return new AmqpRefusal({ condition, description });
}

function raise(error: Error): never {
  throw error;
}
