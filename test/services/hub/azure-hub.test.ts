import type { RequestListener } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Operation as HubOperation } from '../../../src/emulator/calls.js';
import type { FaultEffect } from '../../../src/emulator/faults.js';
import { formatServiceConnectionString, policies } from '../../../src/emulator/policies.js';
import { type AzureHubOptions, createAzureHub } from '../../../src/services/hub/azure-hub.js';
import { hubName } from '../../../src/services/hub/connection-string.js';
import {
  type Hub,
  HubError,
  type MethodCall,
  type SendGate,
} from '../../../src/services/hub/hub.js';
import type { JsonValue } from '../../../src/services/json.js';
import { connectDevice, type TestDevice } from '../../emulator/support/device.js';
import { startTestEmulator, type TestEmulator } from '../../emulator/support/emulator.js';
import { rejectionOf } from '../../emulator/support/rejection.js';
import { createServiceSdk } from '../../emulator/support/service.js';
import { findClosedPort, secretKey, startBareHub } from '../support/bare-hub.js';
import { createDeferred } from '../support/deferred.js';
import { createManualClock } from '../support/manual-clock.js';
import { twinJson } from '../support/twins.js';

const open: SendGate = async () => true;

const reboot: MethodCall = {
  name: 'reboot',
  payload: null,
  responseTimeoutSeconds: 30,
  connectTimeoutSeconds: 0,
};

let emulator: TestEmulator;
let device: TestDevice;
const hubs: Hub[] = [];

/** Every message of every failure that the tests of this file saw. */
const messages: string[] = [];

beforeAll(async () => {
  emulator = await startTestEmulator();
  const connectionString = emulator.registerDevice('d1', { tags: { city: 'münchen' } });
  emulator.registerDevice('absent');
  device = await connectDevice(emulator, connectionString);
  device.client.onDeviceMethod('reboot', (request, response) => {
    void response.send(200, { got: request.payload, city: 'łódź' });
  });
  device.client.onDeviceMethod('refuse', (_request, response) => {
    void response.send(500, 'busy');
  });
  // Both subscriptions stand once one call of each was answered.
  const hub = connect();
  for (const name of ['reboot', 'refuse']) {
    await vi.waitFor(async () => {
      const { kind } = await hub.invokeMethod('d1', { ...reboot, name }, open);
      expect(kind).toBe('ANSWERED');
    });
  }
});

afterEach(() => {
  emulator.faults.clear();
  emulator.calls.clear();
  for (const hub of hubs.splice(0)) hub.close();
});

afterAll(async () => {
  await device[Symbol.asyncDispose]();
  await emulator[Symbol.asyncDispose]();
});

function connect(options: Partial<AzureHubOptions> = {}): Hub {
  const { connectionString, ca } = emulator;
  const hub = createAzureHub({ connectionString, ca, random: () => 0, ...options });
  hubs.push(hub);
  return hub;
}

function strike(operation: HubOperation, effect: FaultEffect, times?: number): void {
  emulator.faults.add({ operation, effect, ...(times !== undefined && { times }) });
}

function refuse(status: number, code: string): FaultEffect {
  return { kind: 'status', status, code };
}

async function failureOf(promise: Promise<unknown>): Promise<HubError> {
  const error = await rejectionOf(promise);
  messages.push(error.message);
  expect(error).toBeInstanceOf(HubError);
  return error as HubError;
}

