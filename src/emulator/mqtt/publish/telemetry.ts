import type { PacketExchange } from '../exchange.js';
import { acknowledge } from './acknowledge.js';
import type { Publication } from './publication.js';

/** A device-to-cloud message. */
export function answerTelemetry({ connection, client, packet }: Publication): PacketExchange {
  const { deviceId, moduleId } = client.identity;
  return {
    call: { operation: 'mqtt.telemetry', deviceId, moduleId },
    process() {
      connection.context.hub.links.noteActivity(client.identity);
      return { status: 200, packets: acknowledge(packet) };
    },
    // A message has no answer that could say no: the hub closes the connection instead.
    refuse: (error) => ({ status: error.status, packets: [], closes: true }),
  };
}
