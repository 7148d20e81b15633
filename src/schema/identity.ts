import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { KeyRotation as Rotation } from '../services/identity.js';
import type { JsonValue } from '../services/json.js';
import { AccessKeys } from './access-keys.js';
import { AuthenticationInput } from './authentication.js';
import { Device, DeviceStatus } from './device.js';
import { describedEnum } from './enum.js';
import { Module } from './module.js';
import { reasonForAudit } from './reason.js';
import { Requires } from './requires.js';
import { JsonScalar } from './scalars.js';

export const KeyRotation = describedEnum<Rotation>(
  'KeyRotation',
  'What a rotation does to the two keys.',
  {
    PRIMARY: 'Makes a new primary key.',
    SECONDARY: 'Makes a new secondary key.',
    BOTH: 'Makes two new keys: what connects with the old ones is locked out.',
    SWAP: 'Exchanges the two and makes none.',
  },
);

@InputType({ description: 'A device to create.' })
export class CreateDeviceInput {
  @Field(() => String, {
    nullable: true,
    description: 'The hub to create it in. May be left out while there is one hub.',
  })
  readonly hub?: string | null;

  @Field(() => ID, {
    description: 'What to call it: 1 to 128 letters, digits and most punctuation.',
  })
  readonly deviceId!: string;

  @Field(() => AuthenticationInput, {
    nullable: true,
    description: 'How it proves who it is. Left out: by two random keys.',
  })
  readonly authentication?: AuthenticationInput | null;

  @Field(() => DeviceStatus, {
    nullable: true,
    description: 'Whether it may connect. Left out: it may.',
  })
  readonly status?: 'ENABLED' | 'DISABLED' | null;

  @Field(() => String, { nullable: true, description: 'Why, in at most 128 characters.' })
  readonly statusReason?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it runs Azure IoT Edge.' })
  readonly iotEdge?: boolean | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Tags to begin with.' })
  readonly tags?: JsonValue;

  @Field(() => JsonScalar, { nullable: true, description: 'Desired properties to begin with.' })
  readonly desired?: JsonValue;
}

@Requires('device:read')
@ObjectType({ description: 'The device that was created.' })
export class CreateDevicePayload {
  @Field(() => Device, { description: 'As it now is.' })
  readonly device!: Device;

  @Requires('key:read')
  @Field(() => AccessKeys, {
    nullable: true,
    description: 'Its keys; null where it proves itself by certificates.',
  })
  readonly accessKeys!: AccessKeys | null;
}

@InputType({ description: 'A device to delete.' })
export class DeleteDeviceInput {
  @Field(() => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
  readonly deviceId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Only if this is its `identityEtag`. Left out: whatever it is.',
  })
  readonly ifMatch?: string | null;

  @Field(() => String, { nullable: true, description: reasonForAudit })
  readonly reason?: string | null;
}

@Requires('device:delete')
@ObjectType({ description: 'The device that is no more.' })
export class DeleteDevicePayload {
  @Field(() => String, { description: 'The hub it belonged to.' })
  readonly hub!: string;

  @Field(() => String, { description: 'Its id within the hub.' })
  readonly deviceId!: string;
}

@InputType({ description: 'A device to let connect again.' })
export class EnableDeviceInput {
  @Field(() => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
  readonly deviceId!: string;

  @Field(() => String, { nullable: true, description: 'Why, in at most 128 characters.' })
  readonly reason?: string | null;

  @Field(() => String, { nullable: true, description: 'Only if this is its `identityEtag`.' })
  readonly ifMatch?: string | null;
}

@InputType({ description: 'A device to keep from connecting.' })
export class DisableDeviceInput {
  @Field(() => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
  readonly deviceId!: string;

  @Field(() => String, {
    description: 'Why, in at most 128 characters; it becomes `statusReason`.',
  })
  readonly reason!: string;

  @Field(() => String, { nullable: true, description: 'Only if this is its `identityEtag`.' })
  readonly ifMatch?: string | null;
}

@Requires('device:read')
@ObjectType({ description: 'A device whose status was set.' })
export class DeviceStatusPayload {
  @Field(() => Device, { description: 'As it now is.' })
  readonly device!: Device;
}

@InputType({ description: 'Whose keys to change, and which.' })
export class RotateKeysInput {
  @Field(() => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
  readonly deviceId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The module whose keys are meant. Left out: those of the device itself.',
  })
  readonly moduleId?: string | null;

  @Field(() => KeyRotation, { description: 'Which.' })
  readonly keys!: Rotation;

  @Field(() => String, { nullable: true, description: 'Only if this is the `identityEtag`.' })
  readonly ifMatch?: string | null;

  @Field(() => String, { nullable: true, description: reasonForAudit })
  readonly reason?: string | null;
}

@Requires('device:read')
@ObjectType({ description: 'A device or module with other keys.' })
export class RotateKeysPayload {
  @Field(() => Device, { description: 'The device as it now is.' })
  readonly device!: Device;

  @Field(() => Module, {
    nullable: true,
    description: 'The module as it now is; null where the keys of the device were meant.',
  })
  readonly module!: Module | null;

  @Requires('key:read')
  @Field(() => AccessKeys, { nullable: true, description: 'The keys that it has now.' })
  readonly accessKeys!: AccessKeys | null;
}
