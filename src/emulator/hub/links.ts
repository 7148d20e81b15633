import type { Identity } from './identity.js';
import type { Message } from './message.js';
import type { Timestamp } from './timestamps.js';

/** A connected device or module, whatever protocol it speaks. */
export interface DeviceLink {
  /** Whether it has asked to be sent direct methods. */
  readonly acceptsMethods: boolean;
  /** Whether it has asked to be sent messages. */
  readonly acceptsMessages: boolean;
  /** @param payload JSON text */
  invokeMethod(name: string, requestId: string, payload: string): void;
  /** @param delta JSON text of what was written, with its `$version` */
  notifyDesired(version: number, delta: string): void;
  /** Hands over a message. @param acknowledged to be called once the device has it */
  deliver(message: Message, acknowledged: () => void): void;
  /** Leaves the connection open, but neither hears nor says anything on it any more. */
  stall(): void;
  /** Drops the connection. The hub has already forgotten it. */
  close(): void;
}

/** Who is connected. Identities and twins mirror it. */
export interface Links {
  /** The newest connection of an identity is its only one: an older one is closed first. */
  attach(identity: Identity, link: DeviceLink, modelId: string): void;
  /** Forgets a connection that has ended, unless a newer one has taken its place. */
  detach(identity: Identity, link: DeviceLink): void;
  /** Ends the connection, if there is one, from the hub's side. */
  disconnect(identity: Identity): void;
  /** The device was heard. */
  noteActivity(identity: Identity): void;
  /** What the device listens for has changed. */
  noteSubscriptions(identity: Identity): void;
  /** Calls back at every change that may let a method through; returns how to stop that. */
  watch(identity: Identity, callback: () => void): () => void;
  /** Calls back whenever a device has connected, or listens for other things than before. */
  onChange(callback: (identity: Identity) => void): void;
  /** Calls back whenever a connection has ended. */
  onDetach(callback: (link: DeviceLink, identity: Identity) => void): void;
}

export function createLinks(stamp: () => Timestamp): Links {
  const watchers = new Map<Identity, Set<() => void>>();
  const changeCallbacks: ((identity: Identity) => void)[] = [];
  const detachCallbacks: ((link: DeviceLink, identity: Identity) => void)[] = [];

  function noteChange(identity: Identity): void {
    for (const callback of [...(watchers.get(identity) ?? [])]) callback();
    for (const callback of changeCallbacks) callback(identity);
  }

  function drop(identity: Identity): DeviceLink | undefined {
    const { link } = identity;
    if (link === undefined) return undefined;
    identity.link = undefined;
    const at = stamp();
    identity.change({
      connectionState: 'Disconnected',
      connectionStateUpdatedTime: at,
      lastActivityTime: at,
    });
    for (const callback of detachCallbacks) callback(link, identity);
    return link;
  }

  return {
    attach(identity, link, modelId) {
      drop(identity)?.close();
      identity.link = link;
      const at = stamp();
      identity.change({
        connectionState: 'Connected',
        connectionStateUpdatedTime: at,
        lastActivityTime: at,
        modelId: modelId === '' ? identity.state.modelId : modelId,
      });
      noteChange(identity);
    },
    detach(identity, link) {
      if (identity.link === link) drop(identity);
    },
    disconnect(identity) {
      drop(identity)?.close();
    },
    noteActivity(identity) {
      identity.change({ lastActivityTime: stamp() });
    },
    noteSubscriptions: noteChange,
    watch(identity, callback) {
      const callbacks = watchers.get(identity) ?? new Set();
      watchers.set(identity, callbacks.add(callback));
      return () => {
        callbacks.delete(callback);
        if (callbacks.size === 0) watchers.delete(identity);
      };
    },
    onChange(callback) {
      changeCallbacks.push(callback);
    },
    onDetach(callback) {
      detachCallbacks.push(callback);
    },
  };
}
