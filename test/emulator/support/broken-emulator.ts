import { once } from 'node:events';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer as createHttpsServer, request as sendRequest } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { generate, type Packet, parser } from 'mqtt-packet';
import { issueCertificates } from '../../../src/emulator/certificates.js';
import { createHostNames } from '../../../src/emulator/host-names.js';
import type { Doors } from '../../conformance/support/target.js';
import type { TestEmulator } from './emulator.js';
import {
  type Mutation,
  mutateAmqp,
  mutateHeaders,
  mutatePacket,
  mutateStatus,
  mutateText,
} from './mutation.js';

/** An emulator behind doors of its own, at which one thing is broken. */
export interface BrokenEmulator extends AsyncDisposable {
  readonly doors: Doors;
}

/** Without a mutation the doors change nothing. */
export async function breakEmulator(
  emulator: TestEmulator,
  mutation?: Mutation,
): Promise<BrokenEmulator> {
  const certificates = await issueCertificates(emulator.dataDir, createHostNames(), new Date());
  const tls = { key: certificates.privateKey, cert: certificates.certificate };
  const door: Door = {
    emulator,
    mutation,
    agent: new Agent({ keepAlive: true, ca: emulator.ca }),
  };

  const https = createHttpsServer(tls, (request, response) => {
    forward(door, request, response).catch(() => response.destroy());
  });
  https.on('upgrade', (request: IncomingMessage, socket: Duplex) => upgrade(door, request, socket));
  const mqtt = createTlsServer(tls, (socket) => relayMqtt(door, socket));
  const amqp = createTlsServer(tls, (socket) => relayAmqp(door, socket));
  const servers = [https, mqtt, amqp];
  const sockets = new Set<Socket>();
  for (const server of servers) track(server, sockets);

  return {
    doors: { https: await listen(https), mqtt: await listen(mqtt), amqp: await listen(amqp) },
    async [Symbol.asyncDispose]() {
      door.agent.destroy();
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map(closeServer));
    },
  };
}

interface Door {
  readonly emulator: TestEmulator;
  readonly mutation: Mutation | undefined;
  readonly agent: Agent;
}

async function forward(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const sent = sendRequest({
    host: 'localhost',
    port: door.emulator.httpsPort,
    agent: door.agent,
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
  });
  request.pipe(sent);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  answerFaultily(door, { answer, text: Buffer.concat(chunks).toString('utf8') }, response);
}

function answerFaultily(
  { mutation }: Door,
  { answer, text }: { readonly answer: IncomingMessage; readonly text: string },
  response: ServerResponse,
): void {
  const status = answer.statusCode ?? 0;
  const { 'content-length': _, ...headers } = answer.headers;
  response.writeHead(
    mutation === 'status' ? mutateStatus(status) : status,
    mutation === 'headers' ? mutateHeaders(headers) : headers,
  );
  response.end(mutation === 'body' && text !== '' ? mutateText(text) : text);
}

/** The answer to an upgrade is text like any other; what follows it is passed on as it is. */
function upgrade({ emulator, mutation }: Door, request: IncomingMessage, socket: Duplex) {
  const upstream = open(emulator, emulator.httpsPort);
  const head = request.rawHeaders.reduce(
    (text, part, index) => text + (index % 2 === 0 ? `${part}: ` : `${part}\r\n`),
    `${request.method} ${request.url} HTTP/1.1\r\n`,
  );
  upstream.write(`${head}\r\n`);
  upstream.once('data', (first: Buffer) => {
    const text = first.toString('latin1');
    const answer = mutation === 'upgrade' ? mutateUpgrade(text) : text;
    socket.write(Buffer.from(answer, 'latin1'));
    if (mutation !== 'silence') upstream.on('data', (chunk: Buffer) => socket.write(chunk));
  });
  socket.on('data', (chunk: Buffer) => upstream.write(chunk));
  endTogether(socket, upstream);
}

function mutateUpgrade(text: string): string {
  if (!text.startsWith('HTTP/1.1 101')) return text.replace(/ 404 .*/, ' 500 Broken');
  return text.replace(/Sec-WebSocket-Protocol: .*\r\n/i, '');
}

function relayMqtt({ emulator, mutation }: Door, client: Socket): void {
  const upstream = open(emulator, emulator.mqttPort);
  client.on('data', (chunk: Buffer) => upstream.write(chunk));
  const decoder = parser() as ReturnType<typeof parser> & { parse(chunk: Buffer): number };
  decoder.on('packet', (packet: Packet) => {
    const packets = mutation === undefined ? [packet] : mutatePacket(mutation, packet);
    for (const each of packets) client.write(generate(each));
  });
  upstream.on('data', (chunk: Buffer) => decoder.parse(chunk));
  upstream.on('error', () => upstream.destroy());
  client.on('error', () => client.destroy());
  client.on('close', () => upstream.destroy());
  upstream.on('close', () => {
    if (mutation !== 'linger') client.destroy();
  });
}

function relayAmqp({ emulator, mutation }: Door, client: Socket): void {
  const upstream = open(emulator, emulator.amqpPort ?? 0);
  client.on('data', (chunk: Buffer) => upstream.write(chunk));
  upstream.on('data', (chunk: Buffer) => {
    client.write(mutation === 'amqp' ? mutateAmqp(chunk) : chunk);
  });
  endTogether(client, upstream);
}

function open({ ca }: TestEmulator, port: number): Socket {
  return connectTls({ host: 'localhost', port, ca, servername: 'localhost' });
}

function endTogether(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => from.destroy());
    from.on('close', () => to.destroy());
  }
}

function track(server: Server | HttpServer, sockets: Set<Socket>): void {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
