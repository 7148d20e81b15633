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
import { Device } from '../schema/device.js';
import type { DeviceMessage as DeviceMessageView } from '../schema/device-message.js';
import {
  MethodResponse,
  Operation,
  OperationCommand,
  OperationConnection,
  OperationEvent,
  OperationFilter,
} from '../schema/operation.js';
import { Requires } from '../schema/requires.js';
import type {
  OperationEvent as EventRecord,
  Operation as OperationRecord,
} from '../services/actions/operation.js';
import type { Device as DeviceView } from '../services/device.js';
import type { DeviceMessage } from '../services/hub/message.js';
import type { Context } from './context.js';
import { operationFilter, pageSize } from './input.js';

@Resolver(() => Operation)
export class OperationResolver {
  @Requires('operation:read')
  @Query(() => Operation, {
    nullable: true,
    description: 'One operation; null where there is none.',
  })
  operation(
    @Arg('id', () => ID, { description: 'An `Operation.id`.' }) id: string,
    @Ctx() { caller, operations }: Context,
  ): Promise<OperationRecord | null> {
    return operations.get(caller, id);
  }

  @Requires('operation:read')
  @Query(() => OperationConnection, {
    description:
      'Operations, newest first. To those who may see few of many devices a page may be short.',
  })
  operations(
    @Arg('where', () => OperationFilter, {
      nullable: true,
      description: 'Which; all, if left out.',
    })
    where: OperationFilter | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50, description: 'At most how many, 1 to 100.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null | undefined,
    @Ctx() { caller, devices, operations }: Context,
  ): Promise<object> {
    const filter = operationFilter(where, devices);
    return operations.list(caller, filter, pageSize(first), after ?? undefined);
  }

  @Requires('operation:read')
  @Delivers('NEWEST')
  @Subscription(() => Operation, {
    name: 'operation',
    description:
      'The operation now, then each of its states, until its last; a finished one is sent once. ' +
      'A slow reader misses steps, never the last.',
    subscribe: ({ args, context }: { args: { id: string }; context: Context }) =>
      context.operations.changes(context.caller, args.id),
  })
  operationUpdates(
    @Root() operation: OperationRecord,
    @Arg('id', () => ID, { description: 'An `Operation.id`.' }) _id: string,
  ): OperationRecord {
    return operation;
  }

  @Requires('operation:read')
  @Delivers('EVERY')
  @Subscription(() => OperationEvent, {
    description: 'Every event of an operation, in order and without gaps, until its last.',
    subscribe: ({
      args,
      context,
    }: {
      args: { id: string; after?: number | null };
      context: Context;
    }) => context.operations.events(context.caller, args.id, args.after ?? 0),
  })
  operationEvents(
    @Root() event: EventRecord,
    @Arg('id', () => ID, { description: 'An `Operation.id`.' }) _id: string,
    @Arg('after', () => Int, {
      nullable: true,
      description: 'The sequence number of the last event you have; left out: from the first.',
    })
    _after: number | null | undefined,
  ): EventRecord {
    return event;
  }

  @Requires('device:read')
  @FieldResolver(() => Device, { description: 'The device it is done to.' })
  device(@Root() operation: OperationRecord, @Ctx() { caller, devices }: Context): DeviceView {
    return devices.lazy(caller, operation);
  }

  @Requires('operation:read')
  @FieldResolver(() => OperationCommand, { description: 'What is sent to the device.' })
  command(@Root() { call }: OperationRecord): OperationCommand {
    switch (call.kind) {
      case 'MESSAGE':
        return { ...nothing, kind: 'MESSAGE', message: messageView(call) };
      case 'DESIRED': {
        const { path, moduleId = null, value: payload } = call;
        return { ...nothing, kind: 'DESIRED', name: path.join('.'), moduleId, payload };
      }
      default: {
        const { name, payload, moduleId = null } = call;
        return { ...nothing, kind: 'METHOD', name, moduleId, payload };
      }
    }
  }

  @Requires('operation:read')
  @FieldResolver(() => MethodResponse, {
    nullable: true,
    description: 'What the device answered; null where it did not, or not yet.',
  })
  response(@Root() { answer }: OperationRecord): MethodResponse | null {
    return answer?.kind === 'ANSWERED' ? answer : null;
  }
}

const nothing = { name: null, moduleId: null, payload: null, message: null };

function messageView({ body, properties, ...message }: DeviceMessage): DeviceMessageView {
  return {
    text: null,
    json: null,
    base64: null,
    ...body,
    contentType: message.contentType ?? null,
    contentEncoding: message.contentEncoding ?? null,
    correlationId: message.correlationId ?? null,
    properties: Object.entries(properties).map(([name, value]) => ({ name, value })),
    timeToLiveSeconds: message.timeToLiveSeconds,
  };
}
