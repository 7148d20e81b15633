import { once } from 'node:events';
import { Agent } from 'node:https';
import { connect } from 'node:tls';
import azureIotCommon from 'azure-iot-common';
import azureIotDevice from 'azure-iot-device';
import azureIotDeviceMqtt from 'azure-iot-device-mqtt';
import { generate } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { createServiceToken } from './support/service.js';

// The SDK's WebSocket transport dials 443 and nothing else.
await import('../support/hub-ports.cjs' as string);

describe('MQTT over WebSocket', () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
    process.env['HUB_PORTS'] = `443=${emulator.httpsPort}`;
    process.env['HUB_CA'] = emulator.caFile;
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  function open(path: string, options: { origin?: string; protocol?: string; host?: string } = {}) {
    return new WebSocket(
      `wss://localhost:${emulator.httpsPort}${path}`,
      options.protocol ?? 'mqtt',
      {
        agent: new Agent({ ca: emulator.ca, servername: 'localhost' }), // whatever the Host says
        ...(options.origin === undefined ? {} : { origin: options.origin }),
        ...(options.host === undefined ? {} : { headers: { Host: options.host } }),
      },
    );
  }

  const outcome = (socket: WebSocket) =>
    new Promise<string>((resolve) => {
      socket.on('open', () => {
        resolve(`open ${socket.protocol}`);
        socket.terminate();
      });
      socket.on('error', (error) => resolve(error.message));
    });

  test("carries the official device SDK's twin and methods", async () => {
    const connectionString = emulator
      .registerDevice('ws1')
      .replace(/HostName=[^;]*/, 'HostName=localhost');
    const client = azureIotDevice.Client.fromConnectionString(
      connectionString,
      azureIotDeviceMqtt.MqttWs,
    );
    client.setRetryPolicy(new azureIotCommon.NoRetry());
    await client.open();
    const twin = await client.getTwin();
    client.onDeviceMethod('reboot', (_request, response) => void response?.send(200));
    const { json } = await send(emulator, 'POST /twins/ws1/methods', {
      body: { methodName: 'reboot', connectTimeoutInSeconds: 5 },
    });
    await client.close();

    expect(twin.properties.desired).toMatchObject({ $version: 1 });
    expect(json).toEqual({ status: 200, payload: null });
    await vi.waitUntil(
      async () => (await send(emulator, 'GET /twins/ws1')).json.connectionState === 'Disconnected',
    );
  });

  test('is a stream of bytes: a packet may come one byte a frame', async () => {
    emulator.registerDevice('ws2');
    const socket = open('/$iothub/websocket');
    await new Promise((resolve) => socket.once('open', resolve));
    const answered = new Promise<Buffer>((resolve) => socket.once('message', resolve));
    const packet = generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId: 'ws2',
      clean: true,
      keepalive: 60,
      username: 'localhost/ws2/?api-version=2021-04-12',
      password: Buffer.from(createServiceToken('device')),
    });
    for (const byte of packet) socket.send(Buffer.from([byte]));

    expect([...(await answered)]).toEqual([0x20, 2, 0, 0]); // CONNACK, accepted
    socket.terminate();
  });

  test.each([
    ['the path', '/$iothub/websocket', {}, 'open mqtt'],
    ['an encoded path', '/%24iothub/websocket', {}, 'open mqtt'],
    ["Java's query", '/$iothub/websocket?iothub-no-client-cert=true', {}, 'open mqtt'],
    [
      "the path of Python's AMQP",
      '/$servicebus/websocket/',
      { protocol: 'AMQPWSB10' },
      'open AMQPWSB10',
    ],
    ['another path', '/elsewhere', {}, 'Unexpected server response: 404'],
    [
      'a page',
      '/$iothub/websocket',
      { origin: 'https://localhost' },
      'Unexpected server response: 403',
    ],
    [
      'another host',
      '/$iothub/websocket',
      { host: 'evil.example' },
      'Unexpected server response: 403',
    ],
    ['another protocol', '/$iothub/websocket', { protocol: 'chat' }, 'Server sent no subprotocol'],
  ])('%s: %s %j ends in %s', async (_, path, options, expected) => {
    expect(await outcome(open(path, options))).toBe(expected);
  });

  test("takes the whole URL, which is how Java's AMQP asks", async () => {
    const socket = connect({ host: 'localhost', port: emulator.httpsPort, ca: emulator.ca });
    const answer = once(socket, 'data');
    socket.write(
      'GET https://localhost/$iothub/websocket HTTP/1.1\r\nHost: localhost\r\n' +
        'Connection: Upgrade,Keep-Alive\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Protocol: AMQPWSB10\r\n\r\n',
    );

    expect(String(await answer)).toMatch(/^HTTP\/1.1 101 /);
    socket.destroy();
  });

  test("takes Python's Origin, which names the emulator itself", async () => {
    const origin = `https://localhost:${emulator.httpsPort}`;

    expect(await outcome(open('/$iothub/websocket', { origin }))).toBe('open mqtt');
  });
});
