/** The roles that are built in, from the least to the most. */
export const roles = ['viewer', 'operator', 'admin'] as const;

export type RoleName = (typeof roles)[number];

const everybody: readonly RoleName[] = roles;
const operators: readonly RoleName[] = ['operator', 'admin'];
const admins: readonly RoleName[] = ['admin'];
/** Also those who have no role. */
export const anybody = [...roles, 'nobody'] as const;

/** A field that can be asked for at once, with arguments that are well formed. */
export interface Door {
  readonly arguments: string;
  readonly may: readonly (RoleName | 'nobody')[];
}

const id = '01900000-0000-7000-8000-000000000000';

/**
 * Written by hand: who may come in by which door. A new field of Query, Mutation or Subscription
 * belongs here. Types are looked for behind the first door that leads to them.
 */
export const doors: Readonly<Record<string, Door>> = {
  'Query.viewer': { arguments: '', may: anybody },
  'Query.can': { arguments: '(permission: "device:read", deviceIds: ["pump"])', may: anybody },
  'Query.device': { arguments: '(id: "pump")', may: everybody },
  'Query.devices': { arguments: '', may: everybody },
  'Query.deviceCounts': { arguments: '', may: everybody },
  'Query.propertyPaths': { arguments: '', may: everybody },
  'Query.module': { arguments: '(deviceId: "pump", moduleId: "valve")', may: everybody },
  'Query.operation': { arguments: `(id: "${id}")`, may: everybody },
  'Query.operations': { arguments: '', may: everybody },
  'Query.actions': { arguments: '', may: everybody },
  'Query.hubs': { arguments: '', may: everybody },
  'Query.hubBudget': { arguments: '', may: everybody },
  'Query.query': { arguments: '(sql: "SELECT deviceId FROM devices")', may: admins },
  'Query.audit': { arguments: '', may: admins },
  'Subscription.device': { arguments: '(id: "pump")', may: everybody },
  'Subscription.rebootStatus': { arguments: '(deviceId: "pump")', may: everybody },
  'Subscription.operation': { arguments: `(id: "${id}")`, may: everybody },
  'Subscription.operationEvents': { arguments: `(id: "${id}")`, may: everybody },
  'Mutation.rebootDevice': { arguments: '(input: {deviceId: "pump"})', may: operators },
  'Mutation.updateFirmware': {
    arguments: '(input: {deviceId: "pump", payload: {fwPackageUri: "https://firmware.example/2"}})',
    may: operators,
  },
  'Mutation.runAction': {
    arguments: '(input: {deviceId: "pump", action: "reboot"})',
    may: operators,
  },
  'Mutation.repeatOperation': { arguments: `(input: {id: "${id}"})`, may: operators },
  'Mutation.cancelOperation': {
    arguments: `(input: {id: "${id}", reason: "a test"})`,
    may: operators,
  },
  'Mutation.updateTwin': {
    arguments: '(input: {deviceId: "pump", tags: {site: "muc"}})',
    may: operators,
  },
  'Mutation.enableDevice': { arguments: '(input: {deviceId: "pump"})', may: operators },
  'Mutation.enableDevices': { arguments: '(input: {deviceIds: ["nothing"]})', may: operators },
  'Mutation.disableDevice': {
    arguments: '(input: {deviceId: "fan", reason: "a test"})',
    may: operators,
  },
  'Mutation.disableDevices': {
    arguments: '(input: {deviceIds: ["nothing"], reason: "a test"})',
    may: operators,
  },
  'Mutation.invokeMethod': { arguments: '(input: {deviceId: "pump", method: "m"})', may: admins },
  'Mutation.sendMessage': {
    arguments: '(input: {deviceId: "pump", body: {text: "a test"}})',
    may: admins,
  },
  'Mutation.factoryResetDevice': {
    arguments: '(input: {deviceId: "pump", confirmation: "pump"})',
    may: admins,
  },
  'Mutation.createDevice': { arguments: '(input: {deviceId: "new"})', may: admins },
  'Mutation.createDevices': { arguments: '(input: {devices: [{deviceId: "new"}]})', may: admins },
  'Mutation.deleteDevice': { arguments: '(input: {deviceId: "nothing"})', may: admins },
  'Mutation.deleteDevices': {
    arguments: '(input: {devices: [{deviceId: "nothing"}]})',
    may: admins,
  },
  'Mutation.createModule': {
    arguments: '(input: {deviceId: "pump", moduleId: "new"})',
    may: admins,
  },
  'Mutation.deleteModule': {
    arguments: '(input: {deviceId: "pump", moduleId: "nothing"})',
    may: admins,
  },
  'Mutation.rotateKeys': { arguments: '(input: {deviceId: "pump", keys: SWAP})', may: admins },
};

/**
 * Written by hand: the fields behind the doors that not all may see who come to where they are.
 * All other fields are for those who may come in by the door.
 */
export const guarded: Readonly<Record<string, readonly RoleName[]>> = {
  'Device.accessKeys': admins,
  'Module.accessKeys': admins,
  'DeviceResult.accessKeys': admins,
  'CreateDevicePayload.accessKeys': admins,
  'CreateModulePayload.accessKeys': admins,
  'RotateKeysPayload.accessKeys': admins,
};

/** Arguments that fields behind the doors cannot do without. */
export const innerArguments: Readonly<Record<string, string>> = {
  'Device.reportedProperties': '(paths: ["a"])',
};
