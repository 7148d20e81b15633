import type { IUnsubscribePacket } from 'mqtt-packet';
import type { Client, Connection } from '../connection.js';
import { parseFilter } from '../topics.js';

export function handleUnsubscribe(
  connection: Connection,
  client: Client,
  packet: IUnsubscribePacket,
): void {
  for (const filter of packet.unsubscriptions) {
    const kind = parseFilter(filter, client.identity);
    if (kind !== undefined) client.session.subscriptions.delete(kind);
  }
  connection.context.hub.links.noteSubscriptions(client.identity);
  // Acknowledged also when there was nothing to unsubscribe from [MQTT-3.10.4-5].
  connection.send({ cmd: 'unsuback', messageId: packet.messageId ?? 0, granted: [] });
}