describe('a twin', () => {
  it('is read from the port of the connection string, trusting the given authority', async () => {
    const reading = await connect().readTwin('d1');

    expect(reading.twin).toMatchObject({
      deviceId: 'd1',
      status: 'enabled',
      connectionState: 'Connected',
      tags: { city: 'münchen' },
    });
    expect(reading.source).toBe('POINT_READ');
    expect(reading.askedAt).toBeLessThanOrEqual(reading.observedAt);
  });

  it("carries the hub's own clock, in whole seconds", async () => {
    const { hubTime } = await connect().readTwin('d1');

    expect(hubTime).not.toBeNull();
    expect((hubTime ?? Number.NaN) % 1000).toBe(0);
  });

  it('arrives whole where a chunk cuts a character in two, as it does not in the bare SDK', async () => {
    strike('twin.get', { kind: 'split' });

    const { twin } = await connect().readTwin('d1');
    const bare = await createServiceSdk(emulator).registry.getTwin('d1');

    expect(twin.tags).toEqual({ city: 'münchen' });
    expect(bare.responseBody.tags).toEqual({ city: 'm\ufffd\ufffdnchen' });
  });

  it('of a device with any id that IoT Hub allows is its own', async () => {
    const deviceId = "a?b#c%2F..'=+,:;!(*)@$_".replace(';', '');
    emulator.registerDevice(deviceId);

    expect((await connect().readTwin(deviceId)).twin.deviceId).toBe(deviceId);
  });

  it('that is not there is said to be unknown, at once', async () => {
    const error = await failureOf(connect().readTwin('nobody'));

    expect(error).toMatchObject({ code: 'DEVICE_NOT_FOUND' });
    expect(emulator.calls.count({ operation: 'twin.get' })).toBe(1);
  });
});

describe('a read', () => {
  it.each<[string, FaultEffect]>([
    ['503', refuse(503, 'ServiceUnavailable')],
    ['500', refuse(500, 'ServerError')],
    ['a reset', { kind: 'reset' }],
    ['half a body', { kind: 'truncate' }],
  ])('is tried again after %s', async (_name, effect) => {
    strike('twin.get', effect, 2);

    const { twin } = await connect().readTwin('d1');

    expect(twin.deviceId).toBe('d1');
    expect(emulator.calls.count({ operation: 'twin.get' })).toBe(3);
  });

  it.each<[string, FaultEffect, string]>([
    ['400', refuse(400, 'ArgumentInvalid'), 'INVALID'],
    ['401', refuse(401, 'IotHubUnauthorizedAccess'), 'UNAUTHORIZED'],
    ['404001', refuse(404, 'DeviceNotFound'), 'DEVICE_NOT_FOUND'],
    ['429', { kind: 'throttle' }, 'THROTTLED'],
    ['a used up quota', refuse(403, 'IotHubQuotaExceeded'), 'QUOTA_EXCEEDED'],
    ['any other 403', refuse(403, 'Forbidden'), 'UNAUTHORIZED'],
  ])('is not tried again after %s', async (_name, effect, code) => {
    strike('twin.get', effect);

    expect((await failureOf(connect().readTwin('d1'))).code).toBe(code);
    expect(emulator.calls.count({ operation: 'twin.get' })).toBe(1);
  });

  it('gives up on a silent hub at its deadline', async () => {
    strike('twin.get', { kind: 'hang' });

    const error = await failureOf(connect({ readDeadline: 150 }).readTwin('d1'));

    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(error.message).toContain('no answer within');
  });

  it('waits twice as long before each retry, and gives up before its deadline', async () => {
    strike('twin.get', refuse(503, 'ServiceUnavailable'));
    const clock = createManualClock(Date.now());
    const hub = connect({ clock, readDeadline: 1_000, random: () => 0.5 });
    const failure = failureOf(hub.readTwin('d1'));

    for (const wait of [100, 200, 400]) {
      await vi.waitFor(() => expect(clock.pending).toEqual([wait]));
      clock.advance(wait);
    }

    expect((await failure).code).toBe('UNAVAILABLE');
    expect(emulator.calls.count({ operation: 'twin.get' })).toBe(4);
    expect(clock.pending).toEqual([]);
  });

  it('says what was wrong, not that its last attempt was cut short', async () => {
    strike('twin.get', refuse(503, 'ServiceUnavailable'), 1);
    strike('twin.get', { kind: 'hang' });
    const clock = createManualClock(Date.now());
    const failure = failureOf(connect({ clock }).readTwin('d1'));
    const calls = () => emulator.calls.list({ operation: 'twin.get' });

    await vi.waitFor(() => expect(calls()).toMatchObject([{ status: 503 }]));
    await vi.waitFor(() => expect(clock.pending).toEqual([0]));
    clock.advance(0);
    await vi.waitFor(() => expect(calls()).toHaveLength(2));
    clock.advance(10_000);

    expect((await failure).message).toContain('503');
  });

  it('of a query is tried again too, and whole where a character was cut', async () => {
    strike('query', refuse(503, 'ServiceUnavailable'), 1);
    strike('query', { kind: 'split' });

    const { readings } = await connect().queryTwins("SELECT * FROM devices WHERE deviceId = 'd1'", {
      size: 10,
    });

    expect(readings.map(({ twin }) => twin.tags)).toEqual([{ city: 'münchen' }]);
    expect(readings[0]?.source).toBe('QUERY');
  });

  it('of a query goes through all pages, each once', async () => {
    for (const deviceId of ['page-1', 'page-2', 'page-3']) emulator.registerDevice(deviceId);
    const hub = connect();
    const sql = "SELECT * FROM devices WHERE STARTSWITH(deviceId, 'page-')";
    const seen: string[][] = [];

    let continuation: string | undefined;
    do {
      const page = await hub.queryTwins(sql, { size: 2, continuation });
      seen.push(page.readings.map(({ twin }) => twin.deviceId));
      continuation = page.continuation;
    } while (continuation !== undefined);

    expect(seen).toEqual([['page-1', 'page-2'], ['page-3']]);
  });

  it('of a query that the hub does not understand says why', async () => {
    const error = await failureOf(connect().queryTwins('SELECT nothing', { size: 1 }));

    expect(error.code).toBe('INVALID');
  });

  it('of a hub with an unknown authority fails, naming the certificate', async () => {
    const clock = createManualClock(Date.now());
    const failure = failureOf(connect({ ca: undefined, clock }).readTwin('d1'));

    await vi.waitFor(() => expect(clock.pending).toEqual([0]));
    clock.advance(10_000);
    const error = await failure;

    expect(error.code).toBe('UNAVAILABLE');
    expect(error.message).toMatch(/certificate/);
    expect(emulator.calls.count()).toBe(0);
  });

  it('with a key that is not the right one is refused', async () => {
    const connectionString = emulator.connectionString.replace(
      /SharedAccessKey=.*/,
      `SharedAccessKey=${secretKey}`,
    );

    expect((await failureOf(connect({ connectionString }).check())).code).toBe('UNAUTHORIZED');
  });
});

