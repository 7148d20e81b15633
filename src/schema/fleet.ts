import { Field, InputType, Int, ObjectType } from 'type-graphql';
import type { JsonValue } from '../services/json.js';
import type { PropertySection as Section } from '../services/query/device-filter.js';
import type { JsonType as TypeName } from '../services/query/property-paths.js';
import { describedEnum } from './enum.js';
import { HubFailure } from './hub.js';
import { PageInfo } from './page-info.js';
import { Requires } from './requires.js';
import { DateTimeScalar, JsonScalar, PropertyPath } from './scalars.js';

const sections: Readonly<Record<Section, string>> = {
  TAG: 'A tag.',
  DESIRED: 'A desired property.',
  REPORTED: 'A reported property.',
};

export const PropertySection = describedEnum<Section>(
  'PropertySection',
  'The parts of a twin that hold properties.',
  sections,
);

export type OrderKey = Section | 'DEVICE_ID' | 'LAST_ACTIVITY' | 'LAST_REBOOT';

export const DeviceOrderKey = describedEnum<OrderKey>(
  'DeviceOrderKey',
  'What devices can be sorted by.',
  {
    ...sections,
    DEVICE_ID: 'The id within the hub.',
    LAST_ACTIVITY: 'When the hub last saw activity.',
    LAST_REBOOT: 'The newest reboot that was reported, in whatever convention.',
  },
);

export const SortDirection = describedEnum<'ASC' | 'DESC'>('SortDirection', 'Which way to sort.', {
  ASC: 'The least first.',
  DESC: 'The greatest first.',
});

export type GroupKey = Section | 'STATUS' | 'CONNECTION_STATE';

export const DeviceGroupKey = describedEnum<GroupKey>(
  'DeviceGroupKey',
  'What devices can be counted by.',
  {
    ...sections,
    STATUS: 'Whether they may connect.',
    CONNECTION_STATE: "The hub's view of the connection, which lags.",
  },
);

export const JsonType = describedEnum<TypeName>('JsonType', 'What a property may hold.', {
  STRING: 'A text.',
  NUMBER: 'A number.',
  BOOLEAN: 'True or false.',
  LIST: 'A list of values.',
  OBJECT: 'Properties of its own.',
});

@InputType({
  description:
    'How to sort devices. The hub cannot sort: the whole result is read and sorted by the gateway, ' +
    'so it may have at most 1000 devices of each hub, and is as of up to a minute ago. Booleans come before ' +
    'numbers before strings (by code unit); devices without such a value come last either way; ' +
    'equal ones come by device id, then by hub.',
})
export class DeviceOrder {
  @Field(() => DeviceOrderKey, { description: 'By what.' })
  readonly by!: OrderKey;

  @Field(() => PropertyPath, {
    nullable: true,
    description: 'Which property; for TAG, DESIRED and REPORTED, and for no other.',
  })
  readonly path?: readonly string[] | null;

  @Field(() => SortDirection, { defaultValue: 'ASC', description: 'Which way.' })
  readonly direction!: 'ASC' | 'DESC';
}

@InputType({ description: 'What to count devices by.' })
export class DeviceGrouping {
  @Field(() => DeviceGroupKey, { description: 'By what.' })
  readonly by!: GroupKey;

  @Field(() => PropertyPath, {
    nullable: true,
    description: 'Which property; for TAG, DESIRED and REPORTED, and for no other.',
  })
  readonly path?: readonly string[] | null;
}

@Requires('device:read')
@ObjectType({ description: 'The devices that have one value in common.' })
export class DeviceGroup {
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'The value; null for the devices that have no such property.',
  })
  readonly value!: JsonValue;

  @Field(() => Int, { description: 'How many devices.' })
  readonly count!: number;
}

@Requires('device:read')
@ObjectType({ description: 'How many devices there are, counted by the hubs.' })
export class DeviceCounts {
  @Field(() => Int, { description: 'How many in all.' })
  readonly total!: number;

  @Field(() => [DeviceGroup], {
    description: 'How many of which value, most first; empty without `groupBy`.',
  })
  readonly groups!: DeviceGroup[];

  @Field(() => DateTimeScalar, {
    description: "When the gateway had it from the hub's index, which lags by seconds to minutes.",
  })
  readonly observedAt!: Date;

  @Field(() => [HubFailure], {
    description:
      'The hubs whose part is missing, since they are down or busy. A request that no hub answers ' +
      'is an error instead.',
  })
  readonly unavailable!: readonly HubFailure[];
}

@Requires('device:read')
@ObjectType({ description: 'A property that some devices of a sample have.' })
export class PropertyPathInfo {
  @Field(() => PropertySection, { description: 'Where it is.' })
  readonly section!: Section;

  @Field(() => PropertyPath, { description: 'Its path, keys joined by dots.' })
  readonly path!: readonly string[];

  @Field(() => [JsonType], {
    description: 'What it was seen to hold. Comparisons only match values of their own type.',
  })
  readonly types!: TypeName[];

  @Field(() => Int, { description: 'How many devices of the sample have it.' })
  readonly devices!: number;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What one of them has; null where that is longer than 256 characters.',
  })
  readonly example!: JsonValue;
}

@Requires('device:read')
@ObjectType({
  description:
    'What properties devices have, by a sample: the first devices (at most 100) that each hub gives. ' +
    'What only others have is missing.',
})
export class PropertyPaths {
  @Field(() => Int, { description: 'How many devices were looked at.' })
  readonly sampled!: number;

  @Field(() => [PropertyPathInfo], {
    description: 'The properties, most frequent first. Of objects, what is in them.',
  })
  readonly paths!: PropertyPathInfo[];

  @Field(() => DateTimeScalar, {
    description: 'When the sample was taken. It is used for ten minutes.',
  })
  readonly observedAt!: Date;

  @Field(() => [HubFailure], {
    description:
      'The hubs whose part is missing, since they are down or busy. A request that no hub answers ' +
      'is an error instead.',
  })
  readonly unavailable!: readonly HubFailure[];
}

@Requires('query:raw')
@ObjectType({ description: "A page of rows of a query in the hub's own language." })
export class RowConnection {
  @Field(() => String, { description: 'The hub that these rows are of; a page has rows of one.' })
  readonly hub!: string;

  @Field(() => [JsonScalar], { description: 'The rows of this page, as the hub gives them.' })
  readonly rows!: JsonValue[];

  @Field(() => PageInfo, { description: 'Whether the result goes on, and where.' })
  readonly pageInfo!: PageInfo;

  @Field(() => Int, { description: 'How many requests to the hub this page took.' })
  readonly cost!: number;

  @Field(() => [HubFailure], {
    description:
      'The hub, where it is down or busy and the list goes on with another. The only hub that is ' +
      'asked is an error instead.',
  })
  readonly unavailable!: readonly HubFailure[];
}
