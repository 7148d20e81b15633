import type { TestEmulator } from '../emulator/support/emulator.js';
import type { Json, PlainDevice, PlainModule, PlainReboots, Properties } from './plain-filter.js';

/** Makes an emulator's fleet be this one. Each fleet's twins are newer than those of the one before. */
export function plantFleet(
  emulator: TestEmulator,
  devices: readonly PlainDevice[],
  version: number,
): void {
  const entries = devices.flatMap((device) => [
    identity(device, { deviceId: device.deviceId }, version),
    ...device.modules.map((module) =>
      identity(
        { ...neverSeen, ...module },
        { deviceId: device.deviceId, moduleId: module.moduleId },
        version,
      ),
    ),
  ]);
  emulator.importState({ format: 'twinql-emulator/1', entries } as never);
}

const neverSeen = { status: 'ENABLED', lastActivity: '0001-01-01T00:00:00Z', reboots: {} } as const;

function identity(
  thing: Omit<PlainModule, 'moduleId'> & Pick<PlainDevice, 'status' | 'lastActivity' | 'reboots'>,
  name: { readonly deviceId: string; readonly moduleId?: string },
  version: number,
): Properties {
  const key = Buffer.from('a key of thirty-two bytes, or so!').toString('base64');
  return {
    kind: 'identity',
    key: Object.values(name).join('/'),
    value: {
      ...name,
      generationId: '1',
      state: {
        status: thing.status.toLowerCase(),
        statusReason: null,
        authentication: { type: 'sas', primaryKey: key, secondaryKey: key },
        iotEdge: false,
        managedBy: null,
        deviceScope: null,
        etag: 1,
        statusUpdatedTime: '0001-01-01T00:00:00',
        connectionStateUpdatedTime: '0001-01-01T00:00:00',
        lastActivityTime: thing.lastActivity.replace(/Z$/, ''),
        cloudToDeviceMessageCount: 0,
        modelId: '',
        twin: {
          version,
          etag: version,
          tags: thing.tags,
          desired: section(thing.desired, version),
          reported: {
            ...section({ ...thing.reported, ...rebootReports(thing.reboots) }, version),
            metadata: { ...stamped(thing.reported), ...rebootTimes(thing.reboots) },
          },
        },
      },
    },
  };
}

const stamp = { $lastUpdated: '2026-01-01T00:00:00Z' };

function section(values: Properties, version: number): Properties {
  return { values, metadata: stamped(values), version };
}

function stamped(value: Json): Properties {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return stamp;
  const below = Object.entries(value).map(([key, inner]) => [key, stamped(inner)]);
  return { ...Object.fromEntries(below), ...stamp };
}

function rebootReports({ node, python, java }: PlainReboots): Properties {
  return {
    ...(node && { iothubDM: { reboot: { lastReboot: 'then' } } }),
    ...(python && { rebootTime: 'then' }),
    ...(java && { lastReboot: { date: 'then' } }),
  };
}

function rebootTimes({ node, python, java }: PlainReboots): Properties {
  const at = (time: string) => ({ $lastUpdated: time });
  return {
    ...(node && { iothubDM: { ...at(node), reboot: { ...at(node), lastReboot: at(node) } } }),
    ...(python && { rebootTime: at(python) }),
    ...(java && { lastReboot: { ...at(java), date: at(java) } }),
  };
}