describe('a method', () => {
  it.each<JsonValue>([null, 0, false, '', 'text', [1, null], {}, { deep: { ö: 1 } }])(
    'takes %j to the device as it is, and the answer back',
    async (payload) => {
      expect(await connect().invokeMethod('d1', { ...reboot, payload }, open)).toEqual({
        kind: 'ANSWERED',
        status: 200,
        payload: { got: payload, city: 'łódź' },
      });
    },
  );

  it("gives the device's own no as an answer", async () => {
    expect(await connect().invokeMethod('d1', { ...reboot, name: 'refuse' }, open)).toEqual({
      kind: 'ANSWERED',
      status: 500,
      payload: 'busy',
    });
  });

  it('to a device that is offline is told from one to a device that is not there', async () => {
    const hub = connect();
    const offline = await hub.invokeMethod('absent', reboot, open);
    const unknown = await hub.invokeMethod('nobody', reboot, open);

    expect(offline).toMatchObject({ kind: 'UNDELIVERED', code: 'DEVICE_OFFLINE' });
    expect(unknown).toMatchObject({ kind: 'UNDELIVERED', code: 'DEVICE_NOT_FOUND' });
    expect(offline).toHaveProperty('message', expect.stringContaining('404103'));
  });

  it('to a device that is offline is only "Not found" in the bare SDK', async () => {
    const { client } = createServiceSdk(emulator);

    const error = await rejectionOf(client.invokeDeviceMethod('absent', { methodName: 'reboot' }));

    expect(error.message).toBe('Not found');
  });

  it('that the hub finds malformed was not delivered', async () => {
    const call = { ...reboot, responseTimeoutSeconds: 1 };

    expect(await connect().invokeMethod('d1', call, open)).toMatchObject({
      kind: 'UNDELIVERED',
      code: 'INVALID',
    });
  });

  it('by a policy that may not call methods was not delivered', async () => {
    const connectionString = formatServiceConnectionString(
      `localhost:${emulator.httpsPort}`,
      'registryRead',
    );

    expect(await connect({ connectionString }).invokeMethod('d1', reboot, open)).toMatchObject({
      kind: 'UNDELIVERED',
      code: 'HUB_UNAUTHORIZED',
    });
  });

  it.each<[string, FaultEffect, object]>([
    ['429', { kind: 'throttle' }, { kind: 'UNDELIVERED', code: 'THROTTLED' }],
    [
      'a used up quota',
      refuse(403, 'IotHubQuotaExceeded'),
      { kind: 'UNDELIVERED', code: 'HUB_QUOTA_EXCEEDED' },
    ],
    ['any other 403', refuse(403, 'Forbidden'), { kind: 'UNDELIVERED', code: 'HUB_UNAUTHORIZED' }],
    ['500', refuse(500, 'ServerError'), { kind: 'UNKNOWN' }],
    ['503', refuse(503, 'ServiceUnavailable'), { kind: 'UNKNOWN' }],
    ['502', refuse(502, 'BadDeviceResponse'), { kind: 'UNKNOWN' }],
    ['504101', refuse(504, 'GatewayTimeout'), { kind: 'UNKNOWN' }],
    ['404104', refuse(404, 'DeviceConnectionClosedRemotely'), { kind: 'UNKNOWN' }],
    ['a 404 without a known code', refuse(404, 'ResourceNotFound'), { kind: 'UNKNOWN' }],
    ['a reset before the hub acts', { kind: 'reset' }, { kind: 'UNKNOWN' }],
    ['a reset after the hub acted', { kind: 'reset', when: 'after' }, { kind: 'UNKNOWN' }],
    ['half a body', { kind: 'truncate' }, { kind: 'UNKNOWN' }],
  ])('is sent once and never again when answered with %s', async (_name, effect, expected) => {
    strike('method.invoke', effect);
    const gate = vi.fn(open);

    const answer = await connect().invokeMethod('d1', reboot, gate);

    expect(answer).toMatchObject(expected);
    expect(emulator.calls.count({ operation: 'method.invoke' })).toBe(1);
    expect(gate).toHaveBeenCalledTimes(1);
    if ('message' in answer) messages.push(answer.message);
  });

  it('is sent again by the bare SDK', async () => {
    strike('method.invoke', refuse(503, 'ServiceUnavailable'), 1);
    const { client } = createServiceSdk(emulator);

    await client.invokeDeviceMethod('d1', { methodName: 'reboot' });

    expect(emulator.calls.count({ operation: 'method.invoke' })).toBe(2);
  });

  it('on a silent hub ends unknown, some time after its own timeouts', async () => {
    strike('method.invoke', { kind: 'hang' });
    const clock = createManualClock(Date.now());
    const call = { ...reboot, responseTimeoutSeconds: 5, connectTimeoutSeconds: 5 };

    const answer = connect({ clock }).invokeMethod('d1', call, open);
    await vi.waitFor(() => expect(emulator.calls.count({ operation: 'method.invoke' })).toBe(1));
    expect(clock.pending).toEqual([20_000]);
    clock.advance(20_000);

    expect(await answer).toMatchObject({ kind: 'UNKNOWN' });
    expect(emulator.calls.count({ operation: 'method.invoke' })).toBe(1);
    expect(clock.pending).toEqual([]);
  });

  it('leaves no timer behind when it was answered', async () => {
    const clock = createManualClock(Date.now());

    await connect({ clock }).invokeMethod('d1', reboot, open);

    expect(clock.pending).toEqual([]);
  });

  it.each<[string, SendGate]>([
    ['says no', async () => false],
    ['fails', () => Promise.reject(new Error('the journal is gone'))],
  ])('whose gate %s never reaches the hub', async (_name, gate) => {
    const hub = connect();

    // On a new connection, and on one that is there already.
    const first = await hub.invokeMethod('d1', reboot, gate);
    await hub.readTwin('d1');
    const second = await hub.invokeMethod('d1', reboot, gate);

    for (const answer of [first, second]) {
      expect(answer).toMatchObject({ kind: 'UNDELIVERED', code: 'NOT_SENT' });
    }
    expect(emulator.calls.count({ operation: 'method.invoke' })).toBe(0);
  });

  it('asks its gate when the connection stands and nothing is written', async () => {
    const [asked, allow] = [createDeferred<void>(), createDeferred<boolean>()];
    const answer = connect().invokeMethod('d1', reboot, () => {
      asked.resolve();
      return allow.promise;
    });

    await asked.promise;
    const whileAsking = emulator.calls.count({ operation: 'method.invoke' });
    allow.resolve(true);

    expect(await answer).toMatchObject({ kind: 'ANSWERED' });
    expect(whileAsking).toBe(0);
  });

  it('is not sent when its gate takes longer than the call may take', async () => {
    const [asked, allow] = [createDeferred<void>(), createDeferred<boolean>()];
    const clock = createManualClock(Date.now());
    const hub = connect({ clock });
    const answer = hub.invokeMethod('d1', reboot, () => {
      asked.resolve();
      return allow.promise;
    });

    await asked.promise;
    clock.advance(40_000);
    expect(await answer).toMatchObject({ kind: 'UNDELIVERED', code: 'HUB_UNAVAILABLE' });
    allow.resolve(true);
    // Whatever the late permission set going is done when a later exchange is.
    await hub.readTwin('d1');

    expect(emulator.calls.count({ operation: 'method.invoke' })).toBe(0);
  });

  it('to a hub that refuses the connection was not delivered, and its gate never asked', async () => {
    const port = await findClosedPort();
    const gate = vi.fn(open);
    const connectionString = formatServiceConnectionString(`localhost:${port}`);

    const answer = await connect({ connectionString }).invokeMethod('d1', reboot, gate);

    expect(answer).toMatchObject({ kind: 'UNDELIVERED', code: 'HUB_UNAVAILABLE' });
    expect(gate).not.toHaveBeenCalled();
    if ('message' in answer) messages.push(answer.message);
  });

  it('to a hub with an unknown authority was not delivered, and its gate never asked', async () => {
    const gate = vi.fn(open);

    const answer = await connect({ ca: undefined }).invokeMethod('d1', reboot, gate);

    expect(answer).toMatchObject({ kind: 'UNDELIVERED', code: 'HUB_UNAVAILABLE' });
    expect(gate).not.toHaveBeenCalled();
  });
});

