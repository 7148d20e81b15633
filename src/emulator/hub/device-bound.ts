import type { Clock } from '../clock.js';
import { hubError } from '../errors.js';
import type { Feedback } from './feedback.js';
import type { Identity } from './identity.js';
import type { DeviceLink, Links } from './links.js';
import type { Message, MessageFate } from './message.js';

/** The messages on their way to devices: queued while a device is away, repeated until it acknowledges. */
export interface DeviceBound {
  /** Throws the hub's 403004 when the device's queue is full, 413 when the message is too large. */
  send(identity: Identity, message: Message): void;
  /** Drops what is queued and returns how many that were. */
  purge(identity: Identity): number;
}

interface Queued {
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

export function createDeviceBound(clock: Clock, links: Links, feedback: Feedback): DeviceBound {
  const queues = new Map<Identity, Set<Queued>>();

  links.onChange((identity) => deliver(identity));
  links.onDetach((link, identity) => takeBack(identity, link));

  function settle(identity: Identity, queued: Queued, fate: MessageFate): void {
    const queue = queues.get(identity);
    if (queue?.delete(queued) !== true) return;
    queued.cancelExpiry();
    if (queue.size === 0) queues.delete(identity);
    identity.change({ cloudToDeviceMessageCount: queue.size });
    feedback.add(identity, queued.message, fate);
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

  function enqueue(identity: Identity, message: Message): void {
    const lifeMs = (message.expiresAtMs ?? Number.POSITIVE_INFINITY) - clock.now().getTime();
    const untilExpiryMs = Number.isFinite(lifeMs)
      ? Math.min(Math.max(lifeMs, 0), maxTimeToLiveMs)
      : timeToLiveMs;
    const queued: Queued = {
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
      enqueue(identity, message);
      deliver(identity);
    },
    purge(identity) {
      const queued = [...(queues.get(identity) ?? [])];
      for (const entry of queued) settle(identity, entry, 'Purged');
      return queued.length;
    },
  };
}
