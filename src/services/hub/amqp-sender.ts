import { once } from 'node:events';
import type { EventContext, Message, Sender } from 'rhea';
import { AmqpRefusal } from './amqp-refusal.js';
import { TransportError } from './transport-error.js';

/** rhea's types do not tell how many messages the peer would take now. */
type CreditedSender = Sender & { readonly credit: number };

interface Pending {
  readonly accept: () => void;
  readonly fail: (error: Error) => void;
}

/** A link by which messages go to a hub. Each is written once, and settled by the hub's answer. */
export class AmqpSender {
  readonly #link: CreditedSender;
  readonly #pending = new Map<number, Pending>();
  /** Settles, with the reason, when the link is over. */
  readonly ended: Promise<Error>;
  #isOver = false;
  /** Messages that may be written as soon as their senders say so. */
  #reserved = 0;

  constructor(link: Sender, connectionEnded: Promise<Error>) {
    this.#link = link as CreditedSender;
    const closed = once(link, 'sender_close').then(() => new AmqpRefusal(link.error));
    this.ended = Promise.race([closed, connectionEnded]);
    void this.ended.then((reason) => this.#abandon(reason));
    const settle = (name: string, how: (pending: Pending, event: EventContext) => void) =>
      link.on(name, (event: EventContext) => {
        const id = event.delivery?.id ?? -1;
        const pending = this.#pending.get(id);
        this.#pending.delete(id);
        if (pending) how(pending, event);
      });
    settle('accepted', ({ accept }) => accept());
    settle('rejected', ({ fail }, { delivery }) =>
      fail(new AmqpRefusal(delivery?.remote_state?.['error'])),
    );
    for (const outcome of ['released', 'modified']) {
      settle(outcome, ({ fail }) => fail(new AmqpRefusal({ condition: outcome })));
    }
  }

  /**
   * Writes a message when the hub will take it and `gate` has agreed, and resolves when the hub has
   * accepted it. `write` gives the message at that moment. Throws AmqpRefusal, TransportError, or
   * what the gate throws.
   */
  async send(write: () => Message, gate: () => Promise<void> = async () => {}): Promise<void> {
    await this.#credit();
    this.#reserved += 1;
    try {
      await gate();
    } finally {
      this.#reserved -= 1;
    }
    if (this.#isOver || !this.#link.sendable()) {
      throw new TransportError('the hub takes no more messages on this link', false);
    }
    const { id } = this.#link.send(write());
    await new Promise<void>((accept, fail) => this.#pending.set(id, { accept, fail }));
  }

  async #credit(): Promise<void> {
    while (!this.#isOver && this.#link.credit <= this.#reserved) {
      await Promise.race([once(this.#link, 'sendable'), this.ended]);
    }
  }

  /** What waits for its answer will never have it. */
  #abandon(reason: Error): void {
    this.#isOver = true;
    for (const { fail } of this.#pending.values()) fail(new TransportError(reason.message, true));
    this.#pending.clear();
  }
}
