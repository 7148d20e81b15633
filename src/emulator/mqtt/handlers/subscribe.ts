import type { ISubscribePacket, ISubscription } from 'mqtt-packet';
import type { Client, Connection } from '../connection.js';
import { performPacketExchange } from '../exchange.js';
import { parseFilter } from '../topics.js';

const refused = 0x80;
/** "A device can only subscribe to five topics at a time." */
const maxSubscriptions = 5;

export function handleSubscribe(
  connection: Connection,
  client: Client,
  packet: ISubscribePacket,
): void {
  const { identity } = client;
  const messageId = packet.messageId ?? 0;
  performPacketExchange(connection, {
    call: {
      operation: 'mqtt.subscribe',
      deviceId: identity.deviceId,
      moduleId: identity.moduleId,
    },
    process() {
      const granted = packet.subscriptions.map((subscription) => grant(client, subscription));
      return {
        status: 200,
        packets: [{ cmd: 'suback', messageId, granted }],
        // What has waited for the subscription follows its acknowledgement.
        afterwards: () => connection.context.hub.links.noteSubscriptions(identity),
      };
    },
    refuse(error) {
      const granted = packet.subscriptions.map(() => refused);
      return { status: error.status, packets: [{ cmd: 'suback', messageId, granted }] };
    },
  });
}

/** The hub never grants more than QoS 1. */
function grant(client: Client, { topic, qos }: ISubscription): number {
  const { subscriptions } = client.session;
  const kind = parseFilter(topic, client.identity);
  if (kind === undefined) return refused;
  if (!subscriptions.has(kind) && subscriptions.size >= maxSubscriptions) return refused;
  const granted = qos === 0 ? 0 : 1;
  subscriptions.set(kind, granted);
  return granted;
}
