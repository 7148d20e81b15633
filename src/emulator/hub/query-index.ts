import type { Clock } from '../clock.js';
import type { JsonObject } from '../json.js';
import type { Identity } from './identity.js';
import type { Registry } from './registry.js';

/** The twins as queries see them: of this moment, or, as on a real hub, of some moments ago. */
export interface QueryIndex {
  devices(): Iterable<JsonObject>;
  modules(): Iterable<JsonObject>;
  close(): void;
}

interface Snapshot {
  readonly devices: readonly JsonObject[];
  readonly modules: readonly JsonObject[];
}

export function createLiveIndex(registry: Registry): QueryIndex {
  return {
    devices: () => listTwins(registry.devices.values()),
    modules: () => listTwins(registry.allModules()),
    close() {},
  };
}

/**
 * What is written shows in queries after `stalenessMs` at the soonest and twice that at the latest;
 * what is deleted lingers as long.
 */
export function createLaggingIndex(
  registry: Registry,
  clock: Clock,
  stalenessMs: number,
): QueryIndex {
  const takeSnapshot = (): Snapshot => ({
    devices: [...listTwins(registry.devices.values())],
    modules: [...listTwins(registry.allModules())],
  });
  let visible: Snapshot = { devices: [], modules: [] };
  let next = takeSnapshot();

  function advance(): void {
    visible = next;
    next = takeSnapshot();
    cancel = clock.schedule(advance, stalenessMs);
  }
  let cancel = clock.schedule(advance, stalenessMs);

  return {
    devices: () => visible.devices,
    modules: () => visible.modules,
    close: () => cancel(),
  };
}

function* listTwins(identities: Iterable<Identity>): Iterable<JsonObject> {
  for (const identity of identities) yield identity.twinDocument;
}
