import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { SendMessageInput, SendMessagePayload } from '../schema/message.js';
import { Requires } from '../schema/requires.js';
import type { Started } from '../services/operation.js';
import type { Context } from './context.js';
import { messageInput } from './input.js';

@Resolver()
export class MessageResolver {
  @Requires('message:send')
  @Mutation(() => SendMessagePayload, {
    nullable: true,
    description:
      'Sends a cloud-to-device message, at most once: the hub keeps it until the device has completed it, or it ' +
      'expires. Returns as soon as the operation is on record; its success is that the device completed it.',
  })
  sendMessage(
    @Arg('input', () => SendMessageInput, { description: 'Which, and to which device.' })
    input: SendMessageInput,
    @Ctx() { caller, messages }: Context,
  ): Promise<Started> {
    return messages.send(caller, messageInput(input));
  }
}
