import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { JsonValue } from '../services/json.js';
import type { RebootPhase as Phase } from '../services/reboot.js';
import { Connectivity } from './connectivity.js';
import { Device, LastReboot } from './device.js';
import { describedEnum } from './enum.js';
import { idempotencyKeyDescription } from './idempotency-key.js';
import { Operation } from './operation.js';
import { reasonForAudit } from './reason.js';
import { Requires } from './requires.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';
import { Started } from './started.js';

export const RebootPhase = describedEnum<Phase>(
  'RebootPhase',
  'Where a device stands with its newest reboot.',
  {
    IDLE: 'No reboot is known.',
    REQUESTED: 'Asked for, not yet sent to the device.',
    REBOOTING: 'Sent to the device; not yet proved.',
    REBOOTED: 'The newest reboot is done.',
    FAILED: 'The newest reboot did not happen; see `operation.failure`.',
    TIMED_OUT: 'The newest reboot was not proved in time; see `operation.failure`.',
  },
);

@InputType({ description: 'Which device to reboot, and how.' })
export class RebootDeviceInput {
  @Field(() => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
  readonly deviceId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The convention to use. Left out: that of the tag `twinql.profile`, else the first configured one that ' +
      'matches the device, else the default of the gateway.',
  })
  readonly profile?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: "Sent to the device, at most 128 KiB. Left out: the convention's own.",
  })
  readonly payload?: JsonValue;

  @Field(() => Int, {
    nullable: true,
    description:
      "How long the device may take to answer, 5 to 300 s. Left out: the convention's own.",
  })
  readonly responseTimeoutSeconds?: number | null;

  @Field(() => String, {
    nullable: true,
    description: idempotencyKeyDescription,
  })
  readonly idempotencyKey?: string | null;

  @Field(() => String, { nullable: true, description: reasonForAudit })
  readonly reason?: string | null;
}

@Requires('operation:read')
@ObjectType({ description: 'The reboot that was asked for.' })
export class RebootDevicePayload extends Started {}

@Requires('device:read')
@ObjectType({ description: 'Where a device stands with its reboots.' })
export class RebootStatus {
  @Field(() => Device, { description: 'The device as observed.' })
  readonly device!: Device;

  @Field(() => RebootPhase, { description: 'Where its newest reboot stands.' })
  readonly phase!: Phase;

  @Field(() => Operation, {
    nullable: true,
    description:
      'The reboot. Null where none is known, or it was not asked for through this gateway.',
  })
  readonly operation!: Operation | null;

  @Field(() => LastReboot, { nullable: true, description: 'The newest reboot that it reported.' })
  readonly lastReboot!: LastReboot | null;

  @Field(() => Connectivity, { description: 'Whether the device is there.' })
  readonly connectivity!: Connectivity;

  @Field(() => DateTimeScalar, { description: "When this was observed, by the gateway's clock." })
  readonly observedAt!: Date;
}
