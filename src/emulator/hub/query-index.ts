import type { Clock } from '../clock.js';
import type { JsonObject } from '../json.js';
import type { Registry } from './registry.js';

/** The twins as queries see them: of this moment, or, as on a real hub, of some moments ago. */
export interface QueryIndex {
  devices(): readonly JsonObject[];
  modules(): readonly JsonObject[];
  close(): void;
}

interface Snapshot {
  readonly devices: readonly JsonObject[];
  readonly modules: readonly JsonObject[];
}

export function createLiveIndex(registry: Registry): QueryIndex {
  return {
    devices: () => listDeviceTwins(registry),
    modules: () => listModuleTwins(registry),
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
    devices: listDeviceTwins(registry),
    modules: listModuleTwins(registry),
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

/**
 * All at once, by the shortest loop: its reads of memory overlap. Walked twin by twin, while the query judges each,
 * a large fleet takes longer to fetch than to judge.
 */
function listDeviceTwins({ devices }: Registry): readonly JsonObject[] {
  const twins = new Array<JsonObject>(devices.size);
  let count = 0;
  devices.forEach((device) => {
    twins[count++] = device.twinDocument;
  });
  return twins;
}

function listModuleTwins(registry: Registry): readonly JsonObject[] {
  return Array.from(registry.allModules(), (module) => module.twinDocument);
}
