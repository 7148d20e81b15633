import type { JsonObject } from '../json.js';
import { HubError } from './hub.js';
import type { Identity } from './identity.js';
import type { IdentityFact, TwinMemory } from './monotonic-hub.js';
import type { DeviceWrite, HubRegistry, IdentityName } from './registry.js';
import type { Twin } from './twin.js';

/** A registry whose answers are remembered, so that nothing older is shown after a write. */
export function monotonicRegistry(registry: HubRegistry, memory: TwinMemory): HubRegistry {
  /** Another device or module may come to bear a name that is free. */
  async function forgetIfGone<T>(name: IdentityName, exchange: Promise<T>): Promise<T> {
    try {
      return await exchange;
    } catch (error) {
      const gone = error instanceof HubError && /^(DEVICE|MODULE)_NOT_FOUND$/.test(error.code);
      if (gone) memory.forget(name);
      throw error;
    }
  }

  return {
    ...registry,

    async readModuleTwin(name, options) {
      return memory.admit(await forgetIfGone(name, registry.readModuleTwin(name, options)));
    },

    async patchTwin(name, patch, etag) {
      return memory.admit(await forgetIfGone(name, registry.patchTwin(name, patch, etag)));
    },

    async createModule(name, settings) {
      const identity = await registry.createModule(name, settings);
      memory.forget(name);
      return identity;
    },

    async updateIdentity(identity) {
      const updated = await forgetIfGone(identity, registry.updateIdentity(identity));
      memory.revise(updated, factsOf(updated));
      return updated;
    },

    async deleteIdentity(name, etag) {
      await forgetIfGone(name, registry.deleteIdentity(name, etag));
      memory.forget(name);
    },

    async writeDevices(writes, signal) {
      const failures = await registry.writeDevices(writes, signal);
      for (const write of writes) if (!failures.has(write.deviceId)) note(write, memory);
      return failures;
    },
  };
}

function note({ deviceId, mode, settings = {} }: DeviceWrite, memory: TwinMemory): void {
  if (mode.startsWith('Update')) memory.revise({ deviceId }, statusOf(settings));
  else memory.forget({ deviceId });
}

function factsOf(identity: Identity): Pick<Twin, IdentityFact> {
  const { etag: deviceEtag, status, statusReason, authenticationType } = identity;
  return { deviceEtag, status, statusReason, authenticationType };
}

function statusOf({ status, statusReason }: JsonObject): Pick<Twin, 'status' | 'statusReason'> {
  return {
    status: status === 'disabled' ? 'disabled' : 'enabled',
    statusReason: typeof statusReason === 'string' ? statusReason : null,
  };
}
