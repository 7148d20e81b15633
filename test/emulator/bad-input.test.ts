import { connect } from 'node:tls';
import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { connectMqtt, listenTo, publish } from './support/mqtt.js';
import { createServiceToken } from './support/service.js';

/** Runs that end well are quick; a failing one prints its seed. */
const runs = 60;

describe('bad input', () => {
  let emulator: TestEmulator;
  let connectionString: string;
  beforeAll(async () => {
    emulator = await startTestEmulator({ amqpPort: 0 });
    connectionString = emulator.registerDevice('d1');
    emulator.registerDevice('victim');
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  /** Sends the bytes and leaves once the emulator has closed or has had its chance to. */
  function pour(port: number, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, ca: emulator.ca, servername: 'localhost' });
      socket.on('error', () => {});
      socket.on('close', () => resolve());
      socket.on('data', () => {});
      socket.on('secureConnect', () => socket.end(bytes));
    });
  }

  async function expectHealth(): Promise<void> {
    await using device = await connectMqtt(emulator, connectionString);
    await device.next();
    await listenTo(device, '$iothub/twin/res/#');
    device.send(publish('$iothub/twin/GET/?$rid=1'));

    expect((await device.nextPublish()).topic).toBe('$iothub/twin/res/200/?$rid=1');
    expect((await send(emulator, 'GET /devices/d1')).status).toBe(200);
  }

  test.each(['httpsPort', 'mqttPort', 'amqpPort'] as const)(
    'of any bytes on the %s leaves the others served',
    async (name) => {
      const port = emulator[name] ?? 0;
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), (bytes) => pour(port, bytes)),
        { numRuns: runs },
      );

      await expectHealth();
    },
  );

  const connectPacket = () =>
    generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId: 'victim',
      clean: true,
      keepalive: 60,
      username: 'localhost/victim/?api-version=2021-04-12',
      password: Buffer.from(createServiceToken('device')),
    });

  test('of any packets after a good handshake leaves the others served', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), (bytes) =>
        pour(emulator.mqttPort, Buffer.concat([connectPacket(), bytes])),
      ),
      { numRuns: runs },
    );

    await expectHealth();
  });

  test('of any topic and payload leaves the others served', async () => {
    const topic = fc.oneof(
      fc.string({ minLength: 1, maxLength: 60 }).filter((text) => !/[+#\0]/.test(text)),
      fc.constantFrom(
        '$iothub/twin/GET/?$rid=',
        '$iothub/twin/PATCH/properties/reported/?$rid=1&$version=99999999999999999999',
        '$iothub/methods/res/999999999999/?$rid=1',
        'devices/victim/messages/events/%zz=%',
      ),
    );
    await fc.assert(
      fc.asyncProperty(topic, fc.string({ maxLength: 100 }), (name, payload) =>
        pour(emulator.mqttPort, Buffer.concat([connectPacket(), generate(publish(name, payload))])),
      ),
      { numRuns: runs },
    );

    await expectHealth();
  });

  test('of any JSON is answered with a 4xx, or taken, but never with a 5xx', async () => {
    const call = fc.constantFrom(
      'PUT /devices/fuzzed',
      'POST /devices',
      'PATCH /twins/victim',
      'PUT /twins/victim',
      'POST /twins/victim/methods',
      'POST /devices/query',
      'PUT /jobs/v2/fuzzed',
      'PUT /devices/victim/modules/fuzzed',
    );
    const shape = fc.record(
      {
        deviceId: fc.jsonValue(),
        tags: fc.jsonValue(),
        properties: fc.oneof(fc.jsonValue(), fc.record({ desired: fc.jsonValue() })),
        authentication: fc.oneof(
          fc.jsonValue(),
          fc.record({ type: fc.constantFrom('sas', 'selfSigned'), symmetricKey: fc.jsonValue() }),
        ),
        query: fc.oneof(fc.jsonValue(), fc.constant('SELECT')),
        methodName: fc.jsonValue(),
        type: fc.constantFrom('scheduleUpdateTwin', 'scheduleDeviceMethod', 7),
        updateTwin: fc.jsonValue(),
        startTime: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(call, fc.oneof(shape, fc.jsonValue()), async (line, body) => {
        const { status } = await send(emulator, line, { body });
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  });

  test('of any path and header is answered, and never with a 5xx', async () => {
    const segment = fc
      .string({ maxLength: 20 })
      .map((text) => text.replace(/[^\x21-\x7e]|[?# ]/g, '%'));
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { maxLength: 5 }), segment, async (segments, etag) => {
        const { status } = await send(emulator, `DELETE /${segments.join('/')}`, {
          headers: { 'If-Match': etag, 'x-ms-continuation': etag },
        });
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  });

  test('of many connections that say nothing keeps nobody else out', async () => {
    const idle = await Promise.all(
      Array.from(
        { length: 300 },
        () =>
          new Promise<ReturnType<typeof connect>>((resolve) => {
            const socket = connect({ host: '127.0.0.1', port: emulator.mqttPort, ca: emulator.ca });
            socket.on('error', () => {});
            socket.on('secureConnect', () => resolve(socket));
          }),
      ),
    );

    await expectHealth();
    for (const socket of idle) socket.destroy();
  });
});
