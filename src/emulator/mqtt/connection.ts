import type { Duplex } from 'node:stream';
import { generate, type Packet, type Parser, parser } from 'mqtt-packet';
import { type Clock, delay } from '../clock.js';
import { findSplit } from '../faults.js';
import type { AuthenticationMethod } from '../hub/device-link.js';
import type { Hub } from '../hub/hub.js';
import { createOrigin, type DeviceMessage } from '../hub/hub-event.js';
import type { Identity } from '../hub/identity.js';
import type { Logger } from '../logger.js';
import type { MqttLink } from './link.js';
import type { Session, Sessions } from './session.js';

/** What all connections share. */
export interface MqttContext {
  readonly hub: Hub;
  readonly sessions: Sessions;
  readonly logger: Logger;
  /** What the hub makes of a packet. */
  readonly handlePacket: (connection: Connection, packet: Packet) => void;
}

/** A client that the hub has let in. */
export interface Client {
  readonly identity: Identity;
  readonly session: Session;
  readonly link: MqttLink;
  /** Without one, a device may not report properties. */
  readonly apiVersion: string | undefined;
  /** Silence longer than this ends the connection. */
  readonly silenceMs: number;
  /** When the token it came with ends, in milliseconds since 1970. */
  readonly expiresAtMs: number;
  readonly authenticationMethod: AuthenticationMethod;
}

export type ConnectionState =
  | { readonly kind: 'opened' }
  /** CONNECT has come and is being answered; what follows it waits. */
  | { readonly kind: 'connecting'; readonly waiting: Packet[] }
  | { readonly kind: 'admitted'; readonly client: Client; readonly waiting: Packet[] }
  | { readonly kind: 'connected'; readonly client: Client }
  | { readonly kind: 'closed' };

/** How long a client may take to say who it is. */
const connectTimeoutMs = 30_000;
/** A message has at most 256 KB, and its topic 64 KB. */
const maxPacketBytes = (256 + 64 + 1) * 1024;
/** A client that does not read is dropped before it fills the memory. */
const maxUnreadBytes = 4 * 1024 * 1024;
const splitPauseMs = 20;

/** The byte stream under a connection. */
export interface Transport {
  readonly stream: Duplex;
  /** Ends the stream as a crash would, without a farewell. */
  reset(): void;
  /** Of the certificate the client has shown, its SHA-1 and SHA-256 in hexadecimal; none without one. */
  thumbprints(): readonly string[];
}

/** One MQTT connection, over any byte stream. */
export class Connection {
  readonly context: MqttContext;
  state: ConnectionState = { kind: 'opened' };
  readonly transport: Transport;
  #stalled = false;
  /** What the hub is to send for the client if the connection ends without a DISCONNECT [MQTT-3.1.2-8]. */
  #will: DeviceMessage | undefined;
  readonly #parser: Parser & { parse(chunk: Buffer): number };
  #lastHeardMs: number;

  constructor(context: MqttContext, transport: Transport) {
    this.context = context;
    this.transport = transport;
    const { stream } = transport;
    this.#lastHeardMs = this.#clock.now().getTime();
    this.#parser = parser() as Parser & { parse(chunk: Buffer): number };
    this.#parser.on('packet', (packet: Packet) => this.receive(packet));
    this.#parser.on('error', (error: Error) => this.violate(error.message));
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('error', () => stream.destroy());
    stream.on('close', () => this.#close());
  }

  /** The hub answers a violation of the protocol by closing the connection, and nothing else. */
  violate(reason: string): void {
    this.context.logger.debug({ ...this.describe(), reason }, 'a device broke the protocol');
    this.transport.stream.destroy();
  }

  /** Handles a packet, or keeps it until CONNECT is answered. */
  receive(packet: Packet): void {
    if ('waiting' in this.state) this.state.waiting.push(packet);
    else if (this.state.kind !== 'closed') this.context.handlePacket(this, packet);
  }

  /** The handshake has succeeded. What came after CONNECT waits until `resume`. */
  admit(client: Client, will: DeviceMessage | undefined): void {
    const waiting = this.state.kind === 'connecting' ? this.state.waiting : [];
    this.#lastHeardMs = this.#clock.now().getTime();
    this.state = { kind: 'admitted', client, waiting };
    this.#will = will;
  }

  /** Whether the hub may send: nothing goes before CONNACK [MQTT-3.2.0-1]. */
  get isServed(): boolean {
    return this.state.kind === 'connected';
  }

  /** CONNACK is out: handles what waited for it. */
  resume(): void {
    if (this.state.kind !== 'admitted') return;
    const { client, waiting } = this.state;
    this.state = { kind: 'connected', client };
    this.context.hub.links.noteSubscriptions(client.identity);
    for (const packet of waiting) this.receive(packet);
  }

  send(packet: Packet): void {
    this.write(generate(packet));
  }

  write(bytes: Buffer): void {
    if (this.state.kind === 'closed' || this.#stalled) return;
    this.transport.stream.write(bytes);
    if (this.transport.stream.writableLength > maxUnreadBytes) this.violate('it does not read');
  }

  writeHalf(bytes: Buffer): void {
    this.write(bytes.subarray(0, bytes.length >> 1));
    this.end();
  }

  async writeSplit(bytes: Buffer): Promise<void> {
    const cut = findSplit(bytes);
    this.write(bytes.subarray(0, cut));
    await delay(this.#clock, splitPauseMs);
    this.write(bytes.subarray(cut));
  }

  /** The client leaves in order: its will is void [MQTT-3.14.4-3]. */
  leave(): void {
    this.#will = undefined;
    this.end();
  }

  /** Closes after what was written has left. */
  end(): void {
    this.transport.stream.end(() => this.transport.stream.destroy());
  }

  /** From now on the connection is as one whose network has died: open, and silent. */
  stall(): void {
    this.#stalled = true;
    this.transport.stream.pause();
  }

  reset(): void {
    this.transport.reset();
  }

  /** Whether the client has been silent for too long, or its token has ended. */
  isOverdue(nowMs: number): boolean {
    if (!('client' in this.state)) return nowMs > this.#lastHeardMs + connectTimeoutMs;
    const { silenceMs, expiresAtMs } = this.state.client;
    return nowMs > this.#lastHeardMs + silenceMs || nowMs > expiresAtMs;
  }

  /** Names the client in a log. */
  describe(): { readonly deviceId?: string } {
    return 'client' in this.state ? { deviceId: this.state.client.identity.deviceId } : {};
  }

  get #clock(): Clock {
    return this.context.hub.clock;
  }

  #read(chunk: Buffer): void {
    if (this.state.kind === 'closed') return;
    // Who has not been let in wins no time by sending.
    if ('client' in this.state) this.#lastHeardMs = this.#clock.now().getTime();
    const { stream } = this.transport;
    stream.cork(); // the answers to what has come together leave together
    const unparsedBytes = this.#parser.parse(chunk);
    stream.uncork();
    if (unparsedBytes > maxPacketBytes) this.violate('its packet is too large');
  }

  #close(): void {
    const { state } = this;
    this.state = { kind: 'closed' };
    if (!('client' in state)) return;
    this.#sendWill(state.client);
    this.context.hub.links.detach(state.client.identity, state.client.link);
  }

  /** For a device that was deleted meanwhile the hub sends nothing any more. */
  #sendWill(client: Client): void {
    const { registry, events, throttles } = this.context.hub;
    if (this.#will === undefined || registry.find(client.identity) !== client.identity) return;
    throttles.charge('mqtt.telemetry', { received: this.#will.body.length });
    events.append(createOrigin(client.identity, client.authenticationMethod), this.#will);
  }
}
