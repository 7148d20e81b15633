import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Requires } from '../schema/requires.js';
import { UpdateTwinInput, UpdateTwinPayload } from '../schema/twin-edit.js';
import type { EditedTwin } from '../services/twin-edit.js';
import type { Context } from './context.js';
import { given } from './input.js';

@Resolver()
export class TwinEditResolver {
  @Requires('twin:update')
  @Mutation(() => UpdateTwinPayload, {
    nullable: true,
    description:
      'Writes tags and desired properties of a device or module, all or nothing, and tells what ' +
      'that changed. What the hub would refuse is refused before, naming the path.',
  })
  updateTwin(
    @Arg('input', () => UpdateTwinInput, { description: 'Which twin, and what.' })
    { deviceId, mode, ...input }: UpdateTwinInput,
    @Ctx() { caller, twinEdits }: Context,
  ): Promise<EditedTwin> {
    return twinEdits.update(caller, { deviceId, mode, ...given(input) });
  }
}
