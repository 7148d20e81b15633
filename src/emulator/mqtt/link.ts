import type { DeviceLink } from '../hub/links.js';
import type { Connection } from './connection.js';
import type { Session } from './session.js';
import { formatDesiredTopic, formatMethodTopic } from './topics.js';

/** How the hub reaches a device over MQTT. All of it is QoS 0: a device that is away hears nothing of it later. */
export function createMqttLink(connection: Connection, session: Session): DeviceLink {
  function publish(topic: string, payload: string): void {
    connection.send({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false });
  }

  return {
    get acceptsMethods() {
      return session.subscriptions.has('methods');
    },
    invokeMethod(name, requestId, payload) {
      publish(formatMethodTopic(name, requestId), payload);
    },
    notifyDesired(version, delta) {
      if (session.subscriptions.has('desiredProperties')) {
        publish(formatDesiredTopic(version), delta);
      }
    },
    close() {
      connection.end();
    },
  };
}
