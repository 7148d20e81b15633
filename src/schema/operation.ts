import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Proof as ProofValue } from '../services/actions/evidence.js';
import type {
  Attribution as AttributionValue,
  OperationEventType as EventType,
  OperationFailureCode as FailureCode,
  OperationStatus as Status,
} from '../services/actions/operation.js';
import type { Command, MessageCommand } from '../services/actions/profile.js';
import type { JsonValue } from '../services/json.js';
import { DeviceMessage } from './device-message.js';
import { describedEnum } from './enum.js';
import { PageInfo } from './page-info.js';
import { Requires } from './requires.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

type Kind = (Command | MessageCommand)['kind'];

export const OperationStatus = describedEnum<Status>(
  'OperationStatus',
  'Where an operation stands. SUCCEEDED, FAILED, TIMED_OUT and CANCELED are final.',
  {
    AWAITING_APPROVAL: 'A second person must agree first.',
    AWAITING_WINDOW: "It waits for the device's maintenance window.",
    REQUESTED: 'Recorded, not yet sent.',
    SENDING: 'The call is on its way; the device has not answered. It is never sent again.',
    ACCEPTED:
      'The device answered yes, or the hub has the desired properties or the message. That is not success: ' +
      'a report, or feedback, is awaited.',
    IN_PROGRESS: 'The device reported; its answer is still awaited, or more is to come.',
    SUCCEEDED: 'Proved; `proof` says by what.',
    FAILED: 'It will not happen; `failure` says why.',
    TIMED_OUT: 'The deadline passed without proof. It may have happened, or may yet.',
    CANCELED: 'Called off before it was sent.',
  },
);

export const Proof = describedEnum<ProofValue>(
  'Proof',
  'What a success rests on, from least to most.',
  {
    ACKNOWLEDGED:
      "The device's answer alone (for desired properties, the hub's; for a message, that the device completed it), " +
      'for actions that leave no other trace.',
    ANNOUNCED: 'The device reported that it is about to.',
    REPORTED_AFTER: 'The device reported that it did.',
    RECONNECTED: 'The device was seen leaving and coming back, and it reported.',
  },
);

export const Attribution = describedEnum<AttributionValue>(
  'Attribution',
  'How sure it is that the evidence belongs to this operation.',
  {
    PRESUMED: 'It came after the sending, and nothing else was open.',
    AMBIGUOUS: 'An earlier operation timed out without evidence: it may be that one’s.',
    EXACT: "The device repeated the operation's id.",
  },
);

export const OperationFailureCode = describedEnum<FailureCode>(
  'OperationFailureCode',
  'Why an operation did not succeed.',
  {
    NOT_SENT: 'The gateway stopped, or was too slow, before sending. Nothing reached the device.',
    DEVICE_NOT_FOUND: 'The hub knows no such device.',
    DEVICE_OFFLINE: 'The device is not connected, or does not know the method.',
    DEVICE_QUEUE_FULL: 'The hub keeps 50 messages for the device already, and takes no more.',
    INVALID: 'The hub refused the call as malformed.',
    THROTTLED: "The hub, or the gateway's share of it, is used up; nothing was delivered.",
    HUB_UNAUTHORIZED: "The hub refused the gateway's access policy.",
    HUB_QUOTA_EXCEEDED: "The hub's quota is used up.",
    HUB_UNAVAILABLE: 'The hub could not be reached; nothing was delivered.',
    METHOD_REJECTED: 'The device answered no; `response` holds its words.',
    DEVICE_REPORTED_FAILURE: 'The device reported that it failed; `data` holds what it reported.',
    NO_ANSWER: 'The device neither answered nor reported before the deadline.',
    NO_EVIDENCE: 'The device answered yes, but never reported before the deadline.',
    MESSAGE_EXPIRED: 'The device did not complete the message within its time to live.',
    MESSAGE_UNDELIVERABLE:
      'The hub handed the message over as often as it does, and the device never completed it.',
    MESSAGE_REJECTED: 'The device rejected the message.',
    MESSAGE_PURGED: "Somebody purged the device's messages.",
    NO_FEEDBACK:
      'The hub queued the message but never told what became of it, as when the device was deleted.',
    HUB_UNREADABLE:
      'Past the deadline the twin could not be read, or feedback not be listened to, for ten minutes.',
    DEVICE_REPLACED: 'The device was deleted and created again meanwhile.',
  },
);

export const OperationEventType = describedEnum<EventType>(
  'OperationEventType',
  'What happened to an operation.',
  {
    REQUESTED: 'It was recorded.',
    SENDING: 'Its call was about to be written to the network.',
    ANSWERED: 'The device answered; `data` holds its payload.',
    ANSWER_UNKNOWN: 'The call ended without an answer; the device may or may not have got it.',
    WRITTEN: 'The hub has the desired properties; the device may get them much later.',
    ENQUEUED: 'The hub keeps the message for the device.',
    FEEDBACK: 'The hub told what became of the message; `data` holds its words.',
    PROGRESS: 'The device reported how far it is; `data` holds what, by path.',
    REPORTED: 'The device reported the proof; `data` holds what.',
    DISCONNECTED: 'The device was seen leaving.',
    RECONNECTED: 'The device was seen back.',
    REWOUND: 'The hub went back in time by a failover; a new report is needed.',
    FINISHED: 'It ended.',
    CANCELED: 'It was called off before anything was sent.',
    LATE_ANSWER: 'The call ended after the operation had.',
    LATE_REPORT: 'The device reported after the operation had timed out; `data` holds what.',
    LATE_FEEDBACK:
      'The hub told what became of the message after the operation had timed out; `data` holds its words.',
  },
);

