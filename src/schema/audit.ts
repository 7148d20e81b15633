import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { AuditOutcome as Outcome } from '../services/audit/entry.js';
import type { JsonValue } from '../services/json.js';
import { DateTimeCondition } from './device-filter.js';
import { describedEnum } from './enum.js';
import { PageInfo } from './page-info.js';
import { Requires } from './requires.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

export const AuditOutcome = describedEnum<Outcome>(
  'AuditOutcome',
  'How an act ended, or that it began.',
  {
    STARTED: 'It was allowed and is about to be done. Another entry `concludes` this one.',
    DONE: 'It was done; or keys, or the rows of a query, were given away. An operation was begun.',
    PARTLY_DONE: 'It was done to some devices; `targets` says why not to the others.',
    REFUSED: 'The caller may not do it, and nothing was done.',
    FAILED: 'It was not done, or it is not known that it was; `code` says why.',
  },
);

@Requires('audit:read')
@ObjectType({ description: 'What an act was done to, or was to be.' })
export class AuditTarget {
  @Field(() => String, {
    nullable: true,
    description: 'The hub of the device; null where the id that was given names none here.',
  })
  readonly hub!: string | null;

  @Field(() => String, { description: 'The id of the device within the hub, or what was given.' })
  readonly deviceId!: string;

  @Field(() => String, { nullable: true, description: 'The module, where one was meant.' })
  readonly moduleId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of many devices: why it was not done to this one.',
  })
  readonly code!: string | null;
}

@Requires('audit:read')
@ObjectType({ description: 'One entry of the audit. It is never changed.' })
export class AuditEntry {
  @Field(() => Int, { description: 'Its place: 1, 2, 3 and so on, without gaps.' })
  readonly sequence!: number;

  @Field(() => DateTimeScalar, { description: 'When.' })
  readonly at!: Date;

  @Field(() => String, { description: 'Who; `*` where many were refused at once.' })
  readonly actor!: string;

  @Field(() => String, {
    description:
      'What: the field of the schema that was asked for, such as `rebootDevice` or ' +
      '`Device.accessKeys`; `finishOperation` where an operation ended.',
  })
  readonly action!: string;

  @Field(() => String, { description: 'The permission that it takes.' })
  readonly permission!: string;

  @Field(() => AuditOutcome, { description: 'How it ended, or that it began.' })
  readonly outcome!: Outcome;

  @Field(() => String, {
    nullable: true,
    description:
      'More of it: the code of the error, or of what became of the operation; ALREADY_UNDER_WAY ' +
      'where nothing new was begun, TOO_LATE where nothing could be called off.',
  })
  readonly code!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: '`sequence` of the entry of the same act that says that it began.',
  })
  readonly concludes!: number | null;

  @Field(() => [AuditTarget], { description: 'What it was done to, or was to be.' })
  readonly targets!: AuditTarget[];

  @Field(() => ID, {
    nullable: true,
    description:
      'The operation that was begun, called off, repeated or ended. Its own record has what was ' +
      'sent and answered.',
  })
  readonly operationId!: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'What was asked for, without what may be a secret: of JSON the names of properties, of ' +
      'texts those that are names; `*` stands for the rest. In the first entry of an act alone.',
  })
  readonly input!: JsonValue;

  @Field(() => String, { nullable: true, description: 'Why, in the words of the caller.' })
  readonly reason!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The request that it came with; null for what the gateway did by itself.',
  })
  readonly requestId!: string | null;

  @Field(() => String, { nullable: true, description: 'Where the request came from.' })
  readonly address!: string | null;

  @Field(() => Int, {
    description: 'How many acts it stands for: more than one only of refusals, which are gathered.',
  })
  readonly count!: number;

  @Field(() => String, { description: 'SHA-256 of this entry and of the hash before.' })
  readonly hash!: string;

  @Field(() => String, { description: 'The hash of the entry before.' })
  readonly previous!: string;
}

@Requires('audit:read')
@ObjectType({ description: 'A page of the audit.' })
export class AuditEntryConnection {
  @Field(() => [AuditEntry], { description: 'The entries of this page.' })
  readonly nodes!: AuditEntry[];

  @Field(() => PageInfo, { description: 'Whether the list goes on, and where.' })
  readonly pageInfo!: PageInfo;
}

@InputType({
  description: 'Selects entries of the audit. All conditions that are given must hold.',
})
export class AuditFilter {
  @Field(() => String, { nullable: true, description: 'What this one did.' })
  readonly actor?: string | null;

  @Field(() => String, { nullable: true, description: 'Those of this action.' })
  readonly action?: string | null;

  @Field(() => ID, { nullable: true, description: 'What was done to this device.' })
  readonly deviceId?: string | null;

  @Field(() => DateTimeCondition, {
    nullable: true,
    description: 'When. `exists` says nothing here: every entry has a time.',
  })
  readonly at?: DateTimeCondition | null;

  @Field(() => [AuditOutcome], { nullable: true, description: 'Those that ended in one of these.' })
  readonly outcome?: Outcome[] | null;
}
