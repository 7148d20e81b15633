import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ChangeFailureCode as Code } from '../services/bulk.js';
import { AccessKeys } from './access-keys.js';
import { Device } from './device.js';
import { describedEnum } from './enum.js';
import { CreateDeviceInput, DeleteDeviceInput } from './identity.js';
import { reasonForAudit } from './reason.js';
import { Requires } from './requires.js';

export const ChangeFailureCode = describedEnum<Code>(
  'ChangeFailureCode',
  'Why one device of many was not changed; as the codes of errors.',
  {
    DEVICE_NOT_FOUND: 'The hub knows no such device.',
    ALREADY_EXISTS: 'The hub has a device of that id already.',
    ETAG_MISMATCH: 'It was changed by somebody else since.',
    LIMIT_REACHED: 'The hub can hold no more devices.',
    BAD_USER_INPUT: 'The hub refuses what was asked for; the message has its words.',
    HUB_THROTTLED: 'It was not its turn within a minute, or the hub is too busy. Not done.',
    HUB_UNAUTHORIZED: 'The policy of the gateway may not write to the registry. Not done.',
    HUB_UNAVAILABLE: 'The hub was not reached. Not done.',
    OUTCOME_UNKNOWN: 'The hub did not answer: it may have been done. Look before you try again.',
  },
);

@InputType({ description: 'Devices to create.' })
export class CreateDevicesInput {
  @Field(() => [CreateDeviceInput], { description: '1 to 1000, each once.' })
  readonly devices!: CreateDeviceInput[];
}

@InputType({ description: 'Devices to delete.' })
export class DeleteDevicesInput {
  @Field(() => [DeleteDeviceInput], { description: '1 to 1000, each once.' })
  readonly devices!: DeleteDeviceInput[];

  @Field(() => String, { nullable: true, description: reasonForAudit })
  readonly reason?: string | null;
}

@InputType({ description: 'Devices to let connect again.' })
export class EnableDevicesInput {
  @Field(() => [ID], { description: '1 to 1000 ids, as `Device.id` or bare, each once.' })
  readonly deviceIds!: string[];

  @Field(() => String, { nullable: true, description: 'Why, in at most 128 characters.' })
  readonly reason?: string | null;
}

@InputType({ description: 'Devices to keep from connecting.' })
export class DisableDevicesInput {
  @Field(() => [ID], { description: '1 to 1000 ids, as `Device.id` or bare, each once.' })
  readonly deviceIds!: string[];

  @Field(() => String, { description: 'Why, in at most 128 characters.' })
  readonly reason!: string;
}

@Requires('device:read')
@ObjectType({ description: 'Why one device of many was not changed.' })
export class ChangeFailure {
  @Field(() => ChangeFailureCode, { description: 'What went wrong.' })
  readonly code!: Code;

  @Field(() => String, { description: 'The same in words.' })
  readonly message!: string;

  @Field(() => Boolean, { description: 'Nothing was done, and the same may well succeed later.' })
  readonly retryable!: boolean;
}

@Requires('device:read')
@ObjectType({ description: 'What became of one device of many.' })
export class DeviceResult {
  @Field(() => String, { description: 'The hub it belongs to.' })
  readonly hub!: string;

  @Field(() => String, { description: 'Its id within the hub.' })
  readonly deviceId!: string;

  @Field(() => Device, {
    nullable: true,
    description: 'As it now is; null where it was not changed, or is no more.',
  })
  readonly device!: Device | null;

  @Requires('key:read')
  @Field(() => AccessKeys, { nullable: true, description: 'Of a new device: its keys.' })
  readonly accessKeys!: AccessKeys | null;

  @Field(() => ChangeFailure, { nullable: true, description: 'Why not; null: it was done.' })
  readonly failure!: ChangeFailure | null;
}

@Requires('device:read')
@ObjectType({
  description:
    'What became of many devices. Those that failed do not undo, nor keep back, the others.',
})
export class BulkPayload {
  @Field(() => [DeviceResult], {
    description: 'One for each device, in the order they were given.',
  })
  readonly results!: DeviceResult[];

  @Field(() => Int, { description: 'How many were done.' })
  readonly succeeded!: number;

  @Field(() => Int, { description: 'How many were not.' })
  readonly failed!: number;
}