@Requires('operation:read')
@ObjectType({ description: 'What a device answered to a direct method.' })
export class MethodResponse {
  @Field(() => Int, { description: "The device's own status; 200 to 299 is yes." })
  readonly status!: number;

  @Field(() => JsonScalar, { nullable: true, description: "The device's payload." })
  readonly payload!: JsonValue;
}

@Requires('operation:read')
@ObjectType({ description: 'Why an operation did not succeed.' })
export class OperationFailure {
  @Field(() => OperationFailureCode, { description: 'For programs.' })
  readonly code!: FailureCode;

  @Field(() => String, { description: 'For people.' })
  readonly message!: string;

  @Field(() => Boolean, { description: 'Whether asking again may well succeed.' })
  readonly retryable!: boolean;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What the device reported of its failure, by path; null unless it did.',
  })
  readonly data?: JsonValue;
}

export const CommandKind = describedEnum<Kind>('CommandKind', 'How a device is told.', {
  METHOD: 'By a direct method, which it answers.',
  DESIRED: 'By a desired property, which it gets when it next looks.',
  MESSAGE: 'By a cloud-to-device message, which the hub keeps for it until it expires.',
});

@Requires('operation:read')
@ObjectType({ description: 'What an operation sends to its device, at most once.' })
export class OperationCommand {
  @Field(() => CommandKind, { description: 'How.' })
  readonly kind!: Kind;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the method, or the path of the desired property; null of a message.',
  })
  readonly name!: string | null;

  @Field(() => ID, { nullable: true, description: 'The module; null: the device itself.' })
  readonly moduleId!: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What is sent; null of a message, which `message` holds.',
  })
  readonly payload!: JsonValue;

  @Field(() => DeviceMessage, { nullable: true, description: 'The message, if it is one.' })
  readonly message!: DeviceMessage | null;
}

@Requires('operation:read')
@ObjectType({ description: 'How far a device has come, by what it reported since the sending.' })
export class OperationProgress {
  @Field(() => String, {
    nullable: true,
    description: 'The value of the first progress property of the profile, such as `downloading`.',
  })
  readonly step!: string | null;

  @Field(() => JsonScalar, { description: 'All that it reported of it, by path.' })
  readonly data!: JsonValue;

  @Field(() => DateTimeScalar, { description: "When it was seen, by the gateway's clock." })
  readonly at!: number;
}

@Requires('operation:read')
@ObjectType({ description: 'One thing that happened to an operation.' })
export class OperationEvent {
  @Field(() => Int, { description: 'From 1, without gaps.' })
  readonly sequence!: number;

  @Field(() => DateTimeScalar, { description: "When, by the gateway's clock." })
  readonly at!: number;

  @Field(() => OperationEventType, { description: 'What.' })
  readonly type!: EventType;

  @Field(() => OperationStatus, { description: 'The status after it.' })
  readonly status!: Status;

  @Field(() => String, { description: 'In words.' })
  readonly message!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'What was answered or reported.' })
  readonly data!: JsonValue;
}

@Requires('operation:read')
@ObjectType({
  description:
    'One tracked run of an action on one device. What the world did to it is told here, not as an error.',
})
export class Operation {
  @Field(() => ID, { description: 'Opaque; newer operations have greater ones.' })
  readonly id!: string;

  @Field(() => String, { description: 'What is done, such as `reboot`.' })
  readonly action!: string;

  @Field(() => String, { description: 'The convention by which the device is spoken to.' })
  readonly profile!: string;

  @Field(() => OperationStatus, { description: 'Where it stands.' })
  readonly status!: Status;

  @Field(() => Proof, { nullable: true, description: 'What its success rests on.' })
  readonly proof!: ProofValue | null;

  @Field(() => Attribution, { description: 'How sure it is that the evidence is its own.' })
  readonly attribution!: AttributionValue;

  @Field(() => Int, { description: 'The number of its newest event.' })
  readonly sequence!: number;

  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  readonly requestedAt!: number;

  @Field(() => String, { description: 'Who asked for it.' })
  readonly requestedBy!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When the device answered yes, or the hub took the desired properties or the message.',
  })
  readonly acceptedAt!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended.' })
  readonly finishedAt!: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it times out unless proved; null until it is sent.',
  })
  readonly deadlineAt!: number | null;

  @Field(() => DateTimeScalar, { description: 'When it last moved.' })
  readonly updatedAt!: number;

  @Field(() => OperationFailure, { nullable: true, description: 'Why it did not succeed.' })
  readonly failure!: OperationFailure | null;

  @Field(() => OperationProgress, {
    nullable: true,
    description: 'How far it is; null where the device has told of none.',
  })
  readonly progress?: OperationProgress | null;

  @Field(() => [OperationEvent], { description: 'All that happened to it, in order.' })
  readonly history!: OperationEvent[];
}

@Requires('operation:read')
@ObjectType({ description: 'A page of operations, newest first.' })
export class OperationConnection {
  @Field(() => [Operation], { description: 'The operations of this page.' })
  readonly nodes!: Operation[];

  @Field(() => PageInfo, { description: 'Whether the list goes on, and where.' })
  readonly pageInfo!: PageInfo;
}

@InputType({ description: 'Selects operations. All conditions that are given must hold.' })
export class OperationFilter {
  @Field(() => ID, { nullable: true, description: 'Those on this device.' })
  readonly deviceId?: string | null;

  @Field(() => String, { nullable: true, description: 'Those of this action.' })
  readonly action?: string | null;

  @Field(() => [OperationStatus], { nullable: true, description: 'Those in one of these.' })
  readonly status?: Status[] | null;
}
