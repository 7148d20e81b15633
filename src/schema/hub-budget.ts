import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { RequestClass as ClassName } from '../services/hub/throttles.js';
import { describedEnum } from './enum.js';
import { Requires } from './requires.js';

export const RequestClass = describedEnum<ClassName>(
  'RequestClass',
  'Requests to a hub that draw on one of its throttles together.',
  {
    TWIN_READS: 'Point reads of twins.',
    TWIN_WRITES: 'Changes of tags and desired properties.',
    QUERIES: 'Pages of queries.',
    METHODS: 'Direct methods, in pieces of 4 KB.',
    MESSAGES: 'Cloud-to-device messages.',
    JOBS: 'Creating, listing and canceling jobs.',
    REGISTRY: 'Reads and changes of identities.',
  },
);

@Requires('hub:read')
@ObjectType({
  description:
    "What the gateway may ask of a hub, in one class of requests: its share of the hub's throttle.",
})
export class HubBudget {
  @Field(() => String, { description: 'The name of the hub.' })
  readonly hub!: string;

  @Field(() => RequestClass, { description: 'Which requests.' })
  readonly requestClass!: ClassName;

  @Field(() => Float, { description: 'The interval that the counts are of.' })
  readonly intervalSeconds!: number;

  @Field(() => Int, { description: 'Requests per interval when the hub is well.' })
  readonly limit!: number;

  @Field(() => Int, {
    description: 'Requests per interval now, after what the hub refused lately.',
  })
  readonly allowed!: number;

  @Field(() => Int, { description: 'Requests sent in the interval that ends now.' })
  readonly used!: number;

  @Field(() => Int, { description: 'Requests that wait for their turn.' })
  readonly waiting!: number;

  @Field(() => Int, { description: 'Requests that the hub refused with 429 since the start.' })
  readonly throttled!: number;
}
