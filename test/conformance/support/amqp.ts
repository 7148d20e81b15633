import { setTimeout } from 'node:timers/promises';
import rhea, {
  type Connection,
  type Delivery,
  type EventContext,
  type Message,
  type Receiver,
  type Sender,
} from 'rhea';
import { within } from './mqtt.js';

/** What became of a delivery: accepted, or the condition under which it, or its link, was refused. */
export type Outcome =
  | 'accepted'
  | 'released'
  | 'modified'
  | `rejected ${string}`
  | `refused ${string}`;

/** An AMQP connection of a service. */
export interface AmqpClient {
  /** Puts a token, and gives the status code of the answer that bears the request's id. */
  putToken(token: string): Promise<number>;
  /** Sends a message to the node `address`. */
  send(message: Message, address?: string): Promise<Outcome>;
  /** Opens a link to receive from, and gives the condition under which it is refused. */
  tryReceive(address: string): Promise<string>;
  /** Accepts all that comes from the node. */
  listen(address: string, callback: (body: string) => void): void;
  close(): Promise<void>;
}

export const deviceBound = '/messages/devicebound';

export function createAmqpClient(options: {
  readonly hostName: string;
  readonly port: number;
  readonly ca: string | undefined;
  readonly patienceMs: number;
}): AmqpClient {
  const { hostName, port, ca, patienceMs } = options;
  const container = rhea.create_container();
  const connection: Connection = container.connect({
    transport: 'tls',
    host: hostName,
    hostname: hostName,
    servername: hostName,
    port,
    reconnect: false,
    ...(ca === undefined ? {} : { ca }),
  });
  for (const name of ['connection_error', 'session_error', 'disconnected', 'error']) {
    connection.on(name, () => {}); // what waits for an answer ends by its patience
  }
  let lastId = 0;

  /** The link once it may send, or why it may not. */
  function openSender(address: string): Promise<Sender | string> {
    const sender = connection.open_sender({ target: { address } });
    const opening = new Promise<Sender | string>((resolve) => {
      sender.once('sendable', () => resolve(sender));
      sender.once('sender_error', () => resolve(readCondition(sender.error)));
    });
    return within(opening, patienceMs, 'no link');
  }

  /** A link that is refused is opened first, and closed with the reason next. */
  function waitForRefusal(link: Receiver): Promise<string> {
    const refusal = new Promise<string>((resolve) => {
      link.once('receiver_error', () => resolve(readCondition(link.error)));
    });
    return within(refusal, patienceMs, 'the link is not refused');
  }

  return {
    async putToken(token) {
      const replies = connection.open_receiver({ source: { address: '$cbs' }, autoaccept: true });
      const sender = await openSender('$cbs');
      if (typeof sender === 'string') throw new Error(`the token node refused: ${sender}`);
      const id = `request-${++lastId}`;
      const reply = new Promise<Message | undefined>((resolve) => {
        replies.on('message', ({ message }: EventContext) => {
          if (message?.correlation_id === id) resolve(message);
        });
      });
      sender.send({
        message_id: id,
        reply_to: 'cbs',
        application_properties: {
          operation: 'put-token',
          type: 'servicebus.windows.net:sastoken',
          name: hostName,
        },
        body: token,
      });
      const message = await within(reply, patienceMs, 'no answer to the token');
      return Number(message?.application_properties?.['status-code']);
    },
    async send(message, address = deviceBound) {
      const sender = await openSender(address);
      if (typeof sender === 'string') return `refused ${sender}`;
      const outcome = new Promise<Outcome>((resolve) => {
        sender.once('accepted', () => resolve('accepted'));
        sender.once('released', () => resolve('released'));
        sender.once('modified', () => resolve('modified'));
        sender.once('rejected', ({ delivery }: EventContext) =>
          resolve(`rejected ${readRejection(delivery)}`),
        );
      });
      sender.send(message);
      try {
        return await within(outcome, patienceMs, 'the message is not settled');
      } finally {
        sender.close();
      }
    },
    tryReceive: (address) => waitForRefusal(connection.open_receiver({ source: { address } })),
    listen(address, callback) {
      const receiver = connection.open_receiver({ source: { address }, autoaccept: true });
      receiver.on('message', ({ message }: EventContext) => callback(readBody(message)));
    },
    async close() {
      const closed = new Promise<void>((resolve) => {
        for (const name of ['connection_close', 'disconnected'])
          connection.once(name, () => resolve());
      });
      if (connection.is_closed()) return;
      connection.close();
      await Promise.race([closed, setTimeout(patienceMs, undefined, { ref: false })]);
    },
  };
}

function readCondition(error: unknown): string {
  const condition: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'condition') : undefined;
  return typeof condition === 'string' ? condition : 'without a condition';
}

function readRejection(delivery: Delivery | undefined): string {
  const state: unknown = delivery?.remote_state;
  const error: unknown =
    typeof state === 'object' && state !== null ? Reflect.get(state, 'error') : undefined;
  return readCondition(error);
}

function readBody(message: Message | undefined): string {
  const body: unknown = message?.body;
  const content: unknown =
    typeof body === 'object' && body !== null && !Buffer.isBuffer(body)
      ? Reflect.get(body, 'content')
      : body;
  return Buffer.isBuffer(content) ? content.toString('utf8') : String(content);
}
