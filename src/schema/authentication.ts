import { Field, InputType, ObjectType } from 'type-graphql';
import type { AuthenticationType as Type } from '../services/hub/twin.js';
import { describedEnum } from './enum.js';
import { Requires } from './requires.js';

export const AuthenticationType = describedEnum<Type>(
  'AuthenticationType',
  'How a device or module proves who it is.',
  {
    SAS: 'By one of two symmetric keys.',
    SELF_SIGNED: 'By a certificate whose thumbprint the hub knows.',
    CERTIFICATE_AUTHORITY: 'By a certificate of an authority that the hub trusts.',
    NONE: 'Not by itself: a module that the Azure IoT Edge runtime starts.',
  },
);

@Requires('device:read')
@ObjectType({ description: 'The thumbprints of the certificates that a device may show.' })
export class Thumbprints {
  @Field(() => String, { nullable: true, description: 'Of the first certificate.' })
  readonly primary!: string | null;

  @Field(() => String, { nullable: true, description: 'Of the second, while certificates change.' })
  readonly secondary!: string | null;
}

@InputType({ description: 'Two symmetric keys of your own.' })
export class SymmetricKeysInput {
  @Field(() => String, { description: 'The base64 of 16 to 64 bytes.' })
  readonly primaryKey!: string;

  @Field(() => String, { description: 'The base64 of 16 to 64 bytes.' })
  readonly secondaryKey!: string;
}

@InputType({ description: 'Thumbprints of certificates: 40 (SHA-1) or 64 (SHA-256) hex digits.' })
export class ThumbprintsInput {
  @Field(() => String, { description: 'Of the first certificate.' })
  readonly primary!: string;

  @Field(() => String, { nullable: true, description: 'Of the second.' })
  readonly secondary?: string | null;
}

@InputType({
  description: 'How a new device or module proves who it is. At most one of these may be given.',
})
export class AuthenticationInput {
  @Field(() => SymmetricKeysInput, {
    nullable: true,
    description: 'Keys of your own. Nothing given: the gateway makes two random ones.',
  })
  readonly symmetricKeys?: SymmetricKeysInput | null;

  @Field(() => ThumbprintsInput, {
    nullable: true,
    description: 'By certificates with these thumbprints.',
  })
  readonly thumbprints?: ThumbprintsInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'By a certificate of an authority that is registered with the hub.',
  })
  readonly certificateAuthority?: boolean | null;
}
