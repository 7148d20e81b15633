import type { Packet, QoS } from 'mqtt-packet';
import type { DeviceLink } from '../hub/device-link.js';
import type { Message } from '../hub/message.js';
import { formatDeviceBoundTopic } from './property-bag.js';
import type { Session } from './session.js';
import { type ClientName, formatDesiredTopic, formatMethodTopic } from './topics.js';

/** What a link needs of its connection. */
export interface Wire {
  /** Whether the hub may send. */
  readonly isServed: boolean;
  send(packet: Packet): void;
  stall(): void;
  end(): void;
}

export interface MqttLink extends DeviceLink {
  /** The device has acknowledged a message that was sent at QoS 1. */
  acknowledge(messageId: number): void;
}

const lastMessageId = 0xffff;

/**
 * How the hub reaches a device over MQTT. Methods and twin news are QoS 0: a device that is away
 * hears nothing of them later. Messages are as the device has subscribed.
 */
export function createMqttLink(connection: Wire, session: Session, client: ClientName): MqttLink {
  const unacknowledged = new Map<number, () => void>();
  let messageId = 0;

  function publish(topic: string, payload: string): void {
    connection.send({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false });
  }

  /** Not in use, and not zero [MQTT-2.3.1-1]. At most fifty messages are under way. */
  function nextMessageId(): number {
    do messageId = messageId === lastMessageId ? 1 : messageId + 1;
    while (unacknowledged.has(messageId));
    return messageId;
  }

  /** The highest that the client has subscribed at, when two of its filters fit [MQTT-3.3.5-1]. */
  function findMessageQos(): QoS | undefined {
    const granted = [
      session.subscriptions.get('deviceBound'),
      session.subscriptions.get('moduleBound'),
    ];
    if (granted.includes(1)) return 1;
    return granted.includes(0) ? 0 : undefined;
  }

  function deliverOnce(message: Message): void {
    const topic = formatDeviceBoundTopic(client, message);
    connection.send({
      cmd: 'publish',
      topic,
      payload: message.body,
      qos: 0,
      dup: false,
      retain: false,
    });
  }

  function deliverUntilAcknowledged(message: Message, acknowledged: () => void): void {
    const id = nextMessageId();
    unacknowledged.set(id, acknowledged);
    connection.send({
      cmd: 'publish',
      topic: formatDeviceBoundTopic(client, message),
      payload: message.body,
      messageId: id,
      qos: 1,
      dup: false,
      retain: false,
    });
  }

  return {
    get acceptsMethods() {
      return connection.isServed && session.subscriptions.has('methods');
    },
    get acceptsMessages() {
      return connection.isServed && findMessageQos() !== undefined;
    },
    invokeMethod(name, requestId, payload) {
      publish(formatMethodTopic(name, requestId), payload);
    },
    notifyDesired(version, delta) {
      if (connection.isServed && session.subscriptions.has('desiredProperties')) {
        publish(formatDesiredTopic(version), delta);
      }
    },
    deliver(message, acknowledged) {
      if (findMessageQos() === 0) {
        deliverOnce(message);
        acknowledged();
      } else {
        deliverUntilAcknowledged(message, acknowledged);
      }
    },
    acknowledge(id) {
      const acknowledged = unacknowledged.get(id);
      unacknowledged.delete(id);
      acknowledged?.();
    },
    stall() {
      connection.stall();
    },
    close() {
      connection.end();
    },
  };
}
