import type { Packet } from 'mqtt-packet';
import type { Client, Connection } from '../connection.js';
import { handleConnect } from './connect.js';
import { handleDisconnect } from './disconnect.js';
import { handlePingreq } from './pingreq.js';
import { handlePuback } from './puback.js';
import { handlePublish } from './publish.js';
import { handleSubscribe } from './subscribe.js';
import { handleUnsubscribe } from './unsubscribe.js';

/** Handles one packet. The first must be CONNECT, and no other may be [MQTT-3.1.0-1, MQTT-3.1.0-2]. */
export function handlePacket(connection: Connection, packet: Packet): void {
  const { state } = connection;
  if (state.kind === 'connected') {
    handleClientPacket(connection, state.client, packet);
  } else if (packet.cmd === 'connect') {
    handleConnect(connection, packet);
  } else {
    connection.violate(`${packet.cmd} came before connect`);
  }
}

function handleClientPacket(connection: Connection, client: Client, packet: Packet): void {
  switch (packet.cmd) {
    case 'publish':
      handlePublish(connection, client, packet);
      break;
    case 'puback':
      handlePuback(client, packet);
      break;
    case 'subscribe':
      handleSubscribe(connection, client, packet);
      break;
    case 'unsubscribe':
      handleUnsubscribe(connection, client, packet);
      break;
    case 'pingreq':
      handlePingreq(connection);
      break;
    case 'disconnect':
      handleDisconnect(connection);
      break;
    default:
      connection.violate(`a connected device may not send ${packet.cmd}`);
  }
}
