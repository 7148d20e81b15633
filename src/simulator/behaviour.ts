import type { Convention, ConventionName, Family } from './convention.js';
import { createFactoryReset } from './factory-reset.js';
import { createFaults, type FaultOptions, type Faults } from './faults.js';
import { createFirmware } from './firmware.js';
import { createFirmwareByDesired } from './firmware-by-desired.js';
import { createFirmwareByMethod } from './firmware-by-method.js';
import { createJavaDevice } from './java-device.js';
import { createNodeDevice } from './node-device.js';
import { createPythonDevice } from './python-device.js';
import { createSettings } from './settings.js';

export interface BehaviourOptions extends FaultOptions {
  readonly convention: ConventionName;
  /** `python`: how long a reboot takes. Default: 20. */
  readonly busySeconds?: number | undefined;
  /** `java`: how long after its answer the device reports. Default: 5. */
  readonly reportDelaySeconds?: number | undefined;
  /** How long a restart keeps the device offline. Default: 2. */
  readonly restartSeconds?: number | undefined;
  /** How long each step of a firmware update takes. Default: 10. */
  readonly firmwareStepSeconds?: number | undefined;
  /** What it starts with. Default: what its family leaves the factory with. */
  readonly firmwareVersion?: string | undefined;
}

/** All that one device does. */
export interface Behaviour {
  readonly conventions: readonly Convention[];
  readonly faults: Faults;
}

export function createBehaviour(options: BehaviourOptions): Behaviour {
  const { restartSeconds = 2, firmwareStepSeconds: stepSeconds = 10 } = options;
  const family = createFamily(options);
  const faults = createFaults(options);
  const firmware = createFirmware(options.firmwareVersion ?? family.firmwareVersion);
  const updating = { firmware, stepSeconds, restartSeconds };
  const settings = createSettings();
  return {
    faults,
    conventions: [
      family,
      // Before the others that adopt: what is wished for together with a fault meets the fault.
      faults,
      settings,
      firmware,
      createFactoryReset({ restartSeconds, forget: settings.reset }),
      createFirmwareByMethod(updating),
      createFirmwareByDesired(updating),
    ],
  };
}

function createFamily(options: BehaviourOptions): Family {
  switch (options.convention) {
    case 'node':
      return createNodeDevice(options);
    case 'python':
      return createPythonDevice(options);
    case 'java':
      return createJavaDevice(options);
  }
}
