import type { Family } from './convention.js';
import { formatPythonTime } from './local-time.js';

export interface PythonDeviceOptions {
  /** How long the reboot takes, all the while with the method unanswered. Default: 20, as in the tutorial. */
  readonly busySeconds?: number | undefined;
}

/** The Python tutorial's device: it stays connected while busy, reports the time, and answers last of all. */
export function createPythonDevice({ busySeconds = 20 }: PythonDeviceOptions = {}): Family {
  return {
    name: 'python',
    firmwareVersion: '2.0.1',
    introduce: () => ({ model: 'Contoso P20' }),
    methods: {
      async rebootDevice(call, device) {
        await device.wait(busySeconds);
        if (device.fault() === 'fail') return call.answer(500, { Response: 'Reboot failed' });
        await device.hold();
        await device.report({ rebootTime: formatPythonTime(device.now()) });
        await call.answer(200, { Response: 'Rebooted' });
      },
    },
  };
}
