import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { AccessKeys } from '../schema/access-keys.js';
import { Device } from '../schema/device.js';
import {
  CreateModuleInput,
  CreateModulePayload,
  DeleteModuleInput,
  DeleteModulePayload,
  Module,
} from '../schema/module.js';
import { Requires } from '../schema/requires.js';
import { PropertyPath } from '../schema/scalars.js';
import { DesiredProperty, PropertyDrift, ReportedProperty } from '../schema/twin-properties.js';
import type { AccessKeys as Keys } from '../services/access-keys.js';
import type { Device as DeviceView } from '../services/device.js';
import type { ModuleRef } from '../services/device-id.js';
import type { CreatedModule, Module as ModuleView } from '../services/module.js';
import type { Context } from './context.js';
import { authenticationChoice, given, pathList } from './input.js';
import {
  driftDescription,
  driftingPaths,
  type PropertyPaths,
  selectedPaths,
} from './twin-properties.js';

@Resolver(() => Module)
export class ModuleResolver {
  @Requires('device:read')
  @Query(() => Module, {
    nullable: true,
    description: 'One module, read from the hub now; null where the hub knows none.',
  })
  module(
    @Arg('deviceId', () => ID, {
      description: 'A `Device.id`, or a device id while there is one hub.',
    })
    deviceId: string,
    @Arg('moduleId', () => ID, { description: 'Its id within the device.' }) moduleId: string,
    @Ctx() { caller, modules }: Context,
  ): Promise<ModuleView | null> {
    return modules.get(caller, deviceId, moduleId);
  }

  @Requires('module:create')
  @Mutation(() => CreateModulePayload, {
    nullable: true,
    description: 'Creates a module of a device. A device holds at most 50.',
  })
  createModule(
    @Arg('input', () => CreateModuleInput, { description: 'Which, and how.' })
    { deviceId, moduleId, authentication, managedBy }: CreateModuleInput,
    @Ctx() { caller, modules }: Context,
  ): Promise<CreatedModule> {
    return modules.create(caller, {
      deviceId,
      moduleId,
      authentication: authenticationChoice(authentication),
      ...given({ managedBy }),
    });
  }

  @Requires('module:delete')
  @Mutation(() => DeleteModulePayload, {
    nullable: true,
    description: 'Deletes a module with its twin. It cannot be taken back.',
  })
  deleteModule(
    @Arg('input', () => DeleteModuleInput, { description: 'Which.' })
    { deviceId, moduleId, ...input }: DeleteModuleInput,
    @Ctx() { caller, modules }: Context,
  ): Promise<ModuleRef> {
    return modules.delete(caller, { deviceId, moduleId, ...given(input) });
  }

  @Requires('device:read')
  @FieldResolver(() => [DesiredProperty], {
    description: 'The desired properties at these paths, in their order.',
  })
  desiredProperties(
    @Root() module: ModuleView,
    @Arg('paths', () => [PropertyPath], selectedPaths) paths: PropertyPaths,
  ): unknown {
    return module.desiredProperties(pathList(paths));
  }

  @Requires('device:read')
  @FieldResolver(() => [ReportedProperty], {
    description: 'The reported properties at these paths, in their order.',
  })
  reportedProperties(
    @Root() module: ModuleView,
    @Arg('paths', () => [PropertyPath], selectedPaths) paths: PropertyPaths,
  ): unknown {
    return module.reportedProperties(pathList(paths));
  }

  @Requires('device:read')
  @FieldResolver(() => [PropertyDrift], { description: driftDescription })
  drift(
    @Root() module: ModuleView,
    @Arg('paths', () => [PropertyPath], driftingPaths) paths: PropertyPaths,
  ): unknown {
    return module.drift(pathList(paths));
  }

  @Requires('key:read')
  @FieldResolver(() => AccessKeys, {
    nullable: true,
    description: 'Its keys, read from the registry; null where it has none.',
  })
  accessKeys(
    @Root() { hub, deviceId, moduleId }: ModuleView,
    @Ctx() { caller, identities }: Context,
  ): Promise<Keys | null> {
    return identities.accessKeys(caller, { hub, deviceId, moduleId });
  }
}

@Resolver(() => Device)
export class DeviceModulesResolver {
  @Requires('device:read')
  @FieldResolver(() => [Module], {
    description:
      'Its modules. Asked of one device, as they are now; of several at once, from the query ' +
      'index, which lags behind: `Module.source` says which.',
  })
  modules(
    @Root() device: DeviceView,
    @Ctx() { caller, modules }: Context,
  ): Promise<readonly ModuleView[]> {
    return modules.list(caller, device);
  }
}
