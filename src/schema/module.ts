import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type {
  AuthenticationType as Authentication,
  TwinSource as Source,
} from '../services/hub/twin.js';
import type { JsonObject } from '../services/json.js';
import { AccessKeys } from './access-keys.js';
import { AuthenticationInput, AuthenticationType } from './authentication.js';
import { ConnectionState } from './connectivity.js';
import { TwinSource } from './device.js';
import { reasonForAudit } from './reason.js';
import { Requires } from './requires.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

@Requires('device:read')
@ObjectType({ description: 'A module of a device: an identity with keys and a twin of its own.' })
export class Module {
  @Field(() => ID, { description: 'Opaque and stable.' })
  readonly id!: string;

  @Field(() => String, { description: 'The name of the hub it belongs to.' })
  readonly hub!: string;

  @Field(() => String, { description: 'The id of its device within the hub.' })
  readonly deviceId!: string;

  @Field(() => String, { description: 'Its id within the device.' })
  readonly moduleId!: string;

  @Field(() => AuthenticationType, { description: 'How it proves who it is.' })
  readonly authenticationType!: Authentication;

  @Field(() => ConnectionState, { description: "The hub's view of its connection." })
  readonly connectionState!: 'CONNECTED' | 'DISCONNECTED';

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the hub last heard of it; null if never.',
  })
  readonly lastActivityAt!: Date | null;

  @Field(() => JsonScalar, { description: 'Tags: notes of the back end, unseen by the module.' })
  readonly tags!: JsonObject;

  @Field(() => JsonScalar, { description: 'Desired properties: what the back end asks of it.' })
  readonly desired!: JsonObject;

  @Field(() => JsonScalar, { description: 'Reported properties: what it says of itself.' })
  readonly reported!: JsonObject;

  @Field(() => String, {
    description: 'Moves with tags and desired properties. For `ifMatch` of `updateTwin`.',
  })
  readonly etag!: string;

  @Field(() => String, {
    description: 'Moves with the identity. For `ifMatch` of `deleteModule` and `rotateKeys`.',
  })
  readonly identityEtag!: string;

  @Field(() => Int, { description: 'Grows with every change of the twin.' })
  readonly version!: number;

  @Field(() => DateTimeScalar, {
    description: "When the gateway had it from the hub, by the gateway's clock.",
  })
  readonly observedAt!: Date;

  @Field(() => TwinSource, { description: 'How it came from the hub.' })
  readonly source!: Source;
}

@InputType({ description: 'A module to create.' })
export class CreateModuleInput {
  @Field(() => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
  readonly deviceId!: string;

  @Field(() => ID, {
    description:
      'What to call it: 1 to 128 letters, digits and most punctuation, no `$` at the start.',
  })
  readonly moduleId!: string;

  @Field(() => AuthenticationInput, {
    nullable: true,
    description: 'How it proves who it is. Left out: by two random keys.',
  })
  readonly authentication?: AuthenticationInput | null;

  @Field(() => String, { nullable: true, description: 'Who deploys it, for the record.' })
  readonly managedBy?: string | null;
}

@Requires('device:read')
@ObjectType({ description: 'The module that was created.' })
export class CreateModulePayload {
  @Field(() => Module, { description: 'As it now is.' })
  readonly module!: Module;

  @Requires('key:read')
  @Field(() => AccessKeys, {
    nullable: true,
    description: 'Its keys; null where it proves itself by certificates.',
  })
  readonly accessKeys!: AccessKeys | null;
}

@InputType({ description: 'A module to delete.' })
export class DeleteModuleInput {
  @Field(() => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
  readonly deviceId!: string;

  @Field(() => ID, { description: 'Its id within the device.' })
  readonly moduleId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Only if this is its `identityEtag`. Left out: whatever it is.',
  })
  readonly ifMatch?: string | null;

  @Field(() => String, { nullable: true, description: reasonForAudit })
  readonly reason?: string | null;
}

@Requires('module:delete')
@ObjectType({ description: 'The module that is no more.' })
export class DeleteModulePayload {
  @Field(() => String, { description: 'The hub it belonged to.' })
  readonly hub!: string;

  @Field(() => String, { description: 'The id of its device within the hub.' })
  readonly deviceId!: string;

  @Field(() => String, { description: 'Its id within the device.' })
  readonly moduleId!: string;
}
