import { createOrigin } from '../../hub/hub-event.js';
import { readDeviceMessage } from '../device-message.js';
import type { PacketExchange } from '../exchange.js';
import type { PublishTopic } from '../topics.js';
import { acknowledge } from './acknowledge.js';
import type { Publication } from './publication.js';

type TelemetryTopic = Extract<PublishTopic, { kind: 'telemetry' }>;

/** A device-to-cloud message. */
export function answerTelemetry(
  { connection, client, packet, payload }: Publication,
  { properties }: TelemetryTopic,
): PacketExchange {
  const { deviceId, moduleId } = client.identity;
  return {
    call: { operation: 'mqtt.telemetry', deviceId, moduleId },
    process() {
      const { links, events, throttles } = connection.context.hub;
      throttles.charge('mqtt.telemetry', { received: payload.length });
      links.noteActivity(client.identity);
      // A copy: the payload is a view that would keep all that came with it in memory.
      const message = readDeviceMessage(Buffer.from(payload), {
        bag: properties,
        retain: packet.retain,
      });
      events.append(createOrigin(client.identity, client.authenticationMethod), message);
      return { status: 200, packets: acknowledge(packet) };
    },
    // A message has no answer that could say no: the hub closes the connection instead.
    refuse: (error) => ({ status: error.status, packets: [], closes: true }),
  };
}
