import { Field, ObjectType } from 'type-graphql';
import { Requires } from './requires.js';

@Requires('key:read')
@ObjectType({ description: 'One of the two symmetric keys of a device or module. A secret.' })
export class AccessKey {
  @Field(() => String, { description: 'The key, in base64.' })
  readonly key!: string;

  @Field(() => String, {
    description:
      'What the device SDKs take to connect: the host name of the hub, the ids and the key.',
  })
  readonly connectionString!: string;
}

@Requires('key:read')
@ObjectType({
  description:
    'The symmetric keys of a device or module: either lets it connect, so that one can be changed ' +
    'while the other is in use. Secrets.',
})
export class AccessKeys {
  @Field(() => AccessKey, { description: 'The first.' })
  readonly primary!: AccessKey;

  @Field(() => AccessKey, { description: 'The second.' })
  readonly secondary!: AccessKey;
}
