import type { IPublishPacket } from 'mqtt-packet';
import type { Client, Connection } from '../connection.js';
import { maxMessageBytes } from '../device-message.js';
import { type PacketExchange, performPacketExchange } from '../exchange.js';
import { answerMethodResponse } from '../publish/method-response.js';
import type { Publication } from '../publish/publication.js';
import { answerTelemetry } from '../publish/telemetry.js';
import { answerTwinGet } from '../publish/twin-get.js';
import { answerTwinReport } from '../publish/twin-report.js';
import { parsePublishTopic } from '../topics.js';

export function handlePublish(
  connection: Connection,
  client: Client,
  packet: IPublishPacket,
): void {
  const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
  const publication = { connection, client, packet, payload };
  const violation = findViolation(publication);
  const exchange = violation === undefined ? openExchange(publication) : undefined;
  if (exchange !== undefined) performPacketExchange(connection, exchange);
  else connection.violate(violation ?? 'the topic is not one for devices');
}

function findViolation({ packet, payload }: Publication): string | undefined {
  if (packet.qos === 2) return 'QoS 2 is not supported';
  if (payload.length > maxMessageBytes) return 'the message is too large';
  return undefined;
}

function openExchange(publication: Publication): PacketExchange | undefined {
  const { client, packet } = publication;
  const topic = parsePublishTopic(packet.topic, client.identity);
  switch (topic?.kind) {
    case undefined:
      return undefined;
    case 'telemetry':
      return answerTelemetry(publication, topic);
    case 'twinGet':
      return answerTwinGet(publication, topic);
    case 'twinReport':
      return answerTwinReport(publication, topic);
    case 'methodResponse':
      return answerMethodResponse(publication, topic);
  }
}
