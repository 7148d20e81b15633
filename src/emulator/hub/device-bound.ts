import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { hubError } from '../errors.js';
import type { DeviceLink } from './device-link.js';
import type { Feedback } from './feedback.js';
import type { Identity } from './identity.js';
import type { Journal } from './journal.js';
import type { Links } from './links.js';
import type { Message, MessageFate } from './message.js';
import { toMessageEntry } from './message-record.js';
import type { Registry } from './registry.js';

/** The messages on their way to devices: queued while a device is away, repeated until it acknowledges. */
export interface DeviceBound {
  /** Throws the hub's 403004 when the device's queue is full, 413 when the message is too large. */
  send(identity: Identity, message: Message): void;
  /** Drops what is queued and returns how many that were. */
  purge(identity: Identity): number;
  /** What is queued, oldest first. */
  list(): Iterable<{ readonly identity: Identity; readonly id: string; readonly message: Message }>;
  /** Queues a message as it was kept. */
  restore(identity: Identity, id: string, message: Message): void;
}

interface Queued {
  readonly id: string;
  readonly message: Message;
  /** The connection that it was handed to and that has not acknowledged it. */
  link: DeviceLink | undefined;
  deliveries: number;
  readonly cancelExpiry: () => void;
}

const maxQueued = 50;
const maxBytes = 64 * 1024;
const maxDeliveries = 10;
const timeToLiveMs = 3_600_000;
const maxTimeToLiveMs = 48 * 3_600_000;

interface DeviceBoundSurroundings {
  readonly clock: Clock;
  readonly links: Links;
  readonly registry: Pick<Registry, 'onRemove'>;
  readonly feedback: Feedback;
  readonly journal: Journal;
}

export function createDeviceBound({
  clock,
  links,
  registry,
  feedback,
  journal,
}: DeviceBoundSurroundings): DeviceBound {
  const queues = new Map<Identity, Set<Queued>>();

  links.onChange((identity) => deliver(identity));
  links.onDetach((link, identity) => takeBack(identity, link));
  registry.onRemove(forget);

  function settle(identity: Identity, queued: Queued, fate: MessageFate): void {
    const queue = queues.get(identity);
    if (queue?.delete(queued) !== true) return;
    journal.remove('message', queued.id);
    queued.cancelExpiry();
    if (queue.size === 0) queues.delete(identity);
    identity.change({ cloudToDeviceMessageCount: queue.size });
    feedback.add(identity, queued.message, fate);
  }

  /** What waits for a device that is deleted goes with it, and nobody hears of it. */
  function forget(identity: Identity): void {
    for (const { id, cancelExpiry } of queues.get(identity) ?? []) {
      cancelExpiry();
      journal.remove('message', id);
    }
    queues.delete(identity);
  }

  function deliver(identity: Identity): void {
    const { link } = identity;
    if (!link?.acceptsMessages) return;
    for (const queued of [...(queues.get(identity) ?? [])]) {
      if (queued.link !== undefined) continue;
      queued.link = link;
      queued.deliveries += 1;
      link.deliver(queued.message, () => settle(identity, queued, 'Success'));
    }
  }

  /** What a connection took with it unacknowledged is to be delivered again, but not for ever. */
  function takeBack(identity: Identity, link: DeviceLink): void {
    for (const queued of [...(queues.get(identity) ?? [])]) {
      if (queued.link !== link) continue;
      queued.link = undefined;
      if (queued.deliveries >= maxDeliveries) settle(identity, queued, 'DeliveryCountExceeded');
    }
  }

  function enqueue(identity: Identity, id: string, message: Message): void {
    const lifeMs = (message.expiresAtMs ?? Number.POSITIVE_INFINITY) - clock.now().getTime();
    const untilExpiryMs = Number.isFinite(lifeMs)
      ? Math.min(Math.max(lifeMs, 0), maxTimeToLiveMs)
      : timeToLiveMs;
    const queued: Queued = {
      id,
      message,
      link: undefined,
      deliveries: 0,
      cancelExpiry: clock.schedule(() => settle(identity, queued, 'Expired'), untilExpiryMs),
    };
    const queue = queues.get(identity) ?? new Set();
    queues.set(identity, queue.add(queued));
    identity.change({ cloudToDeviceMessageCount: queue.size });
  }

  return {
    send(identity, message) {
      if (message.body.length > maxBytes) {
        throw hubError('MessageTooLarge', `A message to a device has at most ${maxBytes} bytes.`);
      }
      if ((queues.get(identity)?.size ?? 0) >= maxQueued) {
        throw hubError(
          'DeviceMaximumQueueDepthExceeded',
          `At most ${maxQueued} messages wait for a device.`,
        );
      }
      const id = randomUUID();
      journal.put(toMessageEntry(identity, id, message));
      enqueue(identity, id, message);
      deliver(identity);
    },
    purge(identity) {
      const queued = [...(queues.get(identity) ?? [])];
      for (const entry of queued) settle(identity, entry, 'Purged');
      return queued.length;
    },
    *list() {
      for (const [identity, queue] of queues) {
        for (const { id, message } of queue) yield { identity, id, message };
      }
    },
    restore: enqueue,
  };
}
