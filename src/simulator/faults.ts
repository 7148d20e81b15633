import {
  asProperties,
  type Convention,
  type Device,
  type Fault,
  faultNames,
} from './convention.js';

export interface FaultOptions {
  /** What goes wrong until the hub asks for something else. Default: nothing. */
  readonly fault?: Fault | undefined;
  /** How long `goOffline` keeps the device away. Default: 300. */
  readonly offlineSeconds?: number | undefined;
}

/** Faults on request: what the desired property `simulator.fault` names goes wrong from then on. */
export interface Faults extends Convention {
  current(): Fault | undefined;
  hold(device: Device): Promise<void>;
}

export function createFaults({ fault: initial, offlineSeconds = 300 }: FaultOptions = {}): Faults {
  let fault = initial;
  const stalled = new Set<() => void>();

  return {
    introduce: () => ({ simulator: { fault: fault ?? null } }),
    current: () => fault,
    adopt(desired, device) {
      const { simulator } = desired;
      if (simulator === undefined) return undefined;
      const { fault: wanted } = asProperties(simulator);
      const known = faultNames.find((name) => name === wanted);
      const isMistaken = known === undefined && wanted !== undefined && wanted !== null;
      if (known === fault && !isMistaken) return undefined;
      fault = known;
      for (const goOn of stalled) goOn();
      stalled.clear();
      const problem = isMistaken ? `expected one of ${faultNames.join(', ')}` : null;
      return device.report({ simulator: { fault: known ?? null, problem } });
    },
    async hold(device) {
      if (fault === 'goOffline') await device.restart(offlineSeconds);
      while (fault === 'stall') await new Promise<void>((resolve) => stalled.add(resolve));
    },
  };
}
