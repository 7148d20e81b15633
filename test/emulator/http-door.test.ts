import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';
import { createServiceToken } from './support/service.js';

describe('the HTTPS port', () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
    emulator.registerDevice('d1');
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  test('refuses a request that a web page sends', async () => {
    const { status } = await send(emulator, 'GET /devices', {
      headers: { Origin: 'https://localhost' },
    });

    expect(status).toBe(403);
  });

  test.each([
    'evil.example',
    'evil.example:8443',
    'a.b.azure-devices.test',
    'localhost.evil',
    '127.0.0.2',
  ])('refuses the Host %s, which a page could have rebound to this machine', async (host) => {
    expect((await send(emulator, 'GET /devices', { headers: { Host: host } })).status).toBe(403);
  });

  test.each([
    'localhost',
    'LOCALHOST:1',
    '127.0.0.1:8443',
    '[::1]',
    '[::1]:8443',
    'hub1.azure-devices.test',
  ])('takes the Host %s', async (host) => {
    expect((await send(emulator, 'GET /devices', { headers: { Host: host } })).status).toBe(200);
  });

  test('is known by the names given at the start', async () => {
    await using own = await startTestEmulator({ hostNames: ['Hub'] });

    expect((await send(own, 'GET /devices', { headers: { Host: 'hub:8443' } })).status).toBe(200);
  });

  test.each([null, '', 'latest'])('refuses the api-version %j', async (apiVersion) => {
    const { status, headers } = await send(emulator, 'GET /devices', { apiVersion });

    expect(status).toBe(400);
    expect(headers['iothub-errorcode']).toBe('InvalidProtocolVersion');
  });

  test('takes PATCH as POST with an override', async () => {
    const { status, json } = await send(emulator, 'POST /twins/d1', {
      headers: { 'X-HTTP-Method-Override': 'PATCH' },
      body: { tags: { overridden: true } },
    });

    expect(status).toBe(200);
    expect(json.tags.overridden).toBe(true);
  });

  test('answers every request with an id and the date', async () => {
    const { headers } = await send(emulator, 'GET /devices/d1');

    expect(headers['x-ms-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(Date.parse(headers.date ?? '')).not.toBeNaN();
  });

  test.each([
    ['GET /nothing', 404],
    ['GET /devices/d1/nothing', 404],
    ['POST /devices/d1', 405],
    ['GET /devices/%ff', 400],
    ['GET /', 404],
  ])('answers %s with %i', async (line, status) => {
    expect((await send(emulator, line)).status).toBe(status);
  });

  test('refuses a body of more than 8 MB', async () => {
    const { status } = await send(emulator, 'PATCH /twins/d1', {
      body: { tags: 'x'.repeat(9 * 1024 * 1024) },
    });

    expect(status).toBe(413);
  });

  test.each([
    ['iothubowner', [200, 200, 200, 404]],
    ['service', [401, 200, 401, 404]],
    ['registryRead', [200, 401, 401, 401]],
    ['registryReadWrite', [200, 401, 200, 401]],
    ['device', [401, 401, 401, 401]],
  ])('lets the policy %s do what its rights say', async (policy, expected) => {
    const authorization = createServiceToken(policy);
    const calls = [
      send(emulator, 'GET /devices/d1', { authorization }),
      send(emulator, 'GET /twins/d1', { authorization }),
      send(emulator, `PUT /devices/by-${policy}`, { authorization, body: {} }),
      send(emulator, 'POST /twins/d1/methods', { authorization, body: { methodName: 'a' } }),
    ];

    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(expected);
  });

  const now = Math.floor(Date.now() / 1000);
  test.each([
    ['no token', null],
    ['no signature', 'SharedAccessSignature sr=localhost&se=1'],
    ['a broken encoding', 'SharedAccessSignature sr=localhost&sig=%ff&se=9999999999&skn=service'],
    ['another scheme', 'Basic abc'],
    ['a wrong signature', createServiceToken().replace('skn=iothubowner', 'skn=service')],
    ['an unknown policy', createServiceToken().replace('skn=iothubowner', 'skn=admin')],
    ['an expired token', createServiceToken('service', { expirySeconds: now - 301 })],
    ['another hub', createServiceToken('service', { resource: 'other.azure-devices.net' })],
    ["another device's token", createServiceToken('service', { resource: 'localhost/twins/d' })],
  ])('refuses %s with 401', async (_, authorization) => {
    const { status, headers } = await send(emulator, 'GET /twins/d1', { authorization });

    expect(status).toBe(401);
    expect(headers['iothub-errorcode']).toBe('IotHubUnauthorizedAccess');
  });

  test.each([
    ['within the clock skew', { expirySeconds: now - 200 }],
    ['of the host with a port', { resource: 'localhost:8443' }],
    ['of the host in capitals', { resource: 'LOCALHOST' }],
    ['of a part of the path', { resource: 'localhost/twins' }],
    ['of the whole path', { resource: 'localhost/twins/d1' }],
  ])('takes a token %s', async (_, options) => {
    const authorization = createServiceToken('service', options);

    expect((await send(emulator, 'GET /twins/d1', { authorization })).status).toBe(200);
  });

  test('asks of a token that it has taken before whether it is also for this path', async () => {
    const authorization = createServiceToken('service', { resource: 'localhost/twins/d1' });
    const statuses: number[] = [];
    for (const path of ['/twins/d1', '/twins/d2', '/twins/d1/modules/m']) {
      statuses.push((await send(emulator, `GET ${path}`, { authorization })).status);
    }

    expect(statuses).toEqual([200, 401, 404]);
  });

  test('takes a token that it has taken before no longer than to its end', async () => {
    let nowMs = Date.now();
    await using own = await startTestEmulator({ clock: () => new Date(nowMs) });
    const expirySeconds = Math.ceil(nowMs / 1000) + 60;
    const authorization = createServiceToken('service', { expirySeconds });
    own.registerDevice('d1');
    const before = await send(own, 'GET /twins/d1', { authorization });
    nowMs = (expirySeconds + 300) * 1000; // the clock skew included
    const after = await send(own, 'GET /twins/d1', { authorization });

    expect([before.status, after.status]).toEqual([200, 401]);
  });

  test('goes by the query of each request, whatever the last one asked', async () => {
    await using own = await startTestEmulator();
    for (const deviceId of ['d1', 'd2', 'd3']) own.registerDevice(deviceId);
    const counts: number[] = [];
    for (const query of ['?top=1', '?top=2', '', '?top=1']) {
      counts.push((await send(own, `GET /devices${query}`)).json.length);
    }
    const { status } = await send(own, 'GET /devices?top=1', { apiVersion: null });

    expect(counts).toEqual([1, 2, 3, 1]);
    expect(status).toBe(400);
  });

  test('names the port and the option when the port is taken', async () => {
    await expect(startTestEmulator({ httpsPort: emulator.httpsPort })).rejects.toThrow(
      new RegExp(`port ${emulator.httpsPort} on 127.0.0.1 is taken.*--https-port`),
    );
  });
});

describe('a query over HTTPS', () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
    for (let index = 0; index < 250; index += 1) emulator.registerDevice(`d${index}`);
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  const query = (text: unknown, headers = {}) =>
    send(emulator, 'POST /devices/query', { body: { query: text }, headers });

  test('comes in pages that together are everything once', async () => {
    const sizes: number[] = [];
    const seen = new Set<string>();
    let continuation: string | undefined = '';
    while (continuation !== undefined) {
      const { headers, json } = await query('SELECT * FROM devices', {
        'x-ms-max-item-count': '60',
        'x-ms-continuation': continuation,
      });
      expect(headers['x-ms-item-type']).toBe('Twin');
      sizes.push(json.length);
      for (const twin of json) seen.add(twin.deviceId);
      continuation = headers['x-ms-continuation'] as string | undefined;
    }

    expect(sizes).toEqual([60, 60, 60, 60, 10]);
    expect(seen.size).toBe(250);
  });

  test('has at most 100 items on a page', async () => {
    const { json } = await query('SELECT * FROM devices', { 'x-ms-max-item-count': '1000' });

    expect(json).toHaveLength(100);
  });

  test('says that a projection is Raw, and has no continuation on its last page', async () => {
    const { headers, json } = await query('SELECT COUNT() AS total FROM devices');

    expect(headers['x-ms-item-type']).toBe('Raw');
    expect(headers).not.toHaveProperty('x-ms-continuation');
    expect(json).toEqual([{ total: 250 }]);
  });

  test.each(['SELECT', 'DROP TABLE devices', '', 7, null])('refuses %j with 400', async (text) => {
    const { status, json } = await query(text);

    expect(status).toBe(400);
    expect(json.Message).toBe('ErrorCode:ArgumentInvalid;BadRequest');
  });

  test('refuses a text of more than 8192 characters with 412', async () => {
    const { status } = await query(`SELECT * FROM devices WHERE deviceId='${'x'.repeat(8192)}'`);

    expect(status).toBe(412);
  });

  test('refuses the continuation of another query, and one it never gave', async () => {
    const { headers } = await query('SELECT * FROM devices');
    const foreign = String(headers['x-ms-continuation']);

    for (const continuation of [foreign, 'nonsense']) {
      const { status } = await query('SELECT deviceId FROM devices', {
        'x-ms-continuation': continuation,
      });
      expect(status).toBe(400);
    }
  });

  test('goes on after a restart of the result, from a continuation it no longer holds', async () => {
    const first = await query('SELECT deviceId FROM devices');
    const continuation = String(first.headers['x-ms-continuation']);
    for (let other = 0; other < 70; other += 1)
      await query(`SELECT * FROM devices WHERE ${other}=${other}`);
    const second = await query('SELECT deviceId FROM devices', {
      'x-ms-continuation': continuation,
    });

    expect(second.json[0]).toEqual({ deviceId: 'd100' });
  });
});
