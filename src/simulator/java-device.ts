import type { Convention } from './convention.js';
import { formatJavaTime } from './local-time.js';

export interface JavaDeviceOptions {
  /** How long after its answer the device reports that it is up again. Default: 5, as in the tutorial. */
  readonly reportDelaySeconds?: number | undefined;
}

/** The Java tutorial's device: it answers at once and reports a local time when the reboot is over. */
export function createJavaDevice({ reportDelaySeconds = 5 }: JavaDeviceOptions = {}): Convention {
  return {
    name: 'java',
    rebootMethod: 'reboot',
    properties: { model: 'Contoso J7', firmwareVersion: '3.1.0' },
    async reboot(call, device) {
      await call.answer(200, 'Reboot started');
      await device.wait(reportDelaySeconds);
      await device.report({ lastReboot: formatJavaTime(device.now()) });
    },
  };
}
