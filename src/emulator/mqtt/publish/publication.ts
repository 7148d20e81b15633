import type { IPublishPacket } from 'mqtt-packet';
import type { Client, Connection } from '../connection.js';

/** A published packet, with all that its answer may depend on. */
export interface Publication {
  readonly connection: Connection;
  readonly client: Client;
  readonly packet: IPublishPacket;
  readonly payload: Buffer;
}
