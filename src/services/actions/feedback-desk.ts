import type { Cancel, Clock } from '../clock.js';
import type { DeviceRef } from '../device-id.js';
import type { Hub } from '../hub/hub.js';
import type { Feedback, FeedbackReceiver } from '../hub/message.js';
import type { Journal } from '../store/journal.js';
import type { OperationFeed } from './feed.js';
import type { Evidence } from './fold.js';
import { isTerminal, type Operation } from './operation.js';

export interface FeedbackDeskOptions {
  readonly hubs: { of(device: DeviceRef): { readonly hub: Hub } };
  readonly journal: Journal;
  readonly feed: OperationFeed;
  readonly clock: Clock;
  readonly onError: (error: Error) => void;
  /** Folds evidence into an operation, whoever drives it. False: it is not durable. */
  readonly learn: (operation: Operation, evidence: Evidence) => Promise<boolean>;
}

/** How often it is looked, past the deadline, whether feedback could have come (ms). */
const LOOK_AGAIN = 5_000;

/**
 * Brings feedback to the operations whose messages it is of. It listens to a hub while an operation
 * of this gateway waits there, and takes in what is for those of other gateways, too: whoever gets a
 * record is the only one who does.
 */
export class FeedbackDesk {
  readonly #options: FeedbackDeskOptions;
  readonly #listening = new Map<string, { receiver: FeedbackReceiver; waiting: number }>();

  constructor(options: FeedbackDeskOptions) {
    this.#options = options;
  }

  /**
   * Listens until nobody wants to know. `onEnded` is told when the operation has ended, since
   * another gateway may be the one that hears of it.
   */
  wait(operation: Operation, onEnded: (operation: Operation) => void): { close(): void } {
    const { feed, clock } = this.#options;
    const receiver = this.#enter(operation);
    let cancelLook: Cancel = () => {};
    const lookLater = (milliseconds: number) => {
      cancelLook = clock.after(milliseconds, () => {
        const { since } = receiver;
        const evidence: Evidence =
          since === undefined
            ? { kind: 'UNREADABLE', message: 'the hub does not let us listen' }
            : { kind: 'SILENCE', since };
        lookLater(LOOK_AGAIN);
        void this.#options.learn(operation, evidence);
      });
    };
    lookLater(Math.max(0, (operation.deadlineAt ?? 0) - clock.now()));
    const unfollow = feed.onOperation(operation.id, (moved) => {
      if (isTerminal(moved.status)) onEnded(moved);
    });
    let isOpen = true;
    return {
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        cancelLook();
        unfollow();
        this.#leave(operation);
      },
    };
  }

  #enter({ hub: name, deviceId }: Operation): FeedbackReceiver {
    const known = this.#listening.get(name);
    if (known) {
      known.waiting += 1;
      return known.receiver;
    }
    const { hub } = this.#options.hubs.of({ hub: name, deviceId });
    const receiver = hub.receiveFeedback((feedback) => this.#take(name, feedback));
    this.#listening.set(name, { receiver, waiting: 1 });
    return receiver;
  }

  #leave({ hub }: Operation): void {
    const known = this.#listening.get(hub);
    if (!known) return;
    known.waiting -= 1;
    if (known.waiting > 0) return;
    this.#listening.delete(hub);
    known.receiver.close();
  }

  async #take(hub: string, feedback: Feedback): Promise<boolean> {
    const { journal, learn, onError } = this.#options;
    const { messageId, deviceId } = feedback;
    try {
      const operation = await journal.find(messageId);
      const isOurs =
        operation?.call.kind === 'MESSAGE' &&
        operation.hub === hub &&
        operation.deviceId === deviceId;
      return isOurs ? await learn(operation, { kind: 'FEEDBACK', feedback }) : false;
    } catch (error) {
      onError(error as Error);
      return false;
    }
  }
}
