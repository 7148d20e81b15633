import type { JsonObject } from '../json.js';
import type { Identity } from './identity.js';
import { isFeedbackWanted, type Message, type MessageFate } from './message.js';
import type { Timestamp } from './timestamps.js';

/** Some records that were handed out together. */
export interface FeedbackBatch {
  readonly records: readonly JsonObject[];
}

/** What became of cloud-to-device messages, for the services that asked. Each record goes to one of them. */
export interface Feedback {
  add(identity: Identity, message: Message, fate: MessageFate): void;
  /** Hands out all that waits, until it is given back. */
  take(): FeedbackBatch | undefined;
  giveBack(batch: FeedbackBatch): void;
  /** Forgets all that waits. */
  clear(): void;
  /** Calls back whenever there is something to take; returns how to stop that. */
  watch(callback: () => void): () => void;
}

const maxWaiting = 1000;

const descriptions: Readonly<Record<MessageFate, string>> = {
  Success: 'Success',
  Expired: 'Message expired',
  DeliveryCountExceeded: 'Message delivery count exceeded',
  Rejected: 'Message rejected by the device',
  Purged: 'Message purged',
};

export function createFeedback(stamp: () => Timestamp): Feedback {
  let waiting: JsonObject[] = [];
  const watchers = new Set<() => void>();

  function notify(): void {
    for (const callback of [...watchers]) {
      if (waiting.length > 0) callback();
    }
  }

  return {
    add(identity, message, fate) {
      if (!isFeedbackWanted(message.ack, fate)) return;
      waiting.push({
        originalMessageId: message.messageId ?? '',
        deviceGenerationId: identity.generationId,
        deviceId: identity.deviceId,
        enqueuedTimeUtc: `${stamp()}Z`,
        statusCode: fate,
        description: descriptions[fate],
      });
      if (waiting.length > maxWaiting) waiting.shift();
      notify();
    },
    take() {
      if (waiting.length === 0) return undefined;
      const records = waiting;
      waiting = [];
      return { records };
    },
    giveBack(batch) {
      waiting = [...batch.records, ...waiting];
      notify();
    },
    clear() {
      waiting = [];
    },
    watch(callback) {
      watchers.add(callback);
      if (waiting.length > 0) callback();
      return () => watchers.delete(callback);
    },
  };
}
