import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { JsonValue } from '../services/json.js';
import type { TwinChange as Change, TwinEditMode as Mode } from '../services/twin-edit.js';
import { Device } from './device.js';
import { describedEnum } from './enum.js';
import { Module } from './module.js';
import { reasonForAudit } from './reason.js';
import { Requires } from './requires.js';
import { JsonScalar } from './scalars.js';

export const TwinEditMode = describedEnum<Mode>(
  'TwinEditMode',
  'What becomes of what the twin already holds.',
  {
    PATCH: 'It stays, but for what is given: null removes, objects merge, all else replaces.',
    REPLACE:
      'Of a section that is given only what is given is left; a section that is not given stays.',
  },
);

export const TwinSection = describedEnum<Change['section']>(
  'TwinSection',
  'The parts of a twin that the back end writes.',
  {
    TAGS: 'Notes of the back end, unseen by the device.',
    DESIRED: 'What the back end asks of the device.',
  },
);

@InputType({ description: 'What to write into the twin of a device or of a module.' })
export class UpdateTwinInput {
  @Field(() => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
  readonly deviceId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The module whose twin is meant. Left out: the twin of the device itself.',
  })
  readonly moduleId?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Tags by name: an object. At most 8 KiB in all, ten levels deep.',
  })
  readonly tags?: JsonValue;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Desired properties by name: an object. At most 32 KiB in all, ten levels deep.',
  })
  readonly desired?: JsonValue;

  @Field(() => TwinEditMode, {
    defaultValue: 'PATCH',
    description: 'Whether to change what is there, or to replace it.',
  })
  readonly mode!: Mode;

  @Field(() => String, {
    nullable: true,
    description:
      'Only if this is its `etag`; else the error ETAG_MISMATCH tells the current one. Left out: ' +
      'whatever the twin is.',
  })
  readonly ifMatch?: string | null;

  @Field(() => String, { nullable: true, description: reasonForAudit })
  readonly reason?: string | null;
}

@Requires('device:read')
@ObjectType({ description: 'One value of a twin that a write changed.' })
export class TwinChange {
  @Field(() => TwinSection, { description: 'Where it stands.' })
  readonly section!: Change['section'];

  @Field(() => String, { description: 'Its path in there, keys joined by dots.' })
  readonly path!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'What it was; null: not there.' })
  readonly before!: JsonValue;

  @Field(() => JsonScalar, { nullable: true, description: 'What it is now; null: no more there.' })
  readonly after!: JsonValue;
}

@Requires('device:read')
@ObjectType({ description: 'A twin after a write.' })
export class UpdateTwinPayload {
  @Field(() => Device, { description: 'The device as it now is.' })
  readonly device!: Device;

  @Field(() => Module, {
    nullable: true,
    description: 'The module as it now is; null where the twin of the device was meant.',
  })
  readonly module!: Module | null;

  @Field(() => [TwinChange], {
    description: 'What is different now. Empty: nothing was, so nothing was written.',
  })
  readonly changes!: TwinChange[];
}
