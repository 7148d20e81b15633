import { Field, ObjectType } from 'type-graphql';
import type { Maintenance as MaintenanceShape } from '../services/maintenance/maintenance.js';
import { describedEnum } from './enum.js';
import { Requires } from './requires.js';
import { DateTimeScalar } from './scalars.js';

type Verdict = MaintenanceShape['verdict'];

export const MaintenanceVerdict = describedEnum<Verdict>(
  'MaintenanceVerdict',
  'Whether a device may be disturbed.',
  {
    UNRESTRICTED: 'At any time: it has no maintenance policy.',
    OPEN: 'Now: a window of its policy is open.',
    CLOSED: 'Not now: no window of its policy is open.',
    UNKNOWN: 'It has a policy that cannot be read, or no time zone to read it by.',
  },
);

@Requires('device:read')
@ObjectType({
  description:
    'Whether a device may be disturbed as of `Device.observedAt`, by the policy in its desired property `maintenance`.',
})
export class Maintenance implements MaintenanceShape {
  @Field(() => MaintenanceVerdict, { description: 'The verdict.' })
  readonly verdict!: Verdict;

  @Field(() => String, { description: 'Why, in one sentence.' })
  readonly reason!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name of its policy; null if it has none that can be read.',
  })
  readonly policy!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The IANA time zone that the policy is read by.',
  })
  readonly timeZone!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when it is open, or when it opens next; null if it does not.',
  })
  readonly opensAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When that opening ends.' })
  readonly closesAt!: Date | null;
}
