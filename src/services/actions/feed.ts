import type { Cancel } from '../clock.js';
import type { DeviceRef } from '../device-id.js';
import type { Operation } from './operation.js';

type Listener = (operation: Operation) => void;

/** Tells of every move of every operation, after the journal has it. */
export class OperationFeed {
  readonly #ofOperations = new Followers<string>((id) => id);
  readonly #ofDevices = new Followers<DeviceRef>(({ hub, deviceId }) => `${hub}/${deviceId}`);

  onOperation(id: string, listener: Listener): Cancel {
    return this.#ofOperations.add(id, listener);
  }

  onDevice({ hub, deviceId }: DeviceRef, listener: Listener): Cancel {
    return this.#ofDevices.add({ hub, deviceId }, listener);
  }

  /** Whose moves somebody wants to know of. */
  get followedOperations(): readonly string[] {
    return this.#ofOperations.followed;
  }
  get followedDevices(): readonly DeviceRef[] {
    return this.#ofDevices.followed;
  }

  isFollowed(id: string, device: DeviceRef): boolean {
    return this.#ofOperations.has(id) || this.#ofDevices.has(device);
  }

  publish(operation: Operation): void {
    this.#ofOperations.tell(operation.id, operation);
    this.#ofDevices.tell(operation, operation);
  }
}

/** Who follows what. */
class Followers<Topic> {
  readonly #keyOf: (topic: Topic) => string;
  readonly #followed = new Map<
    string,
    { readonly topic: Topic; readonly listeners: Set<Listener> }
  >();

  constructor(keyOf: (topic: Topic) => string) {
    this.#keyOf = keyOf;
  }

  get followed(): readonly Topic[] {
    return [...this.#followed.values()].map(({ topic }) => topic);
  }

  has(topic: Topic): boolean {
    return this.#followed.has(this.#keyOf(topic));
  }

  add(topic: Topic, listener: Listener): Cancel {
    const key = this.#keyOf(topic);
    const entry = this.#followed.get(key) ?? { topic, listeners: new Set() };
    entry.listeners.add(listener);
    this.#followed.set(key, entry);
    return () => {
      entry.listeners.delete(listener);
      if (entry.listeners.size === 0 && this.#followed.get(key) === entry) {
        this.#followed.delete(key);
      }
    };
  }

  tell(topic: Topic, operation: Operation): void {
    const listeners = this.#followed.get(this.#keyOf(topic))?.listeners ?? [];
    for (const listener of [...listeners]) listener(operation);
  }
}
