import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Clock, delay } from '../clock.js';
import { findSplit } from '../faults.js';
import type { Reply } from './reply.js';

/** Long enough for the two halves of a split answer to leave as two segments. */
const splitPauseMs = 20;

/** Where an answer goes. */
export interface Outlet {
  readonly response: ServerResponse;
  /** The TCP socket under the TLS one: only it can be reset. */
  readonly socket: Socket | undefined;
}

export function sendReply({ response }: Outlet, reply: Reply): void {
  if (response.destroyed) return;
  writeHead(response, reply);
  response.end(reply.body);
}

/** Promises the whole body, and ends the connection in its middle. */
export function sendHalf({ response }: Outlet, reply: Reply): void {
  if (response.destroyed) return;
  writeHead(response, reply);
  response.write(reply.body.subarray(0, reply.body.length >> 1), () => response.socket?.end());
}

export async function sendSplit({ response }: Outlet, reply: Reply, clock: Clock): Promise<void> {
  if (response.destroyed) return;
  writeHead(response, reply);
  const cut = findSplit(reply.body);
  response.socket?.setNoDelay(true);
  response.write(reply.body.subarray(0, cut));
  await delay(clock, splitPauseMs);
  response.end(reply.body.subarray(cut));
}

export function reset({ socket }: Outlet): void {
  socket?.resetAndDestroy();
}

function writeHead(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(reply.status === 204 ? {} : { 'Content-Length': reply.body.length }),
    Server: 'Microsoft-HTTPAPI/2.0',
    Vary: 'Origin',
    'x-ms-request-id': randomUUID(),
  });
}
