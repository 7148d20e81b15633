import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Requires } from '../schema/requires.js';
import { DevicePermission, Viewer } from '../schema/viewer.js';
import type { DevicePermission as Permitted, Viewer as ViewerView } from '../services/viewer.js';
import type { Context } from './context.js';

@Resolver(() => Viewer)
export class ViewerResolver {
  @Requires('inherited')
  @Query(() => Viewer, {
    description: 'Who you are, and what you may. Open to whoever is let in.',
  })
  viewer(@Ctx() { caller, viewers }: Context): ViewerView {
    return viewers.describe(caller);
  }

  @Requires('inherited')
  @Query(() => [DevicePermission], {
    description:
      'Whether you may do something to each of these devices, in their order. Open to whoever is let in.',
  })
  can(
    @Arg('permission', () => String, {
      description: 'What, as in `viewer.permissions`: `device:reboot`.',
    })
    permission: string,
    @Arg('deviceIds', () => [ID], {
      description: 'Which, at most 100: a `Device.id`, or a device id while there is one hub.',
    })
    deviceIds: readonly string[],
    @Ctx() { caller, viewers }: Context,
  ): Promise<readonly Permitted[]> {
    return viewers.can(caller, permission, deviceIds);
  }
}
