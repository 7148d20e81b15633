import { hubError } from '../errors.js';
import {
  createIdentityState,
  formatIdentityEtag,
  Identity,
  type IdentitySettings,
} from './identity.js';
import { checkDeviceId } from './identity-settings.js';
import { type IfMatch, isMet } from './if-match.js';
import type { Links } from './links.js';
import type { Timestamp } from './timestamps.js';
import { createTwin } from './twin.js';

/** The identity registry. Every refusal is the hub's own error. */
export interface Registry {
  readonly devices: ReadonlyMap<string, Identity>;
  /** The device, or throws DeviceNotFound. */
  get(deviceId: string): Identity;
  create(deviceId: string, settings: IdentitySettings): Identity;
  update(deviceId: string, settings: IdentitySettings, condition: IfMatch): Identity;
  delete(deviceId: string, condition: IfMatch): void;
}

export function createRegistry(links: Links, stamp: () => Timestamp): Registry {
  const devices = new Map<string, Identity>();
  let generation = 0n;

  /** Ticks since the year 1, as the real ones look, and never twice the same. */
  function createGenerationId(): string {
    const ticks =
      BigInt(Date.parse(`${stamp().slice(0, 19)}Z`)) * 10_000n + 621_355_968_000_000_000n;
    generation = ticks > generation ? ticks : generation + 1n;
    return String(generation);
  }

  function get(deviceId: string): Identity {
    const device = devices.get(deviceId);
    if (device === undefined) throw hubError('DeviceNotFound', deviceId);
    return device;
  }

  return {
    devices,
    get,
    create(deviceId, settings) {
      checkDeviceId(deviceId);
      if (devices.has(deviceId)) {
        throw hubError(
          'DeviceAlreadyExists',
          `A device with ID '${deviceId}' is already registered.`,
        );
      }
      const state = createIdentityState(settings, createTwin(stamp()));
      const device = new Identity({ deviceId }, createGenerationId(), state);
      devices.set(deviceId, device);
      return device;
    },
    update(deviceId, settings, condition) {
      const device = get(deviceId);
      checkEtag(device, condition);
      const statusMoved = settings.status !== device.state.status;
      device.change({
        ...settings,
        etag: device.state.etag + 1,
        ...(statusMoved ? { statusUpdatedTime: stamp() } : {}),
      });
      if (settings.status === 'disabled') links.disconnect(device);
      return device;
    },
    delete(deviceId, condition) {
      if (condition.kind === 'none') {
        throw hubError('PreconditionFailed', 'Etag missing: deletion needs an If-Match header.');
      }
      const device = get(deviceId);
      checkEtag(device, condition);
      devices.delete(deviceId);
      links.disconnect(device);
    },
  };
}

function checkEtag(device: Identity, condition: IfMatch): void {
  if (!isMet(condition, formatIdentityEtag(device.state.etag))) {
    throw hubError(
      'PreconditionFailed',
      'Precondition failed: Device version did not match the If-Match header.',
    );
  }
}
