import type { IPubackPacket } from 'mqtt-packet';
import type { Client } from '../connection.js';

/** The device has a message. An acknowledgement of something else is late, and harmless. */
export function handlePuback({ link }: Client, { messageId }: IPubackPacket): void {
  if (messageId !== undefined) link.acknowledge(messageId);
}
