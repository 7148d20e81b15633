import type { PacketExchange } from '../exchange.js';
import type { PublishTopic } from '../topics.js';
import { acknowledge } from './acknowledge.js';
import type { Publication } from './publication.js';

type MethodResponseTopic = Extract<PublishTopic, { kind: 'methodResponse' }>;

/** The device answers a direct method. */
export function answerMethodResponse(
  { connection, client, packet, payload }: Publication,
  { requestId, status }: MethodResponseTopic,
): PacketExchange {
  const { deviceId, moduleId } = client.identity;
  return {
    call: { operation: 'mqtt.method.response', deviceId, moduleId },
    process() {
      connection.context.hub.methods.respond(client.link, requestId, status, payload);
      return { status: 200, packets: acknowledge(packet) };
    },
    refuse: (error) => ({ status: error.status, packets: [], closes: true }),
  };
}
