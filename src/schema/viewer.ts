import { Field, ID, ObjectType } from 'type-graphql';
import { Requires } from './requires.js';
import { DateTimeScalar } from './scalars.js';

@Requires('inherited')
@ObjectType({ description: 'Who asks, and what they may.' })
export class Viewer {
  @Field(() => String, {
    description:
      'As in `Operation.requestedBy`: `user:` and the claim that identifies a user, or `key:` and the ' +
      'name of an API key; `local-developer` while nobody is asked who they are.',
  })
  readonly id!: string;

  @Field(() => [String], { description: 'The roles that the gateway knows of those they have.' })
  readonly roles!: readonly string[];

  @Field(() => [String], {
    description:
      'What they may, as `resource:action`; of all devices or only of some, which `can` tells.',
  })
  readonly permissions!: readonly string[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When the gateway takes their credential no more, and closes what was opened with it; null: never.',
  })
  readonly expiresAt!: Date | null;
}

@Requires('inherited')
@ObjectType({ description: 'Whether the caller may do something to a device.' })
export class DevicePermission {
  @Field(() => ID, { description: 'The device, as it was asked for.' })
  readonly deviceId!: string;

  @Field(() => Boolean, {
    description: 'Whether they may. It does not tell whether there is such a device.',
  })
  readonly permitted!: boolean;
}
