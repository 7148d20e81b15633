import { Field, ObjectType } from 'type-graphql';
import type {
  Connectivity as ConnectivityShape,
  ConnectivityVerdict as Verdict,
} from '../services/connectivity.js';
import { describedEnum } from './enum.js';
import { Requires } from './requires.js';
import { DateTimeScalar } from './scalars.js';

export const ConnectivityVerdict = describedEnum<Verdict>(
  'ConnectivityVerdict',
  'Whether a device is there, judged by all that is known.',
  {
    NEVER_CONNECTED: 'No activity of the device is on record.',
    ONLINE: 'The hub sees the device connected.',
    STALE:
      'The hub sees it disconnected, but it was active within the last five minutes: the hub may lag.',
    OFFLINE: 'The device is disconnected, or disabled.',
  },
);

export const ConnectionState = describedEnum<'CONNECTED' | 'DISCONNECTED'>(
  'ConnectionState',
  "The hub's own view of the connection. It lags behind by up to minutes.",
  {
    CONNECTED: 'The hub sees a connection.',
    DISCONNECTED: 'The hub sees none.',
  },
);

@Requires('device:read')
@ObjectType({ description: 'A verdict on whether a device is there, with its evidence.' })
export class Connectivity implements ConnectivityShape {
  @Field(() => ConnectivityVerdict, { description: 'The verdict.' })
  readonly verdict!: Verdict;

  @Field(() => String, { description: 'Why, in one sentence.' })
  readonly reason!: string;

  @Field(() => ConnectionState, { description: "The hub's connection state, which lags." })
  readonly connectionState!: 'CONNECTED' | 'DISCONNECTED';

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the hub last saw activity; null if never.',
  })
  readonly lastActivityAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the device last reported a property; null if never.',
  })
  readonly lastReportedAt!: Date | null;
}
