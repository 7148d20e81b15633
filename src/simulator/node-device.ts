import type { Family } from './convention.js';

export interface NodeDeviceOptions {
  /** How long the restart keeps the device away from its hub. Default: 2. */
  readonly restartSeconds?: number | undefined;
}

/** The Node tutorial's device: it answers at once, announces the reboot in its twin, and only then goes down. */
export function createNodeDevice({ restartSeconds = 2 }: NodeDeviceOptions = {}): Family {
  return {
    name: 'node',
    firmwareVersion: '1.4.2',
    introduce: () => ({ model: 'Contoso N100' }),
    methods: {
      async reboot(call, device) {
        if (device.fault() === 'fail') return call.answer(500, 'Reboot failed');
        await call.answer(200, 'Reboot started');
        await device.hold();
        await device.report({ iothubDM: { reboot: { lastReboot: device.now().toISOString() } } });
        await device.restart(restartSeconds);
      },
    },
  };
}
