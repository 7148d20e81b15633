import type { Connection } from '../connection.js';

export function handleDisconnect(connection: Connection): void {
  connection.leave();
}
