import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { Costs } from '../schema/costs.js';
import { DeviceConnection } from '../schema/device.js';
import { DeviceFilter } from '../schema/device-filter.js';
import {
  DeviceCounts,
  DeviceGrouping,
  DeviceOrder,
  PropertyPaths,
  RowConnection,
} from '../schema/fleet.js';
import { Requires } from '../schema/requires.js';
import type * as fleet from '../services/fleet.js';
import type { Context } from './context.js';
import { deviceFilter, deviceGrouping, deviceOrder, pageSize } from './input.js';

@Resolver()
export class FleetResolver {
  @Costs({ queries: 1 })
  @Requires('device:read')
  @Query(() => DeviceConnection, {
    description:
      "The devices that a filter selects, from the hubs' query indexes, hub after hub. One that is " +
      'down is left out, and named in `unavailable`.',
  })
  devices(
    @Arg('where', () => DeviceFilter, { nullable: true, description: 'Which; all, if left out.' })
    where: DeviceFilter | null | undefined,
    @Arg('orderBy', () => DeviceOrder, {
      nullable: true,
      description:
        'How to sort; left out, they come hub after hub as each gives them, however many.',
    })
    orderBy: DeviceOrder | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50, description: 'At most how many, 1 to 100.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null | undefined,
    @Ctx() { caller, fleet }: Context,
  ): Promise<fleet.DevicePage> {
    const page = { first: pageSize(first), after: after ?? undefined };
    return fleet.list(caller, deviceFilter(where), page, deviceOrder(orderBy));
  }

  @Costs({ queries: 1 })
  @Requires('device:read')
  @Query(() => DeviceCounts, {
    description: "How many devices there are, and how many of which value, from the hub's index.",
  })
  deviceCounts(
    @Arg('where', () => DeviceFilter, { nullable: true, description: 'Which; all, if left out.' })
    where: DeviceFilter | null | undefined,
    @Arg('groupBy', () => DeviceGrouping, {
      nullable: true,
      description: 'By what; at most 1000 different values. Left out: only the total.',
    })
    groupBy: DeviceGrouping | null | undefined,
    @Ctx() { caller, fleet }: Context,
  ): Promise<fleet.DeviceCounts> {
    return fleet.counts(caller, deviceFilter(where), deviceGrouping(groupBy));
  }

  @Costs({ queries: 1 })
  @Requires('device:read')
  @Query(() => PropertyPaths, {
    description:
      'The tags, desired and reported properties that devices have, by a sample. Costs one query ' +
      'per sample; samples are used for ten minutes, and taken at most twice a minute.',
  })
  propertyPaths(
    @Arg('where', () => DeviceFilter, {
      nullable: true,
      description: 'Of which devices; all, if left out. Conditions on modules are refused.',
    })
    where: DeviceFilter | null | undefined,
    @Ctx() { caller, fleet }: Context,
  ): Promise<fleet.PropertyPaths> {
    return fleet.propertyPaths(caller, deviceFilter(where));
  }

  @Costs({ queries: 1 })
  @Requires('query:raw')
  @Query(() => RowConnection, {
    description:
      "A query in the hub's own language, for what filters do not say. Its rows are what the index " +
      'has: they may be older than what the gateway has shown of a device.',
  })
  query(
    @Arg('sql', () => String, { description: 'The query, at most 8192 characters.' }) sql: string,
    @Arg('first', () => Int, { defaultValue: 50, description: 'At most how many, 1 to 100.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null | undefined,
    @Arg('hub', () => String, {
      nullable: true,
      description:
        'Which hub to ask. Left out: one after the other, so that a count has a row of each.',
    })
    hub: string | null | undefined,
    @Ctx() { caller, fleet }: Context,
  ): Promise<fleet.RowPage> {
    const page = { first: pageSize(first), after: after ?? undefined };
    return fleet.query(caller, sql, page, hub ?? undefined);
  }
}
