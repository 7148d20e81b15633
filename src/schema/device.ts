import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Consistency as ConsistencyValue } from '../services/device-access.js';
import type {
  AuthenticationType as Authentication,
  TwinSource as Source,
} from '../services/hub/twin.js';
import type { JsonObject, JsonValue } from '../services/json.js';
import { AuthenticationType, Thumbprints } from './authentication.js';
import { Connectivity } from './connectivity.js';
import { describedEnum } from './enum.js';
import { HubFailure } from './hub.js';
import { Maintenance } from './maintenance.js';
import { PageInfo } from './page-info.js';
import { Requires } from './requires.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

export const DeviceStatus = describedEnum<'ENABLED' | 'DISABLED'>(
  'DeviceStatus',
  'Whether a device may connect.',
  { ENABLED: 'It may connect.', DISABLED: 'The hub turns it away.' },
);

export const TwinSource = describedEnum<Source>(
  'TwinSource',
  'Where what you see of a device came from, and so how old it may be.',
  {
    POINT_READ: 'Read from the hub at `observedAt`: current at that moment.',
    QUERY: "From the hub's query index, which lags behind by seconds to minutes.",
    EVENT: 'Pushed by the hub at `observedAt`.',
  },
);

export const Consistency = describedEnum<ConsistencyValue>(
  'Consistency',
  'How fresh a device must be.',
  {
    FAST:
      'What the gateway saw within the last ten seconds, if it did. Else the hub is asked: of ' +
      'ten or more devices at once the query index, while there is room in the budget, of ' +
      'fewer as FRESH. `source` and `observedAt` tell.',
    FRESH: 'Read from the hub now.',
  },
);

@Requires('device:read')
@ObjectType({ description: 'The newest reboot that a device reported, in whatever convention.' })
export class LastReboot {
  @Field(() => DateTimeScalar, {
    description: "When the hub received the report: the hub's clock, not the device's.",
  })
  readonly at!: Date;

  @Field(() => JsonScalar, { description: 'What the device wrote.' })
  readonly reported!: JsonValue;

  @Field(() => String, { description: 'The reported property it stands in.' })
  readonly path!: string;
}

@Requires('device:read')
@ObjectType({ description: 'A device: its identity and its twin, as the hub keeps them.' })
export class Device {
  @Field(() => ID, { description: 'Opaque and stable, also when another hub is added.' })
  readonly id!: string;

  @Field(() => String, { description: 'The name of the hub it belongs to.' })
  readonly hub!: string;

  @Field(() => String, { description: 'Its id within the hub.' })
  readonly deviceId!: string;

  @Field(() => DeviceStatus, { description: 'Whether it may connect.' })
  readonly status!: 'ENABLED' | 'DISABLED';

  @Field(() => String, { nullable: true, description: 'Why it may, or may not, if somebody said.' })
  readonly statusReason!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When its status was last set; null if it never was.',
  })
  readonly statusUpdatedAt!: Date | null;

  @Field(() => AuthenticationType, { description: 'How it proves who it is.' })
  readonly authenticationType!: Authentication;

  @Field(() => Thumbprints, {
    nullable: true,
    description: 'Of the certificates that it may show; null where it is not SELF_SIGNED.',
  })
  readonly thumbprints!: Thumbprints | null;

  @Field(() => Boolean, { description: 'Whether it runs Azure IoT Edge.' })
  readonly iotEdge!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The Plug and Play model that it announced; null if it announced none.',
  })
  readonly modelId!: string | null;

  @Field(() => Int, { description: 'Cloud-to-device messages that wait for it.' })
  readonly cloudToDeviceMessageCount!: number;

  @Field(() => Connectivity, { description: 'Whether it is there, and why we think so.' })
  readonly connectivity!: Connectivity;

  @Field(() => Maintenance, { description: 'Whether it may be disturbed, and when next.' })
  readonly maintenance!: Maintenance;

  @Field(() => JsonScalar, { description: 'Tags: notes of the back end, unseen by the device.' })
  readonly tags!: JsonObject;

  @Field(() => JsonScalar, {
    description:
      "Desired properties: what the back end asks of the device. Without the hub's `$`-keys.",
  })
  readonly desired!: JsonObject;

  @Field(() => JsonScalar, {
    description: "Reported properties: what the device says of itself. Without the hub's `$`-keys.",
  })
  readonly reported!: JsonObject;

  @Field(() => LastReboot, {
    nullable: true,
    description: 'The newest reboot it reported; null if it never did.',
  })
  readonly lastReboot!: LastReboot | null;

  @Field(() => String, {
    description: 'Moves with tags and desired properties. For `ifMatch` of `updateTwin`.',
  })
  readonly etag!: string;

  @Field(() => String, {
    description:
      'Moves with the identity: status, keys. For `ifMatch` of what changes or deletes a device.',
  })
  readonly identityEtag!: string;

  @Field(() => Int, {
    description: 'Grows with every change of the twin. Never older than what was served before.',
  })
  readonly version!: number;

  @Field(() => DateTimeScalar, {
    description: "When the gateway had it from the hub, by the gateway's clock.",
  })
  readonly observedAt!: Date;

  @Field(() => TwinSource, { description: 'How it came from the hub.' })
  readonly source!: Source;
}

@Requires('device:read')
@ObjectType({
  description:
    'A page of devices. Pages may be short, even empty, while more follow; no snapshot is promised ' +
    'across pages.',
})
export class DeviceConnection {
  @Field(() => [Device], { description: 'The devices of this page.' })
  readonly nodes!: Device[];

  @Field(() => PageInfo, { description: 'Whether the list goes on, and where.' })
  readonly pageInfo!: PageInfo;

  @Field(() => [HubFailure], {
    description:
      'The hubs whose part is missing, since they are down or busy. A request that no hub answers ' +
      'is an error instead; a later page is empty and goes on with the next hub.',
  })
  readonly unavailable!: readonly HubFailure[];
}
