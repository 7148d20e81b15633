import { setMaxListeners } from 'node:events';
import type { EventContext, Message } from 'rhea';
import type { Clock } from '../clock.js';
import type { AmqpConnection } from './amqp-connection.js';
import { type FeedbackHandler, type FeedbackReceiver, parseFeedback } from './message.js';

export interface AmqpFeedbackOptions {
  /** Has a connection for as long as a task takes. */
  readonly use: (task: (connection: AmqpConnection) => Promise<void>) => Promise<void>;
  readonly handler: FeedbackHandler;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends it, too. */
  readonly signal: AbortSignal;
}

const ADDRESS = '/messages/serviceBound/feedback';
/** Between attempts to listen again (ms): the first, the longest. */
const FIRST_RETRY = 1_000;
const LAST_RETRY = 30_000;
/**
 * How long feedback that is not ours is kept (ms) before it goes back. The hub hands it out again at
 * once, as likely to us as to whose it is, and only so many times: at this pace it lasts minutes.
 */
const KEEP_FOREIGN = 20_000;

/** Listens to feedback, again and again as links break, and gives back what nobody here waits for. */
export class AmqpFeedback implements FeedbackReceiver {
  readonly #options: AmqpFeedbackOptions;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  #since: number | undefined;

  constructor(options: AmqpFeedbackOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([this.#closing.signal, options.signal]);
    setMaxListeners(0, this.#signal);
    void this.#listen();
  }

  get since(): number | undefined {
    return this.#since;
  }

  close(): void {
    this.#closing.abort();
  }

  async #listen(): Promise<void> {
    const { use, clock, random } = this.#options;
    const signal = this.#signal;
    for (let pause = FIRST_RETRY; !signal.aborted; pause = Math.min(2 * pause, LAST_RETRY)) {
      const onOpen = () => {
        this.#since = clock.now();
        pause = FIRST_RETRY;
      };
      const listener = (event: EventContext) => void this.#settle(event);
      const terms = { listener, onOpen, signal };
      // Why it ended does not matter: whoever waits for feedback sees how long there was none.
      await use((connection) => connection.receive(ADDRESS, terms)).catch(() => {});
      this.#since = undefined;
      await this.#wait(pause * (0.5 + random() / 2));
    }
  }

  /** The hub forgets a delivery when all of it is ours, and the journal has it. */
  async #settle({ message, delivery }: EventContext): Promise<void> {
    const records = parseFeedback(textOf(message)) ?? [];
    const ours = await Promise.all(records.map((record) => this.#options.handler(record)));
    if (this.#signal.aborted) return;
    if (records.length > 0 && ours.every(Boolean)) return delivery?.accept();
    await this.#wait(KEEP_FOREIGN);
    if (!this.#signal.aborted) delivery?.release();
  }

  /** At most until it is closed. */
  #wait(milliseconds: number): Promise<void> {
    const signal = this.#signal;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.#options.clock.after(milliseconds, end);
      signal.addEventListener('abort', end, { once: true });
    });
  }
}

/** The hub sends a data section. */
function textOf(message: Message | undefined): string {
  const content: unknown = (message?.body as { readonly content?: unknown } | undefined)?.content;
  return Buffer.isBuffer(content) ? content.toString('utf8') : '';
}
