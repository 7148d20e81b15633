import { Field, ObjectType } from 'type-graphql';
import { Operation } from './operation.js';

/** What every mutation that starts an operation gives. */
@ObjectType()
export abstract class Started {
  @Field(() => Operation, { description: 'Follow it with the subscription `operation`.' })
  readonly operation!: Operation;

  @Field(() => Boolean, {
    description:
      'Whether this request started it. False: the device is busy with it already, or it is the ' +
      'one of an earlier request with the same `idempotencyKey`.',
  })
  readonly started!: boolean;
}
