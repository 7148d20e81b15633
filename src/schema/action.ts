import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { JsonValue } from '../services/json.js';
import { idempotencyKeyDescription } from './idempotency-key.js';
import { CommandKind, Operation } from './operation.js';
import { reasonForAudit } from './reason.js';
import { Requires } from './requires.js';
import { JsonScalar } from './scalars.js';
import { Started } from './started.js';

const confirmation =
  "The device's id in the hub, typed again, for actions that need it (`Action.needsConfirmation`).";

/** What every request for an action may say. */
@InputType()
abstract class ActionInput {
  @Field(() => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
  readonly deviceId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The convention to use. Left out: that of the tag `twinql.profile`, else the first configured one that ' +
      'matches the device, else the default of the gateway, else the only one there is.',
  })
  readonly profile?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      "Sent to the device, at most 128 KiB, as the profile's `payloadSchema` demands. Left out: the convention's own.",
  })
  readonly payload?: JsonValue;

  @Field(() => Int, {
    nullable: true,
    description:
      "How long the device may take to answer a method, 5 to 300 s. Left out: the convention's own.",
  })
  readonly responseTimeoutSeconds?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How long the hub waits for an absent device to connect for a method, 0 to 300 s, at most the time ' +
      "that it has to answer. Left out: the convention's own.",
  })
  readonly connectTimeoutSeconds?: number | null;

  @Field(() => String, { nullable: true, description: idempotencyKeyDescription })
  readonly idempotencyKey?: string | null;

  @Field(() => String, { nullable: true, description: reasonForAudit })
  readonly reason?: string | null;
}

@InputType({ description: 'Which action, on which device, and how.' })
export class RunActionInput extends ActionInput {
  @Field(() => String, { description: 'An `Action.name`.' })
  readonly action!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      "A module of the device, which has the method or the desired property. Left out: the convention's own, " +
      'if it names one, else the device itself. What proves the action is reported by the device in any case.',
  })
  readonly moduleId?: string | null;

  @Field(() => ID, { nullable: true, description: confirmation })
  readonly confirmation?: string | null;
}

@InputType({ description: 'Which device to reset, and how.' })
export class FactoryResetDeviceInput extends ActionInput {
  @Field(() => ID, {
    description: "The device's id in the hub, typed again: what it holds will be lost.",
  })
  readonly confirmation!: string;
}

@InputType({ description: 'Which device to give which firmware, and how.' })
export class UpdateFirmwareInput extends ActionInput {}

@InputType({ description: 'Which direct method to call, of which device or module.' })
export class InvokeMethodInput {
  @Field(() => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
  readonly deviceId!: string;

  @Field(() => ID, {
    nullable: true,
    description: "A module of the device. Left out: the device's own method.",
  })
  readonly moduleId?: string | null;

  @Field(() => String, { description: 'The name of the method, at most 100 characters.' })
  readonly method!: string;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Sent to the device, at most 128 KiB. Left out: null.',
  })
  readonly payload?: JsonValue;

  @Field(() => Int, {
    nullable: true,
    description: 'How long the device may take to answer, 5 to 300 s. Left out: 30.',
  })
  readonly responseTimeoutSeconds?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How long the hub waits for an absent device to connect, 0 to 300 s, at most the time that it has to ' +
      'answer. Left out: 0.',
  })
  readonly connectTimeoutSeconds?: number | null;

  @Field(() => String, { nullable: true, description: idempotencyKeyDescription })
  readonly idempotencyKey?: string | null;

  @Field(() => String, { nullable: true, description: reasonForAudit })
  readonly reason?: string | null;
}

@InputType({ description: 'Which operation to ask for again.' })
export class RepeatOperationInput {
  @Field(() => ID, { description: 'An `Operation.id`.' })
  readonly id!: string;

  @Field(() => ID, { nullable: true, description: confirmation })
  readonly confirmation?: string | null;

  @Field(() => String, { nullable: true, description: idempotencyKeyDescription })
  readonly idempotencyKey?: string | null;

  @Field(() => String, { nullable: true, description: reasonForAudit })
  readonly reason?: string | null;
}

@InputType({ description: 'Which operation to call off, and why.' })
export class CancelOperationInput {
  @Field(() => ID, { description: 'An `Operation.id`.' })
  readonly id!: string;

  @Field(() => String, { description: 'For the history, 1 to 1024 characters.' })
  readonly reason!: string;
}

@Requires('operation:read')
@ObjectType({ description: 'The run of the action that was asked for.' })
export class RunActionPayload extends Started {}

@Requires('operation:read')
@ObjectType({ description: 'The factory reset that was asked for.' })
export class FactoryResetDevicePayload extends Started {}

@Requires('operation:read')
@ObjectType({ description: 'The firmware update that was asked for.' })
export class UpdateFirmwarePayload extends Started {}

@Requires('operation:read')
@ObjectType({ description: 'The method call that was asked for.' })
export class InvokeMethodPayload extends Started {}

@Requires('operation:read')
@ObjectType({ description: 'The operation that was started anew.' })
export class RepeatOperationPayload extends Started {}

@Requires('operation:read')
@ObjectType({ description: 'What became of the wish to call an operation off.' })
export class CancelOperationPayload {
  @Field(() => Operation, { description: 'The operation as it now stands.' })
  readonly operation!: Operation;

  @Field(() => Boolean, { description: 'Whether it is canceled.' })
  readonly canceled!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it is not, where it is not.' })
  readonly refusal!: string | null;
}

@Requires('action:read')
@ObjectType({ description: 'How devices of one convention carry out an action.' })
export class ActionProfile {
  @Field(() => String, { description: 'The convention.' })
  readonly name!: string;

  @Field(() => String, { nullable: true, description: 'What it does, for people.' })
  readonly description?: string | undefined;

  @Field(() => CommandKind, { description: 'How the device is told.' })
  readonly kind!: 'METHOD' | 'DESIRED';

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'JSON Schema (2020-12) of the payload; null: any.',
  })
  readonly payloadSchema!: JsonValue;

  @Field(() => Boolean, {
    description: 'Whether the device is out of service meanwhile: one such operation at a time.',
  })
  readonly disturbing!: boolean;

  @Field(() => Boolean, {
    description: 'Whether a report of the device must prove it; else its answer alone does.',
  })
  readonly hasEvidence!: boolean;

  @Field(() => Int, { description: 'From the sending until it times out.' })
  readonly deadlineSeconds!: number;
}

@Requires('action:read')
@ObjectType({ description: 'Something that can be done to devices.' })
export class Action {
  @Field(() => String, { description: 'What `runAction` takes.' })
  readonly name!: string;

  @Field(() => String, { description: 'What a caller must be permitted, as `resource:action`.' })
  readonly permission!: string;

  @Field(() => Boolean, { description: "Whether the device's id must be typed again." })
  readonly needsConfirmation!: boolean;

  @Field(() => [ActionProfile], {
    description: 'The conventions; of those that match a device, the first is taken.',
  })
  readonly profiles!: ActionProfile[];
}
