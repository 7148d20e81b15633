import type { Family } from './convention.js';
import { formatJavaTime } from './local-time.js';

export interface JavaDeviceOptions {
  /** How long after its answer the device reports that it is up again. Default: 5, as in the tutorial. */
  readonly reportDelaySeconds?: number | undefined;
}

/** The Java tutorial's device: it answers at once and reports a local time when the reboot is over. */
export function createJavaDevice({ reportDelaySeconds = 5 }: JavaDeviceOptions = {}): Family {
  return {
    name: 'java',
    firmwareVersion: '3.1.0',
    introduce: () => ({ model: 'Contoso J7' }),
    methods: {
      async reboot(call, device) {
        if (device.fault() === 'fail') return call.answer(500, 'Reboot failed');
        await call.answer(200, 'Reboot started');
        await device.wait(reportDelaySeconds);
        await device.hold();
        await device.report({ lastReboot: formatJavaTime(device.now()) });
      },
    },
  };
}
