import { hubError } from '../errors.js';
import {
  createIdentityState,
  formatIdentityEtag,
  Identity,
  type IdentityName,
  type IdentitySettings,
} from './identity.js';
import { formatIdentityKey, toEntry } from './identity-record.js';
import { checkId, createSettings } from './identity-settings.js';
import { type IfMatch, isMet } from './if-match.js';
import type { Journal } from './journal.js';
import type { Links } from './links.js';
import type { Timestamp } from './timestamps.js';
import { createTwin } from './twin.js';

/** The identity registry. Every refusal is the hub's own error. */
export interface Registry {
  readonly devices: ReadonlyMap<string, Identity>;
  /** The modules of a device, in the order of their creation. */
  listModules(deviceId: string): readonly Identity[];
  /** Every module of every device. */
  allModules(): Iterable<Identity>;
  find(name: IdentityName): Identity | undefined;
  /** The identity, or throws DeviceNotFound or ModuleNotFound. */
  get(name: IdentityName): Identity;
  create(name: IdentityName, settings: IdentitySettings): Identity;
  update(name: IdentityName, settings: IdentitySettings, condition: IfMatch): Identity;
  delete(name: IdentityName, condition: IfMatch): void;
  /** Calls back with each identity that is deleted. */
  onRemove(callback: (identity: Identity) => void): void;
  /** Puts back an identity as it was kept; a device before its modules. */
  restore(identity: Identity): void;
  /** Forgets every identity and drops its connection. */
  clear(): void;
}

const maxModules = 50;
/** The modules that Azure IoT Edge itself consists of. */
const edgeModules = ['$edgeAgent', '$edgeHub'];

