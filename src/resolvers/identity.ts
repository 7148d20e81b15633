import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { AccessKeys } from '../schema/access-keys.js';
import { Costs } from '../schema/costs.js';
import { Device } from '../schema/device.js';
import {
  CreateDeviceInput,
  CreateDevicePayload,
  DeleteDeviceInput,
  DeleteDevicePayload,
  DeviceStatusPayload,
  DisableDeviceInput,
  EnableDeviceInput,
  RotateKeysInput,
  RotateKeysPayload,
} from '../schema/identity.js';
import { Requires } from '../schema/requires.js';
import type { AccessKeys as Keys } from '../services/access-keys.js';
import type { Device as DeviceView } from '../services/device.js';
import type { DeviceRef } from '../services/device-id.js';
import type { RotatedKeys } from '../services/identity.js';
import type { Context } from './context.js';
import { given, newDevice } from './input.js';

@Resolver(() => Device)
export class IdentityResolver {
  @Requires('device:create')
  @Mutation(() => CreateDevicePayload, {
    nullable: true,
    description: 'Creates a device, with the twin that it begins with.',
  })
  createDevice(
    @Arg('input', () => CreateDeviceInput, { description: 'Which, and how.' })
    input: CreateDeviceInput,
    @Ctx() { caller, bulk }: Context,
  ): Promise<object> {
    return bulk.createOne(caller, newDevice(input));
  }

  @Requires('device:delete')
  @Mutation(() => DeleteDevicePayload, {
    nullable: true,
    description: 'Deletes a device with its twin and its modules. It cannot be taken back.',
  })
  deleteDevice(
    @Arg('input', () => DeleteDeviceInput, { description: 'Which.' })
    { deviceId, ...input }: DeleteDeviceInput,
    @Ctx() { caller, identities }: Context,
  ): Promise<DeviceRef> {
    return identities.delete(caller, { deviceId, ...given(input) });
  }

  @Requires('device:enable')
  @Mutation(() => DeviceStatusPayload, {
    nullable: true,
    description: 'Lets a device connect again.',
  })
  async enableDevice(
    @Arg('input', () => EnableDeviceInput, { description: 'Which, and why.' })
    { deviceId, reason, ...input }: EnableDeviceInput,
    @Ctx() { caller, identities }: Context,
  ): Promise<{ device: DeviceView }> {
    const change = { status: 'ENABLED', reason: reason ?? null } as const;
    return {
      device: await identities.setStatus(caller, { deviceId, ...given(input) }, change),
    };
  }

  @Requires('device:enable')
  @Mutation(() => DeviceStatusPayload, {
    nullable: true,
    description: 'Keeps a device from connecting. The hub drops the connection that it has.',
  })
  async disableDevice(
    @Arg('input', () => DisableDeviceInput, { description: 'Which, and why.' })
    { deviceId, reason, ...input }: DisableDeviceInput,
    @Ctx() { caller, identities }: Context,
  ): Promise<{ device: DeviceView }> {
    const change = { status: 'DISABLED', reason } as const;
    return {
      device: await identities.setStatus(caller, { deviceId, ...given(input) }, change),
    };
  }

  @Requires('key:rotate')
  @Mutation(() => RotateKeysPayload, {
    nullable: true,
    description: 'Gives a device or module new keys, or swaps the two that it has.',
  })
  rotateKeys(
    @Arg('input', () => RotateKeysInput, { description: 'Whose, and which.' })
    { deviceId, keys, ...input }: RotateKeysInput,
    @Ctx() { caller, identities }: Context,
  ): Promise<RotatedKeys> {
    return identities.rotateKeys(caller, { deviceId, keys, ...given(input) });
  }

  @Costs({ requests: 1 })
  @Requires('key:read')
  @FieldResolver(() => AccessKeys, {
    nullable: true,
    description: 'Its keys, read from the registry; null where it proves itself by certificates.',
  })
  accessKeys(
    @Root() { hub, deviceId }: DeviceView,
    @Ctx() { caller, identities }: Context,
  ): Promise<Keys | null> {
    return identities.accessKeys(caller, { hub, deviceId });
  }
}
