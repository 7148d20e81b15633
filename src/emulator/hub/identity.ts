import { randomInt } from 'node:crypto';
import type { JsonObject } from '../json.js';
import type { DeviceLink } from './device-link.js';
import { never, type Timestamp } from './timestamps.js';
import { formatSection, type Twin } from './twin.js';

export type Authentication =
  | { readonly type: 'sas'; readonly primaryKey: string; readonly secondaryKey: string }
  | {
      readonly type: 'selfSigned';
      readonly primaryThumbprint: string | null;
      readonly secondaryThumbprint: string | null;
    }
  | { readonly type: 'certificateAuthority' }
  /** Only of the modules that Azure IoT Edge starts itself. */
  | { readonly type: 'none' };

/** Names a device, or one of its modules. */
export interface IdentityName {
  readonly deviceId: string;
  readonly moduleId?: string | undefined;
}

export type DeviceStatus = 'enabled' | 'disabled';

/** What a registry write decides. */
export interface IdentitySettings {
  readonly status: DeviceStatus;
  readonly statusReason: string | null;
  readonly authentication: Authentication;
  readonly iotEdge: boolean;
  /** Of a module: who deploys it. */
  readonly managedBy: string | null;
  /** Of an edge device its own scope, of a device behind one the scope of that. */
  readonly deviceScope: string | null;
}

export interface IdentityState extends IdentitySettings {
  readonly etag: number;
  readonly statusUpdatedTime: Timestamp;
  readonly connectionState: 'Connected' | 'Disconnected';
  readonly connectionStateUpdatedTime: Timestamp;
  readonly lastActivityTime: Timestamp;
  readonly cloudToDeviceMessageCount: number;
  readonly modelId: string;
  readonly twin: Twin;
}

/** A device, or a module of one: who it is, its twin, and its connection while it has one. */
export class Identity {
  readonly deviceId: string;
  readonly moduleId: string | undefined;
  /** Tells a device from another that bore the same id before it was deleted. */
  readonly generationId: string;
  link: DeviceLink | undefined;
  #state: IdentityState;
  #twinDocument: JsonObject | undefined;
  #twinText: string | undefined;

  constructor(name: IdentityName, generationId: string, state: IdentityState) {
    this.deviceId = name.deviceId;
    this.moduleId = name.moduleId;
    this.generationId = generationId;
    this.#state = state;
  }

  get state(): IdentityState {
    return this.#state;
  }

  change(changes: Partial<IdentityState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#twinDocument = undefined;
    this.#twinText = undefined;
  }

  /** The twin as services and queries see it. Not to be changed: the next change makes a new one. */
  get twinDocument(): JsonObject {
    this.#twinDocument ??= formatTwin(this);
    return this.#twinDocument;
  }

  /** The same as JSON text. A twin that is watched is read more often than it changes. */
  get twinText(): string {
    this.#twinText ??= JSON.stringify(this.twinDocument);
    return this.#twinText;
  }
}

export function createIdentityState(settings: IdentitySettings, twin: Twin): IdentityState {
  return {
    ...settings,
    etag: randomInt(100_000_000, 1_000_000_000),
    statusUpdatedTime: never,
    connectionState: 'Disconnected',
    connectionStateUpdatedTime: never,
    lastActivityTime: never,
    cloudToDeviceMessageCount: 0,
    modelId: '',
    twin,
  };
}

/** Base64 of a decimal number, as the registry's own. */
export function formatIdentityEtag(etag: number): string {
  return Buffer.from(String(etag)).toString('base64');
}

const etagBytes = Buffer.alloc(8);

/** Base64 of a 64-bit counter. */
export function formatTwinEtag(etag: number): string {
  etagBytes.writeUIntBE(etag, 2, 6);
  return etagBytes.toString('base64');
}

/** The identity as the registry answers it, keys included. */
export function formatIdentity(identity: Identity): JsonObject {
  return identity.moduleId === undefined
    ? formatDevice(identity)
    : formatModule(identity, identity.moduleId);
}

function formatModule(identity: Identity, moduleId: string): JsonObject {
  const { state } = identity;
  return {
    moduleId,
    managedBy: state.managedBy,
    deviceId: identity.deviceId,
    generationId: identity.generationId,
    etag: formatIdentityEtag(state.etag),
    connectionState: state.connectionState,
    connectionStateUpdatedTime: state.connectionStateUpdatedTime,
    lastActivityTime: state.lastActivityTime,
    cloudToDeviceMessageCount: state.cloudToDeviceMessageCount,
    authentication: formatAuthentication(state.authentication),
  };
}

function formatDevice(identity: Identity): JsonObject {
  const { state } = identity;
  return {
    deviceId: identity.deviceId,
    generationId: identity.generationId,
    etag: formatIdentityEtag(state.etag),
    connectionState: state.connectionState,
    status: state.status,
    statusReason: state.statusReason,
    connectionStateUpdatedTime: state.connectionStateUpdatedTime,
    statusUpdatedTime: state.statusUpdatedTime,
    lastActivityTime: state.lastActivityTime,
    cloudToDeviceMessageCount: state.cloudToDeviceMessageCount,
    authentication: formatAuthentication(state.authentication),
    capabilities: { iotEdge: state.iotEdge },
    ...formatScopes(state),
  };
}

/** Absent, not null, on devices that have nothing to do with an edge device. */
function formatScopes({ deviceScope, iotEdge }: IdentityState): JsonObject {
  if (deviceScope === null) return {};
  return iotEdge ? { deviceScope } : { deviceScope, parentScopes: [deviceScope] };
}

function formatAuthentication(authentication: Authentication): JsonObject {
  const keys = authentication.type === 'sas' ? authentication : undefined;
  return {
    symmetricKey: {
      primaryKey: keys?.primaryKey ?? null,
      secondaryKey: keys?.secondaryKey ?? null,
    },
    x509Thumbprint: formatThumbprints(authentication),
    type: authentication.type,
  };
}

function formatThumbprints(authentication: Authentication): JsonObject {
  const prints = authentication.type === 'selfSigned' ? authentication : undefined;
  return {
    primaryThumbprint: prints?.primaryThumbprint ?? null,
    secondaryThumbprint: prints?.secondaryThumbprint ?? null,
  };
}

function formatTwin(identity: Identity): JsonObject {
  const { state, moduleId } = identity;
  return {
    deviceId: identity.deviceId,
    ...(moduleId === undefined ? {} : { moduleId }),
    etag: formatTwinEtag(state.twin.etag),
    deviceEtag: formatIdentityEtag(state.etag),
    status: state.status,
    ...(state.statusReason === null ? {} : { statusReason: state.statusReason }),
    statusUpdateTime: `${state.statusUpdatedTime}Z`,
    connectionState: state.connectionState,
    lastActivityTime: `${state.lastActivityTime}Z`,
    cloudToDeviceMessageCount: state.cloudToDeviceMessageCount,
    authenticationType: state.authentication.type,
    x509Thumbprint: formatThumbprints(state.authentication),
    modelId: state.modelId,
    version: state.twin.version,
    tags: state.twin.tags,
    properties: {
      desired: formatSection(state.twin.desired),
      reported: formatSection(state.twin.reported),
    },
    capabilities: { iotEdge: state.iotEdge },
    ...formatScopes(state),
  };
}
