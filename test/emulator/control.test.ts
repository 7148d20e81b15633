import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { type HttpCall, send } from './support/https.js';
import { connectMqtt } from './support/mqtt.js';

describe("the emulator's controls over HTTP", () => {
  let emulator: TestEmulator;
  let connectionString: string;
  beforeAll(async () => {
    emulator = await startTestEmulator();
    connectionString = emulator.registerDevice('d1');
  });
  afterEach(() => {
    emulator.faults.clear();
    emulator.calls.clear();
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  /** Without a token and an api-version, as a shell would. */
  const control = (line: string, call: HttpCall = {}) =>
    send(emulator, line, { authorization: null, apiVersion: null, ...call });

  test('add a fault and remove it', async () => {
    const added = await control('POST /$emulator/faults', {
      body: { operation: 'twin.get', deviceId: 'd1', effect: { kind: 'throttle' } },
    });
    const struck = await send(emulator, 'GET /twins/d1');
    const removed = await control(`DELETE /$emulator/faults/${added.json.faultId}`);
    const again = await control(`DELETE /$emulator/faults/${added.json.faultId}`);

    expect([struck.status, removed.status, again.status]).toEqual([429, 204, 404]);
    expect((await send(emulator, 'GET /twins/d1')).status).toBe(200);
  });

  test('remove all faults', async () => {
    emulator.faults.add({ effect: { kind: 'throttle' } });
    await control('DELETE /$emulator/faults');

    expect((await send(emulator, 'GET /twins/d1')).status).toBe(200);
  });

  test('tell and forget the calls, their own not among them', async () => {
    await send(emulator, 'GET /twins/d1');
    await send(emulator, 'GET /twins/nobody');
    const { json } = await control('GET /$emulator/calls?operation=twin.get&deviceId=d1');
    await control('DELETE /%24emulator/calls');

    expect(json).toEqual({
      count: 1,
      calls: [
        {
          operation: 'twin.get',
          deviceId: 'd1',
          moduleId: null,
          status: 200,
          requestId: null,
          at: expect.any(String),
        },
      ],
    });
    expect((await control('GET /$emulator/calls')).json.count).toBe(0);
  });

  test('export, reset and import the state', async () => {
    const { json: state } = await control('GET /$emulator/state');
    await control('DELETE /$emulator/state');
    const gone = await send(emulator, 'GET /devices/d1');
    const imported = await control('PUT /$emulator/state', { body: state });

    expect([gone.status, imported.status]).toEqual([404, 204]);
    expect((await send(emulator, 'GET /devices/d1')).status).toBe(200);
  });

  test('disconnect a device, or leave its connection open and dead', async () => {
    await using first = await connectMqtt(emulator, connectionString);
    await first.next();
    await control('POST /$emulator/devices/d1/disconnect');
    await first.closed;
    await using second = await connectMqtt(emulator, connectionString);
    await second.next();
    await control('POST /$emulator/devices/d1/stall');
    second.send({ cmd: 'pingreq' });
    await send(emulator, 'GET /devices/d1');

    expect(second.received.map(({ cmd }) => cmd)).toEqual(['connack']);
    expect(second.socket.destroyed).toBe(false);
  });

  test.each([
    ['POST /$emulator/faults', { effect: { kind: 'explode' } }, 400],
    ['POST /$emulator/faults', { operation: 'twin.eat', effect: { kind: 'hang' } }, 400],
    ['POST /$emulator/faults', { effect: { kind: 'hang' }, tims: 1 }, 400],
    ['POST /$emulator/faults', undefined, 400],
    ['PUT /$emulator/state', { format: 'other', entries: [] }, 400],
    ['GET /$emulator/calls?operation=nothing', undefined, 400],
    ['GET /$emulator/nothing', undefined, 404],
    ['POST /$emulator/devices/nobody/stall', undefined, 404],
    ['POST /$emulator/devices/d1/dance', undefined, 404],
  ])('refuse %s %j with %i', async (line, body, status) => {
    expect((await control(line, body === undefined ? {} : { body })).status).toBe(status);
  });

  test('refuse a web page', async () => {
    const { status } = await control('DELETE /$emulator/state', {
      headers: { Origin: 'http://localhost:3000' },
    });

    expect(status).toBe(403);
  });
});
