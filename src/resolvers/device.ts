import {
  Arg,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { Delivers } from '../schema/delivers.js';
import { Consistency, Device } from '../schema/device.js';
import { Operation, OperationConnection, OperationFilter } from '../schema/operation.js';
import { Requires } from '../schema/requires.js';
import { PropertyPath } from '../schema/scalars.js';
import { DesiredProperty, PropertyDrift, ReportedProperty } from '../schema/twin-properties.js';
import type { Operation as OperationRecord } from '../services/actions/operation.js';
import type { Device as DeviceView } from '../services/device.js';
import type { Consistency as ConsistencyValue } from '../services/device-access.js';
import type { Context } from './context.js';
import { deviceHistory, pageSize, pathList, watchInterval } from './input.js';
import {
  driftDescription,
  driftingPaths,
  type PropertyPaths,
  selectedPaths,
} from './twin-properties.js';

interface WatchArguments {
  readonly id: string;
  readonly intervalSeconds?: number | null;
}

@Resolver(() => Device)
export class DeviceResolver {
  @Requires('device:read')
  @Query(() => Device, {
    nullable: true,
    description: 'One device; null where the hub knows none.',
  })
  device(
    @Arg('id', () => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
    id: string,
    @Arg('consistency', () => Consistency, {
      defaultValue: 'FRESH',
      description: 'How fresh it must be.',
    })
    consistency: ConsistencyValue,
    @Ctx() { caller, devices }: Context,
  ): Promise<DeviceView | null> {
    return devices.get(caller, id, consistency);
  }

  @Requires('device:read')
  @Delivers('NEWEST')
  @Subscription(() => Device, {
    name: 'device',
    description:
      'The device now, then each of its states that the gateway observes; what it does between two ' +
      'observations coalesces. Ends when the device is deleted or the gateway stops, with an error ' +
      'that says which.',
    subscribe: ({ args, context }: { args: WatchArguments; context: Context }) =>
      context.devices.watch(context.caller, args.id, watchInterval(args.intervalSeconds)),
  })
  deviceUpdates(
    @Root() device: DeviceView,
    @Arg('id', () => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
    _id: string,
    @Arg('intervalSeconds', () => Int, {
      nullable: true,
      description: 'How often to look at least, 1 to 3600. Left out: the pace of the gateway.',
    })
    _intervalSeconds: number | null | undefined,
  ): DeviceView {
    return device;
  }

  @Requires('device:read')
  @FieldResolver(() => [DesiredProperty], {
    description: 'The desired properties at these paths, in their order.',
  })
  desiredProperties(
    @Root() device: DeviceView,
    @Arg('paths', () => [PropertyPath], selectedPaths) paths: PropertyPaths,
  ): unknown {
    return device.desiredProperties(pathList(paths));
  }

  @Requires('device:read')
  @FieldResolver(() => [ReportedProperty], {
    description: 'The reported properties at these paths, in their order.',
  })
  reportedProperties(
    @Root() device: DeviceView,
    @Arg('paths', () => [PropertyPath], selectedPaths) paths: PropertyPaths,
  ): unknown {
    return device.reportedProperties(pathList(paths));
  }

  @Requires('device:read')
  @FieldResolver(() => [PropertyDrift], { description: driftDescription })
  drift(
    @Root() device: DeviceView,
    @Arg('paths', () => [PropertyPath], driftingPaths) paths: PropertyPaths,
  ): unknown {
    return device.drift(pathList(paths));
  }

  @Requires('operation:read')
  @FieldResolver(() => Operation, {
    nullable: true,
    description: 'The operation that keeps the device busy, if one does.',
  })
  operation(
    @Root() device: DeviceView,
    @Ctx() { caller, operations }: Context,
  ): Promise<OperationRecord | null> {
    return operations.underWay(caller, device);
  }

  @Requires('operation:read')
  @FieldResolver(() => OperationConnection, {
    description: 'Its history: the operations on it, newest first. Asks nothing of the hub.',
  })
  operations(
    @Root() { hub, deviceId }: DeviceView,
    @Arg('where', () => OperationFilter, {
      nullable: true,
      description: 'Which of them; all, if left out. Takes no `deviceId`.',
    })
    where: OperationFilter | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50, description: 'At most how many, 1 to 100.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null | undefined,
    @Ctx() { caller, operations }: Context,
  ): Promise<object> {
    const filter = deviceHistory({ hub, deviceId }, where);
    return operations.list(caller, filter, pageSize(first), after ?? undefined);
  }
}
