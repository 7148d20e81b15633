import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { JsonValue } from '../services/json.js';
import { messageDescription as description } from './device-message.js';
import { idempotencyKeyDescription } from './idempotency-key.js';
import { reasonForAudit } from './reason.js';
import { Requires } from './requires.js';
import { JsonScalar } from './scalars.js';
import { Started } from './started.js';

@InputType({ description: 'An application property of a message.' })
export class MessagePropertyInput {
  @Field(() => String, { description: description.name })
  readonly name!: string;

  @Field(() => String, { description: description.value })
  readonly value!: string;
}

@InputType({ description: 'What a message says: exactly one of these.' })
export class MessageBodyInput {
  @Field(() => String, { nullable: true, description: 'Text, sent as UTF-8.' })
  readonly text?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'A JSON value, sent as its text in UTF-8. For a bare null, give it as text.',
  })
  readonly json?: JsonValue;

  @Field(() => String, { nullable: true, description: 'Bytes, in base64.' })
  readonly base64?: string | null;
}

@InputType({ description: 'Which message to send to which device.' })
export class SendMessageInput {
  @Field(() => ID, { description: 'A `Device.id`, or a device id while there is one hub.' })
  readonly deviceId!: string;

  @Field(() => MessageBodyInput, {
    description: 'What it says. With its properties it is at most 64 KiB.',
  })
  readonly body!: MessageBodyInput;

  @Field(() => String, {
    nullable: true,
    description: `${description.contentType} Left out: \`application/json\` of JSON, \`text/plain\` of text, none of bytes.`,
  })
  readonly contentType?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `${description.contentEncoding} Left out: \`utf-8\` of JSON and text, none of bytes.`,
  })
  readonly contentEncoding?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `${description.correlationId} At most 128 characters.`,
  })
  readonly correlationId?: string | null;

  @Field(() => [MessagePropertyInput], {
    nullable: true,
    description: `${description.properties} Names differ, and do not begin with \`$\` or \`iothub-\`.`,
  })
  readonly properties?: MessagePropertyInput[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How long the hub keeps it for the device, 1 to 172800 s (two days), from the sending. Left out: an hour.',
  })
  readonly timeToLiveSeconds?: number | null;

  @Field(() => String, {
    nullable: true,
    description: idempotencyKeyDescription,
  })
  readonly idempotencyKey?: string | null;

  @Field(() => String, { nullable: true, description: reasonForAudit })
  readonly reason?: string | null;
}

@Requires('operation:read')
@ObjectType({ description: 'The message that was asked for.' })
export class SendMessagePayload extends Started {}
