import { Field, Int, ObjectType } from 'type-graphql';
import type { JsonValue } from '../services/json.js';
import { Requires } from './requires.js';
import { JsonScalar } from './scalars.js';

/** What is said of a message, whether it is asked for or shown. */
export const messageDescription = {
  name: 'Its name.',
  value: 'Its value.',
  contentType: 'The MIME type of the body.',
  contentEncoding: 'The encoding of the body.',
  correlationId: 'What the device may relate it to.',
  properties: 'What the application says beside the body.',
};

@Requires('operation:read')
@ObjectType({ description: 'An application property of a message.' })
export class MessageProperty {
  @Field(() => String, { description: messageDescription.name })
  readonly name!: string;

  @Field(() => String, { description: messageDescription.value })
  readonly value!: string;
}

@Requires('operation:read')
@ObjectType({
  description:
    "A cloud-to-device message. Its id is the operation's. Of `text`, `json` and `base64` one is its body.",
})
export class DeviceMessage {
  @Field(() => String, { nullable: true, description: 'Its body, if it is text.' })
  readonly text!: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Its body, if it is JSON.' })
  readonly json!: JsonValue;

  @Field(() => String, { nullable: true, description: 'Its body in base64, if it is bytes.' })
  readonly base64!: string | null;

  @Field(() => String, { nullable: true, description: messageDescription.contentType })
  readonly contentType!: string | null;

  @Field(() => String, { nullable: true, description: messageDescription.contentEncoding })
  readonly contentEncoding!: string | null;

  @Field(() => String, { nullable: true, description: messageDescription.correlationId })
  readonly correlationId!: string | null;

  @Field(() => [MessageProperty], { description: messageDescription.properties })
  readonly properties!: MessageProperty[];

  @Field(() => Int, { description: 'How long the hub keeps it for the device.' })
  readonly timeToLiveSeconds!: number;
}
