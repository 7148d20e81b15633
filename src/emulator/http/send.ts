import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Clock, delay } from '../clock.js';
import { findSplit } from '../faults.js';
import type { Reply } from './reply.js';

/** Long enough for the two halves of a split answer to leave as two segments. */
const splitPauseMs = 20;

const JSON_TYPE = 'application/json; charset=utf-8';

/** Where an answer goes. */
export interface Outlet {
  readonly response: ServerResponse;
  /** Resets the connection instead of answering. */
  reset(): void;
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
  const body = Buffer.from(reply.body);
  response.write(body.subarray(0, body.length >> 1), () => response.socket?.end());
}

export async function sendSplit({ response }: Outlet, reply: Reply, clock: Clock): Promise<void> {
  if (response.destroyed) return;
  writeHead(response, reply);
  const body = Buffer.from(reply.body);
  const cut = findSplit(body);
  response.socket?.setNoDelay(true);
  response.write(body.subarray(0, cut));
  await delay(clock, splitPauseMs);
  response.end(body.subarray(cut));
}

/** A list, as Node also takes it: merging objects takes longer than all else that is done for a twin. */
function writeHead(
  response: ServerResponse,
  { status, headers, body, contentType = JSON_TYPE }: Reply,
): void {
  const list: string[] = [];
  for (const name in headers) list.push(name, headers[name] ?? '');
  // SDKs leave a body unread that does not say what it is.
  if (body !== '') list.push('Content-Type', contentType);
  if (status !== 204) list.push('Content-Length', String(Buffer.byteLength(body)));
  list.push('Server', 'Microsoft-HTTPAPI/2.0', 'Vary', 'Origin', 'x-ms-request-id', randomUUID());
  response.writeHead(status, list);
}
