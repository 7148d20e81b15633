import type { Convention } from './convention.js';

/** The firmware of one device, whichever way it is updated. */
export interface Firmware extends Convention {
  version: string;
  readonly isBusy: boolean;
  /** Runs one update after the other: a device has room for one at a time. */
  inTurn(update: () => Promise<void>): Promise<void>;
}

export interface FirmwareOptions {
  readonly firmware: Firmware;
  /** How long each step of an update takes. */
  readonly stepSeconds: number;
  readonly restartSeconds: number;
}

export function createFirmware(version: string): Firmware {
  let last = Promise.resolve();
  let open = 0;
  const firmware: Firmware = {
    version,
    introduce: () => ({ firmwareVersion: firmware.version }),
    get isBusy() {
      return open > 0;
    },
    inTurn(update) {
      open += 1;
      const done = last.then(update).finally(() => {
        open -= 1;
      });
      last = done.catch(() => {});
      return done;
    },
  };
  return firmware;
}
