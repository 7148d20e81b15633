import rhea, { type Message } from 'rhea';
import type { Cancel } from '../clock.js';
import { AmqpConnection, type AmqpOptions } from './amqp-connection.js';
import { AmqpFeedback } from './amqp-feedback.js';
import { toMessageAnswer } from './amqp-refusal.js';
import type { CommandAnswer } from './hub.js';
import {
  bytesOf,
  type FeedbackHandler,
  type FeedbackReceiver,
  type OutgoingMessage,
} from './message.js';
import { type CallTerms, refuse } from './transport.js';
import { NotSentError, TransportError } from './transport-error.js';

export interface MessagingOptions extends AmqpOptions {
  /** A number in [0, 1), for the jitter of retries. */
  readonly random: () => number;
}

const ADDRESS = '/messages/devicebound';

/**
 * Cloud-to-device messages and their feedback, over one connection that stands as long as anybody
 * sends or listens.
 */
export class Messaging {
  readonly #options: MessagingOptions;
  readonly #closing = new AbortController();
  #connection: Promise<AmqpConnection> | undefined;
  #users = 0;

  constructor(options: MessagingOptions) {
    this.#options = options;
  }

  /** Never throws: what the hub or the network does is the answer. */
  async send(
    deviceId: string,
    message: OutgoingMessage,
    { deadline, gate, onSent = () => {} }: CallTerms,
  ): Promise<CommandAnswer> {
    const { clock } = this.#options;
    let written = false;
    let isLate = false;
    let cancel: Cancel = () => {};
    const late = new Promise<never>((_, reject) => {
      cancel = clock.after(deadline, () => {
        isLate = true;
        reject(new TransportError(`no answer within ${deadline} ms`, written));
      });
    });
    const agree = async () => {
      if (gate && !(await gate().catch(refuse))) throw new NotSentError();
      if (isLate) throw new NotSentError();
    };
    const write = () => {
      written = true;
      // It is written when this turn is over.
      setImmediate(onSent);
      return toAmqp(deviceId, message, clock.now());
    };
    try {
      const sending = this.#use(async (connection) => {
        await (await connection.sender(ADDRESS)).send(write, agree);
      });
      await Promise.race([sending, late]);
      return { kind: 'ENQUEUED' };
    } catch (error) {
      return toMessageAnswer(error, written);
    } finally {
      cancel();
    }
  }

  /** Listens until the receiver, or all of it, is closed. */
  receiveFeedback(handler: FeedbackHandler): FeedbackReceiver {
    const use = (task: (connection: AmqpConnection) => Promise<void>) => this.#use(task);
    return new AmqpFeedback({ ...this.#options, use, handler, signal: this.#closing.signal });
  }

  close(): void {
    this.#closing.abort(new TransportError('the gateway is stopping', false));
    this.#disconnect();
  }

  async #use(task: (connection: AmqpConnection) => Promise<void>): Promise<void> {
    this.#closing.signal.throwIfAborted();
    this.#users += 1;
    try {
      await task(await this.#connect());
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#disconnect();
    }
  }

  #connect(): Promise<AmqpConnection> {
    if (this.#connection) return this.#connection;
    const opening = AmqpConnection.open(this.#options);
    this.#connection = opening;
    const forget = () => {
      if (this.#connection === opening) this.#connection = undefined;
    };
    opening.then((connection) => connection.ended.then(forget), forget);
    return opening;
  }

  #disconnect(): void {
    const ending = this.#connection;
    this.#connection = undefined;
    ending?.then((connection) => connection.close()).catch(() => {});
  }
}

/** As the SDK writes it (protocol §7). */
function toAmqp(deviceId: string, message: OutgoingMessage, now: number): Message {
  const { messageId, body, contentType, contentEncoding, correlationId, properties } = message;
  return {
    to: `/devices/${encodeURIComponent(deviceId)}${ADDRESS}`,
    message_id: messageId,
    absolute_expiry_time: now + message.timeToLiveSeconds * 1000,
    application_properties: { ...properties, 'iothub-ack': 'full' },
    body: rhea.message.data_section(bytesOf(body)),
    ...(contentType !== undefined && { content_type: contentType }),
    ...(contentEncoding !== undefined && { content_encoding: contentEncoding }),
    ...(correlationId !== undefined && { correlation_id: correlationId }),
  };
}
