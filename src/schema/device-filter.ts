import { Field, InputType } from 'type-graphql';
import type { JsonValue } from '../services/json.js';
import { ConnectionState } from './connectivity.js';
import { DeviceStatus } from './device.js';
import { DateTimeScalar, JsonScalar, PropertyPath } from './scalars.js';

@InputType({ description: 'Conditions on a text. All that are given must hold.' })
export class StringCondition {
  @Field(() => String, { nullable: true, description: 'Is this, to the letter.' })
  readonly eq?: string | null;

  @Field(() => [String], { nullable: true, description: 'Is one of these.' })
  readonly in?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Starts with this.' })
  readonly startsWith?: string | null;
}

@InputType({
  description:
    'Conditions on one property. All that are given must hold. Values are strings, numbers or ' +
    'booleans; the hub compares like with like (a number is never equal to a string, nor before or ' +
    'after it), strings by code unit. So dates in ISO 8601 order as text. `null`, objects and lists ' +
    'are refused: a twin cannot hold null (use `exists: false`), and the hub cannot compare the others.',
})
export class PropertyCondition {
  @Field(() => PropertyPath, { description: 'Which property.' })
  readonly path!: readonly string[];

  @Field(() => JsonScalar, { nullable: true, description: 'Is this.' })
  readonly eq?: JsonValue;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Is absent, or another value of the same type. A value of another type does not match.',
  })
  readonly ne?: JsonValue;

  @Field(() => JsonScalar, { nullable: true, description: 'Is less than this.' })
  readonly lt?: JsonValue;

  @Field(() => JsonScalar, { nullable: true, description: 'Is this or less.' })
  readonly lte?: JsonValue;

  @Field(() => JsonScalar, { nullable: true, description: 'Is more than this.' })
  readonly gt?: JsonValue;

  @Field(() => JsonScalar, { nullable: true, description: 'Is this or more.' })
  readonly gte?: JsonValue;

  @Field(() => [JsonScalar], { nullable: true, description: 'Is one of these.' })
  readonly in?: JsonValue[] | null;

  @Field(() => [JsonScalar], {
    nullable: true,
    description: 'Is absent, or none of these but of the same type as each.',
  })
  readonly nin?: JsonValue[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Is there, or is not.' })
  readonly exists?: boolean | null;
}

@InputType({
  description:
    'Conditions on a time. All that are given must hold; without a time, none but `exists: false` does.',
})
export class DateTimeCondition {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Before this.' })
  readonly lt?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'At this or before.' })
  readonly lte?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'After this.' })
  readonly gt?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'At this or after.' })
  readonly gte?: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'Is known, or is not.' })
  readonly exists?: boolean | null;
}

@InputType({ description: 'Selects devices. All conditions that are given must hold.' })
export class DeviceFilter {
  @Field(() => StringCondition, { nullable: true, description: 'By id within the hub.' })
  readonly deviceId?: StringCondition | null;

  @Field(() => DeviceStatus, { nullable: true, description: 'By whether they may connect.' })
  readonly status?: 'ENABLED' | 'DISABLED' | null;

  @Field(() => ConnectionState, {
    nullable: true,
    description: "By the hub's view of the connection.",
  })
  readonly connectionState?: 'CONNECTED' | 'DISCONNECTED' | null;

  @Field(() => [PropertyCondition], { nullable: true, description: 'By tags.' })
  readonly tags?: PropertyCondition[] | null;

  @Field(() => [PropertyCondition], { nullable: true, description: 'By desired properties.' })
  readonly desired?: PropertyCondition[] | null;

  @Field(() => [PropertyCondition], { nullable: true, description: 'By reported properties.' })
  readonly reported?: PropertyCondition[] | null;

  @Field(() => DateTimeCondition, {
    nullable: true,
    description:
      'By the newest reboot they reported, in whatever convention; `exists: false` is never.',
  })
  readonly lastReboot?: DateTimeCondition | null;
}
