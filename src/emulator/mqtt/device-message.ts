import type { IConnectPacket } from 'mqtt-packet';
import type { DeviceMessage } from '../hub/hub-event.js';
import { parsePropertyBag } from './property-bag.js';
import { type ClientName, parsePublishTopic } from './topics.js';

/** A message has at most 256 KB. */
export const maxMessageBytes = 256 * 1024;

type Will = NonNullable<IConnectPacket['will']>;

interface Envelope {
  /** What the topic carries after its path. */
  readonly bag: string;
  readonly retain: boolean;
  readonly isWill?: boolean;
}

/** The system properties that a device can set, by their names in a topic. All others are the application's. */
const systemNames = {
  '$.mid': 'messageId',
  '$.cid': 'correlationId',
  '$.uid': 'userId',
  '$.to': 'to',
  '$.ct': 'contentType',
  '$.ce': 'contentEncoding',
  '$.exp': 'expiry',
  '$.ctime': 'createdAt',
  '$.ifid': 'interfaceId',
  '$.sub': 'component',
  '$.on': 'outputName',
} as const satisfies Readonly<Record<string, keyof DeviceMessage>>;

type SystemProperty = (typeof systemNames)[keyof typeof systemNames];

/** A hub keeps nothing for later subscribers: it says of a message that it was to be retained, or was a will. */
export function readDeviceMessage(body: Buffer, { bag, retain, isWill }: Envelope): DeviceMessage {
  const system: { -readonly [Name in SystemProperty]?: string } = {};
  const properties: [string, string | null][] = [];
  for (const [name, value] of parsePropertyBag(bag)) {
    if (isSystemName(name)) system[systemNames[name]] = value ?? '';
    else properties.push([name, value]);
  }
  if (retain) properties.push(['mqtt-retain', 'true']);
  if (isWill) properties.push(['iothub-MessageType', 'Will']);
  return {
    ...system,
    body,
    properties: Object.fromEntries(properties),
  };
}

/** The message of a will; `undefined` when the client could not send it itself. */
export function readWill(
  { topic, payload, qos = 0, retain = false }: Will,
  client: ClientName,
): DeviceMessage | undefined {
  const parsed = parsePublishTopic(topic, client);
  if (parsed?.kind !== 'telemetry' || qos === 2) return undefined;
  return readDeviceMessage(Buffer.from(payload), { bag: parsed.properties, retain, isWill: true });
}

function isSystemName(name: string): name is keyof typeof systemNames {
  return Object.hasOwn(systemNames, name);
}
