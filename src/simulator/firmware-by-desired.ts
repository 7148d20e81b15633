import { asProperties, type Convention, type Device } from './convention.js';
import type { FirmwareOptions } from './firmware.js';

/**
 * The firmware update of the tutorial for configurations: the desired property `firmware` says which version the device
 * shall have, and the device reports at `firmware` how far it is.
 */
export function createFirmwareByDesired(options: FirmwareOptions): Convention {
  const { firmware, stepSeconds, restartSeconds } = options;
  /** The `$version` that was looked at last: every connection brings all desired properties again. */
  let seen: unknown;
  let state = {
    pendingFwVersion: '',
    fwUpdateStatus: 'current',
    fwUpdateSubstatus: '',
    lastFwUpdateStartTime: '',
    lastFwUpdateEndTime: '',
  };
  const introduce = () => ({ firmware: { currentFwVersion: firmware.version, ...state } });

  return {
    introduce,
    adopt({ $version, firmware: wish }, device) {
      const { fwVersion } = asProperties(wish);
      if (typeof fwVersion !== 'string' || $version === seen) return undefined;
      seen = $version;
      return firmware.inTurn(() =>
        fwVersion === firmware.version ? device.report(introduce()) : update(fwVersion, device),
      );
    },
  };

  async function update(version: string, device: Device): Promise<void> {
    const move = (change: Partial<typeof state>): Promise<void> => {
      state = { ...state, ...change };
      return device.report(introduce());
    };
    const end = (fwUpdateStatus: string, fwUpdateSubstatus: string): Promise<void> =>
      move({
        pendingFwVersion: '',
        fwUpdateStatus,
        fwUpdateSubstatus,
        lastFwUpdateEndTime: device.now().toISOString(),
      });
    await move({
      pendingFwVersion: version,
      fwUpdateStatus: 'downloading',
      fwUpdateSubstatus: '',
      lastFwUpdateStartTime: device.now().toISOString(),
      lastFwUpdateEndTime: '',
    });
    await device.wait(stepSeconds);
    await device.hold();
    if (device.fault() === 'fail') return end('error', 'The package could not be downloaded');
    await move({ fwUpdateStatus: 'verifying' });
    await device.wait(stepSeconds);
    await move({ fwUpdateStatus: 'applying' });
    await device.wait(stepSeconds);
    await move({ fwUpdateStatus: 'rebooting' });
    const isRolledBack = device.fault() === 'rollBack';
    if (!isRolledBack) firmware.version = version;
    await device.restart(restartSeconds);
    await (isRolledBack ? end('rolledback', 'The new image did not start') : end('current', ''));
  }
}
