import { asProperties, type Convention, type Device } from './convention.js';
import type { FirmwareOptions } from './firmware.js';

/**
 * The firmware update of the Node.js tutorial: the method `firmwareUpdate` with `{fwPackageUri}` is answered at once,
 * and every step is reported at `iothubDM.firmwareUpdate` with its time. The version is what the URI's path names.
 */
export function createFirmwareByMethod(options: FirmwareOptions): Convention {
  const { firmware, stepSeconds, restartSeconds } = options;
  return {
    methods: {
      async firmwareUpdate(call, device) {
        const uri = parsePackageUri(asProperties(call.payload)['fwPackageUri']);
        if (uri === undefined) {
          return call.answer(400, 'Invalid URL format. Must use https:// protocol.');
        }
        if (firmware.isBusy) return call.answer(409, 'A firmware update is under way');
        await firmware.inTurn(async () => {
          await call.answer(200, 'Firmware update started.');
          await update(uri, device);
        });
      },
    },
  };

  async function update(uri: URL, device: Device): Promise<void> {
    const time = () => device.now().toISOString();
    await report(device, {
      status: 'waiting',
      fwPackageUri: uri.href,
      startedWaitingTime: time(),
      error: null,
    });
    await device.wait(stepSeconds);
    await report(device, { status: 'downloading' });
    await device.wait(stepSeconds);
    await device.hold();
    if (device.fault() === 'fail') {
      const error = 'The package could not be downloaded';
      return report(device, { status: 'downloadFailed', downloadFailedTime: time(), error });
    }
    await report(device, { status: 'downloadComplete', downloadCompleteTime: time() });
    await report(device, { status: 'applying', startedApplyingImage: time() });
    await device.wait(stepSeconds);
    const isRolledBack = device.fault() === 'rollBack';
    const { version } = firmware;
    if (!isRolledBack) firmware.version = versionOf(uri) ?? version;
    await device.restart(restartSeconds);
    const lastFirmwareUpdate = time();
    if (!isRolledBack) return report(device, { status: 'applyComplete', lastFirmwareUpdate });
    const error = `The new image did not start; back to ${version}`;
    return report(device, { status: 'applyFailed', applyFailedTime: lastFirmwareUpdate, error });
  }
}

function report(device: Device, firmwareUpdate: object): Promise<void> {
  return device.report({ iothubDM: { firmwareUpdate } });
}

function parsePackageUri(value: unknown): URL | undefined {
  const uri = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  return uri?.protocol === 'https:' ? uri : undefined;
}

/** `1.5.0` of `https://example.com/firmware-1.5.0.bin`. */
function versionOf({ pathname }: URL): string | undefined {
  return /\d+(\.\d+)+/.exec(pathname)?.[0];
}
