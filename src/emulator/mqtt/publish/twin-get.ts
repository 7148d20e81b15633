import type { PacketExchange } from '../exchange.js';
import type { PublishTopic } from '../topics.js';
import type { Publication } from './publication.js';
import { refuseTwin, replyTwin } from './twin-reply.js';

type TwinGetTopic = Extract<PublishTopic, { kind: 'twinGet' }>;

/** The device asks for its twin. */
export function answerTwinGet(
  publication: Publication,
  { requestId }: TwinGetTopic,
): PacketExchange {
  const { hub } = publication.connection.context;
  const { identity } = publication.client;
  return {
    call: {
      operation: 'mqtt.twin.get',
      deviceId: identity.deviceId,
      moduleId: identity.moduleId,
    },
    process() {
      const payload = JSON.stringify(hub.twins.read(identity));
      hub.throttles.charge('mqtt.twin.get', { sent: payload.length });
      return replyTwin(publication, requestId, { status: 200, payload });
    },
    refuse: (error) => refuseTwin(publication, requestId, error),
  };
}
