import { authorize, type Caller, type Permission } from './access.js';
import {
  FACTORY_RESET,
  INVOKE_METHOD,
  REBOOT,
  SEND_MESSAGE,
  UPDATE_FIRMWARE,
} from './actions/action-names.js';
import { givenPayload } from './actions/command.js';
import { isTerminal, type Operation } from './actions/operation.js';
import type { ActionProfile, MethodCommand } from './actions/profile.js';
import type { Profiles } from './actions/profiles.js';
import type { DeviceService } from './device.js';
import { parseModuleId } from './device-id.js';
import { badInput } from './errors.js';
import type { MethodCall } from './hub/hub.js';
import { messageProfile } from './message.js';
import type { OperationRequest, OperationService, Started } from './operation.js';

/** Something that can be done to devices, and the ways in which they are asked to. */
export interface Action {
  readonly name: string;
  readonly permission: Permission;
  readonly needsConfirmation: boolean;
  readonly profiles: readonly ActionProfile[];
}

/** What callers ask for: the device by its id. */
export interface ActionInput
  extends Omit<OperationRequest, 'action' | 'device' | 'ownProfile' | 'message'> {
  readonly deviceId: string;
}

export interface InvokeMethodInput extends Omit<ActionInput, 'profile'> {
  readonly method: string;
}

export interface Cancellation {
  readonly operation: Operation;
  readonly canceled: boolean;
  /** Why not, where it was not. */
  readonly refusal: string | null;
}

export interface ActionServiceOptions {
  readonly devices: DeviceService;
  readonly operations: OperationService;
  readonly profiles: Profiles;
}

/** Actions whose permission is their own; any other takes `action:run`. */
const permissionOfAction: Readonly<Record<string, Permission>> = {
  [REBOOT]: 'device:reboot',
  [FACTORY_RESET]: 'device:wipe',
  [UPDATE_FIRMWARE]: 'device:update',
  [INVOKE_METHOD]: 'method:invoke',
  [SEND_MESSAGE]: 'message:send',
};

/** Does to devices whatever profiles describe, and says what that is. */
export class ActionService {
  readonly #options: ActionServiceOptions;

  constructor(options: ActionServiceOptions) {
    this.#options = options;
  }

  list(caller: Caller): readonly Action[] {
    authorize(caller, 'action:read');
    const { profiles } = this.#options;
    return profiles.actions.map((name) => ({
      name,
      permission: permissionOf(name),
      needsConfirmation: profiles.needsConfirmation(name),
      profiles: profiles.of(name),
    }));
  }

  /** Starts an action that profiles describe; see OperationService.start. */
  async run(caller: Caller, action: string, input: ActionInput): Promise<Started> {
    const { profiles, operations } = this.#options;
    const { deviceId, ...terms } = input;
    if (profiles.of(action).length === 0) {
      throw badInput(
        'action',
        `there is none of that name; expected ${profiles.actions.join(', ')}`,
      );
    }
    const device = this.#options.devices.parseId(deviceId, 'deviceId');
    if (terms.moduleId !== undefined) parseModuleId(terms.moduleId, 'moduleId');
    return operations.start(caller, permissionOf(action), { ...terms, action, device });
  }

  /** Calls any direct method of a device or module: an operation without evidence. */
  async invokeMethod(caller: Caller, input: InvokeMethodInput): Promise<Started> {
    const { deviceId, method, ...terms } = input;
    const device = this.#options.devices.parseId(deviceId, 'deviceId');
    if (!/^[^\0]{1,100}$/u.test(method)) throw badInput('method', 'expected 1 to 100 characters');
    if (terms.moduleId !== undefined) parseModuleId(terms.moduleId, 'moduleId');
    return this.#options.operations.start(caller, 'method:invoke', {
      ...terms,
      action: INVOKE_METHOD,
      device,
      ownProfile: methodProfile(method),
    });
  }

  /** Asks for the same as an earlier operation did, of the same device. */
  async repeat(
    caller: Caller,
    id: string,
    terms: Pick<OperationRequest, 'idempotencyKey' | 'confirmation'>,
  ): Promise<Started> {
    const { operations } = this.#options;
    const operation = await operations.existing(caller, id, ['operation:repeat']);
    const { action, hub, deviceId } = operation;
    authorize(caller, permissionOf(action));
    return operations.start(caller, permissionOf(action), {
      ...terms,
      ...this.#asked(operation),
      action,
      device: { hub, deviceId },
    });
  }

  /** What an operation was asked for with. */
  #asked({ action, profile: name, call }: Operation): Partial<OperationRequest> {
    if (call.kind === 'MESSAGE') {
      const { kind: _, ...message } = call;
      return { ownProfile: messageProfile, message };
    }
    const isOwn = action === INVOKE_METHOD && call.kind !== 'DESIRED';
    const profile = isOwn ? methodProfile(call.name) : this.#options.profiles.named(action, name);
    return {
      ...(isOwn ? { ownProfile: profile } : { profile: profile.name }),
      ...(call.kind !== 'DESIRED' && timeoutsOf(call)),
      ...(call.moduleId !== undefined && { moduleId: call.moduleId }),
      payload: givenPayload(call, profile.command),
    };
  }

  /** Calls an operation off while it is certain that nothing was sent. */
  async cancel(caller: Caller, id: string, reason: string): Promise<Cancellation> {
    if (!/^[^\0]{1,1024}$/su.test(reason))
      throw badInput('reason', 'expected 1 to 1024 characters');
    const operation = await this.#options.operations.cancel(caller, id, reason);
    const canceled = operation.status === 'CANCELED';
    return { operation, canceled, refusal: canceled ? null : refusalOf(operation) };
  }
}

function permissionOf(action: string): Permission {
  return permissionOfAction[action] ?? 'action:run';
}

function methodProfile(name: string): ActionProfile {
  const command: MethodCommand = {
    kind: 'METHOD',
    name,
    responseTimeoutSeconds: 30,
    connectTimeoutSeconds: 0,
  };
  // The call's own timeouts are its deadline.
  return { name: 'method', action: INVOKE_METHOD, disturbing: false, command, deadlineSeconds: 0 };
}

function timeoutsOf({ responseTimeoutSeconds, connectTimeoutSeconds }: MethodCall) {
  return { responseTimeoutSeconds, connectTimeoutSeconds };
}

function refusalOf({ status }: Operation): string {
  return isTerminal(status)
    ? `it has ended already: ${status}`
    : 'it was sent already, and what was sent cannot be taken back';
}
