import { Field, Int, ObjectType } from 'type-graphql';
import type { HubAuthentication as Authentication } from '../services/hubs.js';
import type { HubFailureCode as Code } from '../services/query/unavailable.js';
import { describedEnum } from './enum.js';
import { Requires } from './requires.js';
import { DateTimeScalar } from './scalars.js';

export const HubAuthentication = describedEnum<Authentication>(
  'HubAuthentication',
  'How the gateway proves to a hub who it is.',
  {
    SHARED_ACCESS_KEY: 'By the key of a shared access policy.',
    ENTRA_ID: 'By a token of Microsoft Entra ID; the gateway holds no key.',
  },
);

export const HubFailureCode = describedEnum<Code>(
  'HubFailureCode',
  'Why a hub gave no answer; as the codes of errors.',
  {
    HUB_UNAVAILABLE: 'It was not reached, or gave no usable answer.',
    HUB_THROTTLED: 'It is too busy, or the budget of the gateway is used up. Ask again later.',
    HUB_UNAUTHORIZED: 'It does not let the gateway in.',
  },
);

@Requires('inherited')
@ObjectType({ description: 'A hub whose part is missing, and why.' })
export class HubFailure {
  @Field(() => String, { description: 'The name of the hub.' })
  readonly hub!: string;

  @Field(() => HubFailureCode, { description: 'What went wrong.' })
  readonly code!: Code;

  @Field(() => String, { description: 'The same in words.' })
  readonly message!: string;
}

@Requires('hub:read')
@ObjectType({ description: 'A hub that the gateway serves.' })
export class Hub {
  @Field(() => String, {
    description: 'Its name, as in `Device.hub`: `pumps` of `pumps.azure-devices.net`.',
  })
  readonly name!: string;

  @Field(() => HubAuthentication, { description: 'How the gateway proves to it who it is.' })
  readonly authentication!: Authentication;

  @Field(() => String, { description: 'Its tier, as configured: a hub does not tell it.' })
  readonly tier!: string;

  @Field(() => Int, { description: 'How many units it has, as configured.' })
  readonly units!: number;

  @Field(() => Boolean, { description: 'Whether it answered when it was last asked.' })
  readonly reachable!: boolean;

  @Field(() => HubFailure, { nullable: true, description: 'Why it did not.' })
  readonly failure!: HubFailure | null;

  @Field(() => DateTimeScalar, {
    description: 'When it was last asked: at most twice a minute, for it costs a query.',
  })
  readonly checkedAt!: Date;
}
