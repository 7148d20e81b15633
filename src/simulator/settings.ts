import { asProperties, type Convention, type Properties } from './convention.js';

const factoryInterval = 60;

/** What a hub may set at a device, which says in its twin what it has adopted. */
export interface Settings extends Convention {
  /** Forgets what was set. */
  reset(): void;
}

export function createSettings(): Settings {
  let telemetryIntervalSeconds = factoryInterval;
  return {
    introduce: () => ({ telemetryIntervalSeconds }),
    adopt(desired: Properties, device) {
      const { telemetryIntervalSeconds: wanted } = asProperties(desired);
      if (typeof wanted !== 'number' || wanted === telemetryIntervalSeconds) return undefined;
      telemetryIntervalSeconds = wanted;
      return device.report({ telemetryIntervalSeconds });
    },
    reset() {
      telemetryIntervalSeconds = factoryInterval;
    },
  };
}