export function createRegistry(links: Links, journal: Journal, stamp: () => Timestamp): Registry {
  const devices = new Map<string, Identity>();
  const modules = new Map<string, Map<string, Identity>>();
  const removeCallbacks: ((identity: Identity) => void)[] = [];
  let generation = 0n;

  /** Ticks since the year 1, as the real ones look, and never twice the same. */
  function createGenerationId(): string {
    const ticks =
      BigInt(Date.parse(`${stamp().slice(0, 19)}Z`)) * 10_000n + 621_355_968_000_000_000n;
    generation = ticks > generation ? ticks : generation + 1n;
    return String(generation);
  }

  function find({ deviceId, moduleId }: IdentityName): Identity | undefined {
    return moduleId === undefined ? devices.get(deviceId) : modules.get(deviceId)?.get(moduleId);
  }

  function get(name: IdentityName): Identity {
    const identity = find(name);
    if (identity !== undefined) return identity;
    throw name.moduleId === undefined
      ? hubError('DeviceNotFound', name.deviceId)
      : hubError('ModuleNotFound', `${name.deviceId}/${name.moduleId}`);
  }

  function createDevice(deviceId: string, settings: IdentitySettings): Identity {
    checkId('device', deviceId);
    if (devices.has(deviceId)) throw alreadyExists(deviceId);
    const generationId = createGenerationId();
    const device = open({ deviceId }, generationId, settings);
    add(device);
    if (settings.iotEdge) makeEdge(device);
    return device;
  }

  function makeEdge(device: Identity): void {
    const { deviceId, generationId } = device;
    device.change({ deviceScope: `ms-azure-iot-edge://${deviceId}-${generationId}` });
    journal.put(toEntry(device));
    createEdgeModules(deviceId);
  }

  function createEdgeModules(deviceId: string): void {
    for (const moduleId of edgeModules) {
      addModule(deviceId, moduleId, {
        ...createSettings(),
        authentication: { type: 'none' },
        managedBy: 'iotEdge',
      });
    }
  }

  function createModule(deviceId: string, moduleId: string, settings: IdentitySettings): Identity {
    checkId('module', moduleId);
    const siblings = modules.get(deviceId);
    if (siblings?.has(moduleId)) {
      throw hubError(
        'ModuleAlreadyExistsOnDevice',
        `Device '${deviceId}' already has a module '${moduleId}'.`,
      );
    }
    if ((siblings?.size ?? 0) >= maxModules) {
      throw hubError('TooManyModulesOnDevice', `A device has at most ${maxModules} modules.`);
    }
    return addModule(deviceId, moduleId, settings);
  }

  function addModule(deviceId: string, moduleId: string, settings: IdentitySettings): Identity {
    const module = open({ deviceId, moduleId }, createGenerationId(), settings);
    add(module);
    return module;
  }

  function add(identity: Identity): void {
    journal.put(toEntry(identity));
    const { deviceId, moduleId } = identity;
    if (moduleId === undefined) {
      devices.set(deviceId, identity);
    } else {
      const siblings = modules.get(deviceId) ?? new Map<string, Identity>();
      modules.set(deviceId, siblings.set(moduleId, identity));
    }
  }

  function remove(identity: Identity): void {
    journal.remove('identity', formatIdentityKey(identity));
    links.disconnect(identity);
    if (identity.moduleId === undefined) devices.delete(identity.deviceId);
    else modules.get(identity.deviceId)?.delete(identity.moduleId);
    for (const callback of removeCallbacks) callback(identity);
  }

  function removeDevice(device: Identity): void {
    for (const module of listModules(device.deviceId)) remove(module);
    modules.delete(device.deviceId);
    remove(device);
  }

  function open(name: IdentityName, generationId: string, settings: IdentitySettings): Identity {
    return new Identity(name, generationId, createIdentityState(settings, createTwin(stamp())));
  }

  function listModules(deviceId: string): readonly Identity[] {
    return [...(modules.get(deviceId)?.values() ?? [])];
  }

  /** Ends the connections of a device and of all that is on it. */
  function disconnectAll(device: Identity): void {
    for (const module of listModules(device.deviceId)) links.disconnect(module);
    links.disconnect(device);
  }

  return {
    devices,
    listModules,
    find,
    get,
    *allModules() {
      for (const siblings of modules.values()) yield* siblings.values();
    },
    create({ deviceId, moduleId }, settings) {
      return moduleId === undefined
        ? createDevice(deviceId, settings)
        : createModule(deviceId, moduleId, settings);
    },
    update(name, settings, condition) {
      const identity = get(name);
      checkEtag(identity, condition);
      checkScope(identity, settings);
      const becomesEdge = settings.iotEdge && !identity.state.iotEdge;
      const statusMoved = settings.status !== identity.state.status;
      identity.change({
        ...settings,
        etag: identity.state.etag + 1,
        ...(statusMoved ? { statusUpdatedTime: stamp() } : {}),
      });
      journal.put(toEntry(identity));
      if (becomesEdge) makeEdge(identity);
      if (settings.status === 'disabled') disconnectAll(identity);
      return identity;
    },
    delete(name, condition) {
      if (condition.kind === 'none') {
        throw hubError('PreconditionFailed', 'Etag missing: deletion needs an If-Match header.');
      }
      const identity = get(name);
      checkEtag(identity, condition);
      if (name.moduleId === undefined) removeDevice(identity);
      else remove(identity);
    },
    onRemove(callback) {
      removeCallbacks.push(callback);
    },
    restore: add,
    clear() {
      for (const device of [...devices.values()]) removeDevice(device);
    },
  };
}

function alreadyExists(deviceId: string): Error {
  return hubError('DeviceAlreadyExists', `A device with ID '${deviceId}' is already registered.`);
}

function checkEtag(identity: Identity, condition: IfMatch): void {
  if (!isMet(condition, formatIdentityEtag(identity.state.etag))) {
    throw hubError(
      'PreconditionFailed',
      'Precondition failed: Device version did not match the If-Match header.',
    );
  }
}

/** The scope of an edge device is given once, and every update must repeat it. */
function checkScope({ state }: Identity, settings: IdentitySettings): void {
  if (state.iotEdge && settings.iotEdge && settings.deviceScope !== state.deviceScope) {
    throw hubError('ArgumentInvalid', 'Device scope is immutable.');
  }
}
