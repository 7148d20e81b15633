import type { IPublishPacket, Packet } from 'mqtt-packet';

/** PUBACK for QoS 1, nothing for QoS 0 [MQTT-4.3.2-2]. */
export function acknowledge({ qos, messageId }: IPublishPacket): readonly Packet[] {
  return qos === 0 || messageId === undefined ? [] : [{ cmd: 'puback', messageId }];
}
