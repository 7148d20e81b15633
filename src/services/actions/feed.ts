import type { Cancel } from '../clock.js';
import type { DeviceRef } from '../device-id.js';
import type { Operation } from './operation.js';

type Listener = (operation: Operation) => void;

/** Tells of every move of every operation, after the journal has it. */
export class OperationFeed {
  readonly #listeners = new Map<string, Set<Listener>>();

  onOperation(id: string, listener: Listener): Cancel {
    return this.#add(`operation ${id}`, listener);
  }

  onDevice(device: DeviceRef, listener: Listener): Cancel {
    return this.#add(deviceTopic(device), listener);
  }

  publish(operation: Operation): void {
    for (const topic of [`operation ${operation.id}`, deviceTopic(operation)]) {
      for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener(operation);
    }
  }

  #add(topic: string, listener: Listener): Cancel {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) {
        this.#listeners.delete(topic);
      }
    };
  }
}

function deviceTopic({ hub, deviceId }: DeviceRef): string {
  return `device ${hub}/${deviceId}`;
}
