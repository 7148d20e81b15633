import type { Convention } from './convention.js';

export interface NodeDeviceOptions {
  /** How long the restart keeps the device away from its hub. Default: 2. */
  readonly restartSeconds?: number | undefined;
}

/** The Node tutorial's device: it answers at once, announces the reboot in its twin, and only then goes down. */
export function createNodeDevice({ restartSeconds = 2 }: NodeDeviceOptions = {}): Convention {
  return {
    name: 'node',
    rebootMethod: 'reboot',
    properties: { model: 'Contoso N100', firmwareVersion: '1.4.2' },
    async reboot(call, device) {
      await call.answer(200, 'Reboot started');
      await device.report({ iothubDM: { reboot: { lastReboot: device.now().toISOString() } } });
      await device.restart(restartSeconds);
    },
  };
}