describe('an answer that no hub gives', () => {
  const json = { 'content-type': 'application/json; charset=utf-8' };
  const say =
    (status: number, headers: Record<string, string>, body: string): RequestListener =>
    (_request, response) => {
      response.writeHead(status, headers).end(body);
    };

  describe.each<[string, RequestListener]>([
    ['a web page', say(200, { 'content-type': 'text/html' }, '<h1>Welcome</h1>')],
    ['JSON that is none', say(200, json, '{"deviceId": ')],
    ['nothing', say(204, {}, '')],
    ['an empty body', say(200, json, '')],
    ['null', say(200, json, 'null')],
    ['a number', say(200, json, '7')],
    ['another document', say(200, json, '{"hello": ["world"]}')],
    ['a list of something else', say(200, json, '[1, null, {"a": 1}]')],
    ['a redirect', say(302, { location: 'https://elsewhere.example' }, '')],
    ['a page that says no', say(502, { 'content-type': 'text/html' }, '<h1>Bad gateway</h1>')],
    ['an error that is no envelope', say(500, json, '{"Message": 7}')],
    ['an error that is a string', say(503, json, '"no"')],
    ['an error with half an envelope', say(500, json, '{"Message":"{\\"errorCode\\":"}')],
    ['an end in the middle of the headers', ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\n')],
    ['something that is no HTTP', ({ socket }) => void socket.end('220 mail.example ESMTP\r\n')],
  ])('such as %s', (_name, listener) => {
    it('is an error, unknown for a method, and never a crash', async () => {
      await using bare = await startBareHub(listener);
      const hub = connect({ ...bare, readDeadline: 50 });

      expect((await failureOf(hub.readTwin('d1'))).code).toBe('UNAVAILABLE');
      expect((await failureOf(hub.queryTwins('SELECT *', { size: 1 }))).code).toBe('UNAVAILABLE');
      expect(await hub.invokeMethod('d1', reboot, open)).toMatchObject({ kind: 'UNKNOWN' });
    });
  });

  it('such as a body that never ends is given up at the deadline', async () => {
    await using bare = await startBareHub((_request, response) => {
      response.writeHead(200, json).write('{"deviceId":"d1"');
    });
    const hub = connect({ ...bare, readDeadline: 100 });

    expect((await failureOf(hub.readTwin('d1'))).code).toBe('UNAVAILABLE');
  });

  it('such as a twin of another shape is read as far as it goes', async () => {
    const odd = { ...twinJson({ deviceId: 'd1' }), tags: [1], etag: 7, status: null };
    await using bare = await startBareHub(say(200, json, JSON.stringify(odd)));

    expect((await connect(bare).readTwin('d1')).twin).toMatchObject({
      deviceId: 'd1',
      tags: {},
      etag: '',
      status: 'enabled',
    });
  });

  it.each([
    ['no version', { ...twinJson({ deviceId: 'd1' }), version: '5' }],
    ['no properties', { ...twinJson({ deviceId: 'd1' }), properties: {} }],
    ['the id of another device', twinJson({ deviceId: 'd2' })],
    ['the id of a module', { ...twinJson({ deviceId: 'd1' }), moduleId: 'm1' }],
  ])('such as a twin with %s proves nothing', async (_name, twin) => {
    await using bare = await startBareHub(say(200, json, JSON.stringify(twin)));
    const hub = connect({ ...bare, readDeadline: 50 });

    expect((await failureOf(hub.readTwin('d1'))).code).toBe('UNAVAILABLE');
  });

  it('such as one without end is cut off, and not kept in memory', async () => {
    await using bare = await startBareHub((_request, response) => {
      response.writeHead(200, json);
      const chunk = ' '.repeat(1024 * 1024);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    const hub = connect({ ...bare, readDeadline: 3_000 });

    const failure = await failureOf(hub.readTwin('d1'));
    expect(failure.code).toBe('UNAVAILABLE');
    expect(failure.message).toContain('larger than 4194304 bytes');
  });
});

describe('the access token', () => {
  it('is signed once and used again, until it is about to end', async () => {
    const tokens: (string | undefined)[] = [];
    await using bare = await startBareHub(({ headers }, response) => {
      tokens.push(headers.authorization);
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(JSON.stringify(twinJson({ deviceId: 'd1' })));
    });
    const clock = createManualClock(Date.now());
    const hub = connect({ ...bare, clock });

    await hub.readTwin('d1');
    clock.advance(49 * 60_000);
    await hub.readTwin('d1');
    clock.advance(60_000);
    await hub.readTwin('d1');

    expect(tokens[0]).toMatch(/^SharedAccessSignature sr=.+&sig=.+&se=\d+/);
    expect(tokens[1]).toBe(tokens[0]);
    expect(tokens[2]).not.toBe(tokens[0]);
  });
});

describe('the name of a hub', () => {
  it.each([
    ['Pumps.azure-devices.net', 'pumps'],
    ['pumps.azure-devices.cn', 'pumps'],
    ['pumps.AZURE-DEVICES.us', 'pumps'],
    ['localhost', 'localhost'],
    ['hub.example.com', 'hub.example.com'],
  ])('of %s is %s', (hostname, name) => {
    expect(hubName({ host: hostname, hostname, port: 443 })).toBe(name);
  });
});

describe('what a failure says', () => {
  it('holds no key and no token', async () => {
    const hub = connect({ readDeadline: 1 });
    hub.close();
    const answers = await Promise.all([
      connect().invokeMethod('nobody', reboot, open),
      connect({ ca: undefined }).invokeMethod('d1', reboot, open),
    ]);
    for (const answer of answers) if ('message' in answer) messages.push(answer.message);

    const keys = [secretKey, ...[...policies.values()].map(({ key }) => key)];
    expect(messages.length).toBeGreaterThan(20);
    for (const message of messages) {
      expect(message).not.toMatch(/SharedAccess|sig=|skn=/);
      for (const key of keys) expect(message).not.toContain(key);
    }
  });
});

describe('a desired property', () => {
  const write = { path: ['firmware', 'target'], value: { version: '2', old: null } } as const;
  const written = () => emulator.calls.count({ operation: 'twin.patch' });

  it('is merged where it belongs, beside what others wrote', async () => {
    const hub = connect();
    const desired = { firmware: { ring: 'beta', target: { old: 1, note: 'ü' } } };
    await createServiceSdk(emulator).registry.updateTwin('d1', { properties: { desired } }, '*');
    const before = await hub.readTwin('d1');
    const answer = await hub.writeDesired('d1', write, open);
    const { twin } = await hub.readTwin('d1');

    expect(answer).toEqual({ kind: 'WRITTEN', version: before.twin.desired.version + 1 });
    expect(twin.desired.values['firmware']).toEqual({
      ring: 'beta',
      target: { version: '2', note: 'ü' },
    });
  });

  it('says no device where there is none', async () => {
    expect(await connect().writeDesired('nobody', write, open)).toMatchObject({
      kind: 'UNDELIVERED',
      code: 'DEVICE_NOT_FOUND',
    });
  });

  it('that the hub cannot hold is refused', async () => {
    const value = { text: 'x'.repeat(40_000) };

    expect(await connect().writeDesired('d1', { ...write, value }, open)).toMatchObject({
      kind: 'UNDELIVERED',
      code: 'INVALID',
    });
  });

  it.each<[string, FaultEffect, object]>([
    ['429', { kind: 'throttle' }, { kind: 'UNDELIVERED', code: 'THROTTLED' }],
    ['401', refuse(401, 'Unauthorized'), { kind: 'UNDELIVERED', code: 'HUB_UNAUTHORIZED' }],
    ['412', refuse(412, 'PreconditionFailed'), { kind: 'UNDELIVERED', code: 'INVALID' }],
    ['500', refuse(500, 'ServerError'), { kind: 'UNKNOWN' }],
    ['503', refuse(503, 'ServiceUnavailable'), { kind: 'UNKNOWN' }],
    ['a reset before the hub acts', { kind: 'reset' }, { kind: 'UNKNOWN' }],
    ['a reset after the hub acted', { kind: 'reset', when: 'after' }, { kind: 'UNKNOWN' }],
    ['half a body', { kind: 'truncate' }, { kind: 'UNKNOWN' }],
  ])('is sent once and never again when answered with %s', async (_name, effect, expected) => {
    strike('twin.patch', effect);
    const gate = vi.fn(open);

    const answer = await connect().writeDesired('d1', write, gate);

    expect(answer).toMatchObject(expected);
    expect(written()).toBe(1);
    expect(gate).toHaveBeenCalledTimes(1);
    if ('message' in answer) messages.push(answer.message);
  });

  it.each<[string, SendGate]>([
    ['says no', async () => false],
    ['fails', () => Promise.reject(new Error('the journal is gone'))],
  ])('whose gate %s never reaches the hub', async (_name, gate) => {
    expect(await connect().writeDesired('d1', write, gate)).toMatchObject({
      kind: 'UNDELIVERED',
      code: 'NOT_SENT',
    });
    expect(written()).toBe(0);
  });
});
