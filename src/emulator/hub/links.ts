import type { DeviceLink } from './device-link.js';
import type { Identity } from './identity.js';
import type { Timestamp } from './timestamps.js';

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
