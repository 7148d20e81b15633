import { Arg, Ctx, ID, Mutation, Resolver, Root, Subscription } from 'type-graphql';
import { Delivers } from '../schema/delivers.js';
import { RebootDeviceInput, RebootDevicePayload, RebootStatus } from '../schema/reboot.js';
import { Requires } from '../schema/requires.js';
import type { Started } from '../services/operation.js';
import type { RebootStatus as RebootView } from '../services/reboot.js';
import type { Context } from './context.js';
import { rebootInput } from './input.js';

@Resolver(() => RebootStatus)
export class RebootResolver {
  @Requires('device:reboot')
  @Mutation(() => RebootDevicePayload, {
    nullable: true,
    description:
      'Reboots a device. Returns as soon as the operation is on record; it does not wait for the ' +
      'device. The call is sent at most once. What becomes of it is told by the operation.',
  })
  rebootDevice(
    @Arg('input', () => RebootDeviceInput, { description: 'Which device, and how.' })
    input: RebootDeviceInput,
    @Ctx() { caller, reboots }: Context,
  ): Promise<Started> {
    return reboots.start(caller, rebootInput(input));
  }

  @Requires('device:read')
  @Delivers('NEWEST')
  @Subscription(() => RebootStatus, {
    description:
      'Where a device stands with its reboots: now, then every change that is observed; steps ' +
      'between two observations coalesce. Ends when the device is deleted or the gateway stops, ' +
      'with an error that says which.',
    subscribe: ({ args, context }: { args: { deviceId: string }; context: Context }) =>
      context.reboots.status(context.caller, args.deviceId),
  })
  rebootStatus(
    @Root() status: RebootView,
    @Arg('deviceId', () => ID, {
      description: 'A `Device.id`, or a device id while there is one hub.',
    })
    _deviceId: string,
  ): RebootView {
    return status;
  }
}
