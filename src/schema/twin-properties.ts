import { Field, ObjectType } from 'type-graphql';
import type { PropertyDrift as Drift, DriftKind as Kind } from '../services/drift.js';
import type { JsonValue } from '../services/json.js';
import type { TwinProperty } from '../services/twin-properties.js';
import { describedEnum } from './enum.js';
import { Requires } from './requires.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

@Requires('device:read')
@ObjectType({ description: 'One desired property.' })
export class DesiredProperty implements TwinProperty {
  @Field(() => String, { description: 'Its path, keys joined by dots.' })
  readonly path!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'Its value; null where there is none.' })
  readonly value!: JsonValue;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      "When it was last set, by the hub's clock; for an object, when anything in it was.",
  })
  readonly lastUpdatedAt!: Date | null;
}

@Requires('device:read')
@ObjectType({ description: 'One reported property.' })
export class ReportedProperty implements TwinProperty {
  @Field(() => String, { description: 'Its path, keys joined by dots.' })
  readonly path!: string;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Its value; null where the device reports none.',
  })
  readonly value!: JsonValue;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      "When it last changed, by the hub's clock; for an object, when anything in it did.",
  })
  readonly lastUpdatedAt!: Date | null;
}

export const DriftKind = describedEnum<Kind>(
  'DriftKind',
  'How what is reported differs from what is desired.',
  {
    MISSING: 'Nothing is reported at this path.',
    DIFFERENT: 'Something else is reported at this path.',
  },
);

@Requires('device:read')
@ObjectType({
  description:
    'A desired property whose reported counterpart, the one at the same path, is missing or ' +
    'different. It need not be a fault: the device may not have had the time, may report it at ' +
    'another path, or may take the property as a command that it never reports.',
})
export class PropertyDrift implements Drift {
  @Field(() => String, { description: 'The path of both, keys joined by dots.' })
  readonly path!: string;

  @Field(() => DriftKind, { description: 'Whether it is missing or different.' })
  readonly kind!: Kind;

  @Field(() => JsonScalar, { description: 'What is desired.' })
  readonly desired!: JsonValue;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'What is reported; null where nothing is. An acknowledgement of IoT Plug and Play whole, ' +
      'with its status and description.',
  })
  readonly reported!: JsonValue;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: "Since when it is desired, by the hub's clock.",
  })
  readonly desiredUpdatedAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      "When what is reported last changed, by the hub's clock; null where nothing is. Before " +
      '`desiredUpdatedAt`: the device has said nothing of it since.',
  })
  readonly reportedUpdatedAt!: Date | null;
}
