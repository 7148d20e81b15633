import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import {
  Action,
  CancelOperationInput,
  CancelOperationPayload,
  FactoryResetDeviceInput,
  FactoryResetDevicePayload,
  InvokeMethodInput,
  InvokeMethodPayload,
  RepeatOperationInput,
  RepeatOperationPayload,
  RunActionInput,
  RunActionPayload,
  UpdateFirmwareInput,
  UpdateFirmwarePayload,
} from '../schema/action.js';
import { Costs } from '../schema/costs.js';
import { Requires } from '../schema/requires.js';
import type { Action as ActionView, Cancellation } from '../services/action.js';
import { FACTORY_RESET, UPDATE_FIRMWARE } from '../services/actions/action-names.js';
import type { ActionProfile } from '../services/actions/profile.js';
import type { Started } from '../services/operation.js';
import type { Context } from './context.js';
import { actionInput, given } from './input.js';

@Resolver()
export class ActionResolver {
  @Costs({})
  @Requires('action:read')
  @Query(() => [Action], { description: 'What can be done to devices, built in and configured.' })
  actions(@Ctx() { caller, actions }: Context): Action[] {
    return actions.list(caller).map(actionView);
  }

  @Requires('action:run')
  @Mutation(() => RunActionPayload, {
    nullable: true,
    description:
      'Runs any action of `actions` on a device; one that has a permission of its own needs that, too. ' +
      'Returns as soon as the operation is on record; it is sent at most once.',
  })
  runAction(
    @Arg('input', () => RunActionInput, { description: 'Which, where, and how.' })
    { action, ...input }: RunActionInput,
    @Ctx() { caller, actions }: Context,
  ): Promise<Started> {
    return actions.run(caller, action, actionInput(input));
  }

  @Requires('device:wipe')
  @Mutation(() => FactoryResetDevicePayload, {
    nullable: true,
    description:
      'Takes a device back to how it left the factory. Returns as soon as the operation is on record; it is ' +
      'sent at most once.',
  })
  factoryResetDevice(
    @Arg('input', () => FactoryResetDeviceInput, { description: 'Which device, and how.' })
    input: FactoryResetDeviceInput,
    @Ctx() { caller, actions }: Context,
  ): Promise<Started> {
    return actions.run(caller, FACTORY_RESET, actionInput(input));
  }

  @Requires('device:update')
  @Mutation(() => UpdateFirmwarePayload, {
    nullable: true,
    description:
      'Gives a device new firmware, by the method or the desired properties of its convention; `progress` of ' +
      'the operation tells how far it is. Returns as soon as the operation is on record; it is sent at most once.',
  })
  updateFirmware(
    @Arg('input', () => UpdateFirmwareInput, {
      description: 'Which device, which firmware, and how.',
    })
    input: UpdateFirmwareInput,
    @Ctx() { caller, actions }: Context,
  ): Promise<Started> {
    return actions.run(caller, UPDATE_FIRMWARE, actionInput(input));
  }

  @Requires('method:invoke')
  @Mutation(() => InvokeMethodPayload, {
    nullable: true,
    description:
      'Calls a direct method of a device or module, at most once: an operation whose only proof is the answer. ' +
      'Returns as soon as it is on record; the answer is `response` of the operation.',
  })
  invokeMethod(
    @Arg('input', () => InvokeMethodInput, { description: 'Which method, where, and how.' })
    input: InvokeMethodInput,
    @Ctx() { caller, actions }: Context,
  ): Promise<Started> {
    return actions.invokeMethod(caller, { ...actionInput(input), method: input.method });
  }

  @Requires('operation:repeat')
  @Mutation(() => RepeatOperationPayload, {
    nullable: true,
    description:
      'Asks for the same as an earlier operation did, of the same device, as a new operation. Needs the ' +
      'permission of its action, too.',
  })
  repeatOperation(
    @Arg('input', () => RepeatOperationInput, { description: 'Which.' })
    { id, ...terms }: RepeatOperationInput,
    @Ctx() { caller, actions }: Context,
  ): Promise<Started> {
    return actions.repeat(caller, id, given(terms));
  }

  @Requires('operation:cancel')
  @Mutation(() => CancelOperationPayload, {
    nullable: true,
    description:
      'Calls an operation off, while it is certain that nothing was sent. What was sent cannot be taken back: ' +
      'then nothing changes, and `refusal` says so.',
  })
  cancelOperation(
    @Arg('input', () => CancelOperationInput, { description: 'Which, and why.' })
    { id, reason }: CancelOperationInput,
    @Ctx() { caller, actions }: Context,
  ): Promise<Cancellation> {
    return actions.cancel(caller, id, reason);
  }
}

function actionView({ profiles, ...action }: ActionView): Action {
  return { ...action, profiles: profiles.map(profileView) };
}

function profileView(profile: ActionProfile): Action['profiles'][number] {
  const { name, description, command, payload, disturbing, evidence, deadlineSeconds } = profile;
  return {
    name,
    description,
    kind: command.kind,
    payloadSchema: payload ?? null,
    disturbing,
    hasEvidence: evidence !== undefined,
    deadlineSeconds,
  };
}
