import { Field, ObjectType } from 'type-graphql';
import { Requires } from './requires.js';

@Requires('inherited')
@ObjectType({ description: 'Whether a list goes on, and where.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more may follow.' })
  readonly hasNextPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Give it as `after`, with the same filter, to go on. Null on the last page.',
  })
  readonly endCursor!: string | null;
}
