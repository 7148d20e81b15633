// The devices that cases speak of: like those of a real fleet, and the same at every run.
import { createHash, createHmac } from 'node:crypto';

const models = ['pump', 'valve', 'meter', 'fan'];
const states = ['idle', 'running', 'maintenance'];

/** The first so many devices, as a seed of the emulator. */
export function createSeed(count) {
  return { devices: Array.from({ length: count }, (_, index) => createDevice(index)) };
}

export function nameDevice(index) {
  return `device-${index}`;
}

/** A token that the device signs with its own key, good for a day. */
export function signToken(index) {
  const resource = encodeURIComponent(`localhost/devices/${nameDevice(index)}`);
  const expiry = Math.ceil(Date.now() / 1000) + 86_400;
  return formatToken(resource, expiry, createKey(index));
}

/** A token of a policy, good for a day, over the whole hub. */
export function signPolicyToken(name, key) {
  const expiry = Math.ceil(Date.now() / 1000) + 86_400;
  return `${formatToken('localhost', expiry, key)}&skn=${name}`;
}

function formatToken(resource, expiry, key) {
  const signature = createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`${resource}\n${expiry}`)
    .digest('base64');
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}`;
}

function createKey(index) {
  return createHash('sha256').update(nameDevice(index)).digest('base64');
}

function createDevice(index) {
  const key = createKey(index);
  return {
    deviceId: nameDevice(index),
    authentication: { type: 'sas', symmetricKey: { primaryKey: key, secondaryKey: key } },
    tags: {
      site: `site-${index % 997}`,
      model: models[index % models.length],
      location: { building: index % 40, floor: index % 7 },
    },
    properties: {
      desired: { firmware: { version: `2.${index % 9}.0` }, telemetryIntervalSeconds: 30 },
      reported: {
        firmware: { version: `2.${index % 5}.0`, status: 'current' },
        telemetry: { temperature: 20 + (index % 50), humidity: index % 100 },
        state: states[index % states.length],
        battery: index % 101,
      },
    },
  };
}
