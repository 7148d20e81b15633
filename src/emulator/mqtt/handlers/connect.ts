import type { IConnectPacket } from 'mqtt-packet';
import type { CallTarget } from '../../calls.js';
import { HubError } from '../../errors.js';
import type { DeviceMessage } from '../../hub/hub-event.js';
import type { Identity } from '../../hub/identity.js';
import { authenticate, type Credential } from '../authenticate.js';
import type { Connection } from '../connection.js';
import { readWill } from '../device-message.js';
import { type Answer, performPacketExchange } from '../exchange.js';
import { createMqttLink } from '../link.js';
import type { Session } from '../session.js';
import { parseUserName, type UserName } from '../user-name.js';

/** CONNACK's return codes [MQTT 3.1.1, table 3.1]. */
const accepted = 0;
const unacceptableProtocol = 1;
const identifierRejected = 2;
const serverUnavailable = 3;
const notAuthorized = 5;

/** The longest keep-alive a hub grants, in seconds. It also bounds a client that asks for none. */
const maxKeepAlive = 1767;
/** MQTT 3.1.1. */
const protocolLevel = 4;

/** What the handshake has found out so far: each step adds its part. */
interface Handshake {
  readonly connection: Connection;
  readonly packet: IConnectPacket;
  userName?: UserName;
  identity?: Identity;
  credential?: Credential;
  will?: DeviceMessage | undefined;
  session?: Session;
  sessionPresent?: boolean;
}

class ConnectRefused extends Error {
  constructor(readonly returnCode: number) {
    super(`the connection is refused with return code ${returnCode}`);
  }
}

/** The handshake, in order. A step that throws ends it. */
const steps: readonly ((handshake: Handshake) => void)[] = [
  checkProtocol,
  readUserName,
  findIdentity,
  checkCredential,
  checkWill,
  openSession,
  admit,
];

export function handleConnect(connection: Connection, packet: IConnectPacket): void {
  const waiting: Parameters<Connection['receive']>[0][] = [];
  connection.state = { kind: 'connecting', waiting };
  performPacketExchange(connection, {
    call: describeCall(packet),
    process: () => shakeHands({ connection, packet }),
    refuse: (error) => refuse(error.status === 401 ? notAuthorized : serverUnavailable),
  });
}

function shakeHands(handshake: Handshake): Answer {
  const { connection } = handshake;
  try {
    for (const step of steps) step(handshake);
  } catch (error) {
    if (error instanceof ConnectRefused) return refuse(error.returnCode);
    throw error;
  }
  const sessionPresent = known(handshake.sessionPresent);
  return {
    status: 200,
    packets: [{ cmd: 'connack', returnCode: accepted, sessionPresent }],
    afterwards: () => connection.resume(),
  };
}

function checkProtocol({ packet }: Handshake): void {
  if (packet.protocolVersion !== protocolLevel) throw new ConnectRefused(unacceptableProtocol); // [MQTT-3.1.2-2]
}

function readUserName(handshake: Handshake): void {
  const { clientId, username } = handshake.packet;
  if (clientId === '') throw new ConnectRefused(identifierRejected); // [MQTT-3.1.3-9]
  const userName = parseUserName(username ?? '');
  if (userName === undefined || clientId !== formatClientId(userName)) {
    throw new ConnectRefused(notAuthorized);
  }
  handshake.userName = userName;
}

function findIdentity(handshake: Handshake): void {
  const { hub } = handshake.connection.context;
  const { deviceId, moduleId } = known(handshake.userName);
  const device = hub.registry.find({ deviceId });
  const identity = hub.registry.find({ deviceId, moduleId });
  // A hub does not tell a stranger whether a device exists, and a module is enabled with its device.
  if (device?.state.status !== 'enabled' || identity === undefined) {
    throw new ConnectRefused(notAuthorized);
  }
  handshake.identity = identity;
}

function checkCredential(handshake: Handshake): void {
  const { connection, packet } = handshake;
  const { hub, logger } = connection.context;
  const identity = known(handshake.identity);
  try {
    const password = packet.password?.toString('utf8') ?? '';
    const thumbprints = connection.transport.thumbprints();
    handshake.credential = authenticate(hub, identity, { password, thumbprints });
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    logger.debug({ deviceId: identity.deviceId, reason: error.message }, 'a device was refused');
    throw new ConnectRefused(notAuthorized);
  }
}

/** A will is telemetry that is sent later: where telemetry would break the protocol, so does the will. */
function checkWill(handshake: Handshake): void {
  const { will } = handshake.packet;
  if (will === undefined) return;
  const message = readWill(will, known(handshake.identity));
  if (message === undefined) throw new ConnectRefused(notAuthorized);
  handshake.will = message;
}

function openSession(handshake: Handshake): void {
  const { sessions } = handshake.connection.context;
  const identity = known(handshake.identity);
  if (handshake.packet.clean) {
    handshake.session = sessions.discard(identity);
    handshake.sessionPresent = false;
  } else {
    const { session, present } = sessions.resume(identity);
    handshake.session = session;
    handshake.sessionPresent = present; // [MQTT-3.2.2-2]
  }
}

/** From here on the hub knows the device as connected; an older connection of its is closed [MQTT-3.1.4-2]. */
function admit(handshake: Handshake): void {
  const { connection, packet } = handshake;
  const identity = known(handshake.identity);
  const session = known(handshake.session);
  const { apiVersion, modelId } = known(handshake.userName);
  const credential = known(handshake.credential);
  const keepAlive = Math.min(packet.keepalive || maxKeepAlive, maxKeepAlive);
  const client = {
    identity,
    session,
    link: createMqttLink(connection, session, identity),
    apiVersion,
    silenceMs: keepAlive * 1500, // one and a half times the keep-alive [MQTT-3.1.2-24]
    expiresAtMs: credential.expiresAtMs,
    authenticationMethod: credential.method,
  };
  connection.admit(client, handshake.will);
  connection.context.hub.links.attach(identity, client.link, modelId ?? '');
}

/** Nothing follows a refusal but the end of the connection [MQTT-3.2.2-5]. */
function refuse(returnCode: number): Answer {
  return {
    status: returnCode === notAuthorized ? 401 : returnCode === serverUnavailable ? 503 : 400,
    packets: [{ cmd: 'connack', returnCode, sessionPresent: false }],
    closes: true,
  };
}

function describeCall({ username, clientId }: IConnectPacket): CallTarget {
  const userName = parseUserName(username ?? '');
  return {
    operation: 'mqtt.connect',
    deviceId: userName?.deviceId ?? clientId,
    moduleId: userName?.moduleId,
  };
}

function formatClientId({ deviceId, moduleId }: UserName): string {
  return moduleId === undefined ? deviceId : `${deviceId}/${moduleId}`;
}

/** What an earlier step must have found. */
function known<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a step of the handshake ran too early');
  return value;
}
