import { Field, InputType } from 'type-graphql';
import type { JsonValue } from '../services/json.js';
import { ConnectionState } from './connectivity.js';
import { DeviceStatus } from './device.js';
import { DateTimeScalar, JsonScalar, PropertyPath } from './scalars.js';

@InputType({ description: 'Conditions on a text. All that are given must hold.' })
export class StringCondition {
  @Field(() => String, { nullable: true, description: 'Is this, to the letter.' })
  readonly eq?: string | null;

  @Field(() => [String], { nullable: true, description: 'Is one of these, at most 500.' })
  readonly in?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Starts with this.' })
  readonly startsWith?: string | null;
}

@InputType({ description: 'Conditions on the name of a hub. All that are given must hold.' })
export class HubCondition {
  @Field(() => String, { nullable: true, description: 'Is this.' })
  readonly eq?: string | null;

  @Field(() => [String], { nullable: true, description: 'Is one of these.' })
  readonly in?: string[] | null;
}

@InputType({
  description:
    'Conditions on one property. All that are given must hold. Values are strings, numbers or ' +
    'booleans; the hub compares like with like (a number is never equal to a string, nor before or ' +
    'after it), strings by code unit, case-sensitively. So dates in ISO 8601 with the same zone and ' +
    'digits order as text. `null`, objects and lists are refused: a twin cannot hold null (use ' +
    '`exists: false`), and the hub cannot compare the others (compare what is in them, by its path).',
})
export class PropertyCondition {
  @Field(() => PropertyPath, { description: 'Which property.' })
  readonly path!: readonly string[];

  @Field(() => JsonScalar, { nullable: true, description: 'Is this.' })
  readonly eq?: JsonValue;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Is absent, or another string, number or boolean. An object or a list does not match.',
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

  @Field(() => [JsonScalar], { nullable: true, description: 'Is one of these, at most 500.' })
  readonly in?: JsonValue[] | null;

  @Field(() => [JsonScalar], {
    nullable: true,
    description:
      'Is absent, or a string, number or boolean that is none of these, at most 500. An object or ' +
      'a list does not match.',
  })
  readonly nin?: JsonValue[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Is there, or is not.' })
  readonly exists?: boolean | null;
}

@InputType({
  description:
    'Conditions on a time of the hub, which is cut to the millisecond, as it is shown. All that ' +
    'are given must hold; without a time, none but `exists: false` does.',
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

@InputType({
  description: 'Selects modules. All conditions that are given must hold of the same module.',
})
export class ModuleFilter {
  @Field(() => StringCondition, { nullable: true, description: 'By id within the device.' })
  readonly moduleId?: StringCondition | null;

  @Field(() => ConnectionState, {
    nullable: true,
    description: "By the hub's view of the connection.",
  })
  readonly connectionState?: 'CONNECTED' | 'DISCONNECTED' | null;

  @Field(() => [PropertyCondition], { nullable: true, description: 'By tags of the module.' })
  readonly tags?: PropertyCondition[] | null;

  @Field(() => [PropertyCondition], {
    nullable: true,
    description: 'By desired properties of the module.',
  })
  readonly desired?: PropertyCondition[] | null;

  @Field(() => [PropertyCondition], {
    nullable: true,
    description: 'By reported properties of the module.',
  })
  readonly reported?: PropertyCondition[] | null;
}

@InputType({
  description:
    'Selects devices. All conditions that are given must hold; `{}` selects all devices. At most ' +
    '10 levels, 100 conditions, and 8192 characters as a query of the hub.',
})
export class DeviceFilter {
  @Field(() => [DeviceFilter], { nullable: true, description: 'All of these must hold.' })
  readonly and?: DeviceFilter[] | null;

  @Field(() => [DeviceFilter], {
    nullable: true,
    description: 'At least one of these must hold; an empty list is refused.',
  })
  readonly or?: DeviceFilter[] | null;

  @Field(() => DeviceFilter, {
    nullable: true,
    description:
      'This must not hold. The complement: a device without a property, or with an object or a list ' +
      'there, is in the complement of every comparison. The hub cannot find objects and lists, so ' +
      'the gateway first asks whether there are any (two queries, at most once a minute); if there ' +
      'are, or if more than two properties are negated, it reads more rows than it shows, up to ' +
      'five pages a request, and pages may be short. `ne`, `nin` and `exists` cost no more than others.',
  })
  readonly not?: DeviceFilter | null;

  @Field(() => HubCondition, {
    nullable: true,
    description: 'By the name of the hub. A hub that the filter leaves out is not asked.',
  })
  readonly hub?: HubCondition | null;

  @Field(() => StringCondition, { nullable: true, description: 'By id within the hub.' })
  readonly deviceId?: StringCondition | null;

  @Field(() => DeviceStatus, { nullable: true, description: 'By whether they may connect.' })
  readonly status?: 'ENABLED' | 'DISABLED' | null;

  @Field(() => ConnectionState, {
    nullable: true,
    description: "By the hub's view of the connection, which lags.",
  })
  readonly connectionState?: 'CONNECTED' | 'DISCONNECTED' | null;

  @Field(() => DateTimeCondition, {
    nullable: true,
    description: 'By when the hub last saw activity; `exists: false` is never.',
  })
  readonly lastActivity?: DateTimeCondition | null;

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

  @Field(() => ModuleFilter, {
    nullable: true,
    description:
      'They have at least one module like this; `{}` is any. The hub has no joins: it is asked for ' +
      'the modules first, at most 1000 of them, then for their devices. Such a list is read to its ' +
      'end, so it may have at most 1000 devices; without `orderBy` it comes by device id. At most ' +
      'three in one filter.',
  })
  readonly modules?: ModuleFilter | null;
}
