import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import {
  BulkPayload,
  CreateDevicesInput,
  DeleteDevicesInput,
  DisableDevicesInput,
  EnableDevicesInput,
} from '../schema/bulk.js';
import { Costs } from '../schema/costs.js';
import { Requires } from '../schema/requires.js';
import type { BulkResult } from '../services/bulk.js';
import type { Context } from './context.js';
import { given, newDevice } from './input.js';

@Resolver()
export class BulkResolver {
  @Costs({ requests: 1, perItemOf: 'input.devices' })
  @Requires('device:create')
  @Mutation(() => BulkPayload, {
    nullable: true,
    description:
      'Creates many devices, as fast as the budget of the hub allows within a minute. What becomes ' +
      'of each is told; what fails keeps back no other.',
  })
  createDevices(
    @Arg('input', () => CreateDevicesInput, { description: 'Which, and how.' })
    { devices }: CreateDevicesInput,
    @Ctx() { caller, bulk }: Context,
  ): Promise<BulkResult> {
    return bulk.create(caller, devices.map(newDevice));
  }

  @Costs({ requests: 1, perItemOf: 'input.devices' })
  @Requires('device:delete')
  @Mutation(() => BulkPayload, {
    nullable: true,
    description:
      'Deletes many devices with their twins and modules, as fast as the budget of the hub allows ' +
      'within a minute. It cannot be taken back.',
  })
  deleteDevices(
    @Arg('input', () => DeleteDevicesInput, { description: 'Which.' })
    { devices }: DeleteDevicesInput,
    @Ctx() { caller, bulk }: Context,
  ): Promise<BulkResult> {
    const named = devices.map(({ deviceId, ...rest }) => ({ deviceId, ...given(rest) }));
    return bulk.delete(caller, named);
  }

  @Costs({ requests: 2, perItemOf: 'input.deviceIds' })
  @Requires('device:enable')
  @Mutation(() => BulkPayload, {
    nullable: true,
    description:
      'Lets many devices connect again. Costs the hub two requests for each that is changed.',
  })
  enableDevices(
    @Arg('input', () => EnableDevicesInput, { description: 'Which, and why.' })
    { deviceIds, reason }: EnableDevicesInput,
    @Ctx() { caller, bulk }: Context,
  ): Promise<BulkResult> {
    return bulk.setStatus(caller, deviceIds, { status: 'ENABLED', reason: reason ?? null });
  }

  @Costs({ requests: 2, perItemOf: 'input.deviceIds' })
  @Requires('device:enable')
  @Mutation(() => BulkPayload, {
    nullable: true,
    description:
      'Keeps many devices from connecting. Costs the hub two requests for each that is changed.',
  })
  disableDevices(
    @Arg('input', () => DisableDevicesInput, { description: 'Which, and why.' })
    { deviceIds, reason }: DisableDevicesInput,
    @Ctx() { caller, bulk }: Context,
  ): Promise<BulkResult> {
    return bulk.setStatus(caller, deviceIds, { status: 'DISABLED', reason });
  }
}
