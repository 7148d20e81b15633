import { Ctx, Query, Resolver } from 'type-graphql';
import { Hub } from '../schema/hub.js';
import { Requires } from '../schema/requires.js';
import type { HubStatus } from '../services/hub-status.js';
import type { Context } from './context.js';

@Resolver(() => Hub)
export class HubResolver {
  @Requires('hub:read')
  @Query(() => [Hub], { description: 'The hubs that the gateway serves, and whether they answer.' })
  hubs(@Ctx() { caller, hubs }: Context): Promise<readonly HubStatus[]> {
    return hubs.list(caller);
  }
}
