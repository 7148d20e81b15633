import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { exportSPKI, importJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWire } from './server/support/wire.js';
import { makeApiKey } from './support/api-keys.js';
import { type Cleanup, createCleanup } from './support/cleanup.js';
import { startGateway, startWorld, type World } from './support/gateway.js';
import { AUDIENCE, createIssuerKey, type Issuer, startIssuer } from './support/issuer.js';
import {
  CanDocument,
  DeviceDocument,
  ViewerDocument,
  WatchDeviceDocument,
} from './support/operations.js';
import { createTemporaryFolder } from './support/temporary-folder.js';

const keys = {
  ci: makeApiKey('ci', ['viewer']),
  monitor: makeApiKey('monitor', ['monitor']),
  expired: makeApiKey('expired', ['admin'], new Date(Date.now() - 1000)),
  unlisted: makeApiKey('ci', ['admin']),
};

const configuration = {
  roles: {
    monitor: { permissions: ['metrics:read'] },
    tenant: {
      extends: 'operator',
      scope: { tags: [{ path: 'tenant', eq: { claim: 'tenant' } }] },
    },
  },
  claims: { roles: ['roles', 'realm_access.roles', 'https://fleet.example/roles'] },
  apiKeys: [keys.ci, keys.monitor, keys.expired].map(({ entry }) => entry),
};

const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;

describe('a gateway that asks who callers are', () => {
  let cleanup: Cleanup;
  let issuer: Issuer;
  let world: World;
  let folder: string;

  beforeAll(async () => {
    cleanup = createCleanup();
    issuer = cleanup.use(await startIssuer());
    folder = cleanup.use(await createTemporaryFolder()).path;
    const CONFIG_FILE = `${folder}/twinql.json`;
    writeFileSync(CONFIG_FILE, JSON.stringify(configuration));
    world = cleanup.use(
      await startWorld({
        environment: {
          CONFIG_FILE,
          AUTH_ISSUER: issuer.url,
          AUTH_AUDIENCE: AUDIENCE,
          AUTH_CLIENT_ID: 'console',
        },
      }),
    );
    world.emulator.registerDevice('pump');
  });

  afterAll(() => cleanup[Symbol.asyncDispose]());

  const viewerOf = async (credential: string) =>
    (await world.gateway.as(credential).data(ViewerDocument, {})).viewer;

  /** Asks by plain HTTP for a device that is there. */
  const ask = (headers: Record<string, string>, path = '/graphql') =>
    fetch(`${world.gateway.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ device(id: "pump") { deviceId } }' }),
    });

  /** What a request of a credential is answered, and that nothing was done for it. */
  async function refusalOf(headers: Record<string, string>) {
    world.emulator.calls.clear();
    const response = await ask(headers);
    const text = await response.text();
    const credential = headers['authorization']?.split(' ').at(-1);
    if (credential) expect(text).not.toContain(credential);
    expect(world.emulator.calls.count()).toBe(0);
    return { response, body: JSON.parse(text) as { errors: { message: string }[] } };
  }

  test('knows the holder of an access token, and until when', async () => {
    const exp = seconds(600);
    const token = await issuer.token({ roles: ['operator', 'nonsense'], exp });

    expect(await viewerOf(token)).toMatchObject({
      id: 'user:alice',
      roles: ['operator'],
      permissions: expect.arrayContaining(['device:reboot', 'device:read']),
      expiresAt: new Date((exp + 60) * 1000).toISOString(),
    });
  });

  test.each([
    ['a text', { roles: 'viewer' }, ['viewer']],
    ['a path', { realm_access: { roles: ['viewer'] } }, ['viewer']],
    ['a name with dots', { 'https://fleet.example/roles': ['admin'] }, ['admin']],
    [
      'several claims',
      { roles: ['viewer'], realm_access: { roles: ['admin'] } },
      ['viewer', 'admin'],
    ],
    ['what is no text', { roles: [1, null, { viewer: true }] }, []],
    ['a name of every object', { roles: ['constructor', '__proto__'] }, []],
    ['nothing', {}, []],
  ])('reads roles from %s', async (_what, claims, roles) => {
    expect(await viewerOf(await issuer.token(claims))).toMatchObject({ roles });
  });

  test('lets those without a role ask who they are, and nothing else', async () => {
    const alice = world.gateway.as(await issuer.token());
    const { errors } = await alice.execute(DeviceDocument, { id: 'pump' });

    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await alice.data(ViewerDocument, {})).viewer.permissions).toEqual([]);
  });

  test('grants a role of some devices to those alone whose token has the claim', async () => {
    const roles = ['tenant'];
    const [known, unknown] = [
      await issuer.token({ roles, tenant: 'a' }),
      await issuer.token({ roles }),
    ];

    expect((await viewerOf(known)).permissions).toContain('device:reboot');
    for (const tenant of [undefined, '', [], ['a', 'b'], { a: 1 }, null]) {
      expect((await viewerOf(await issuer.token({ roles, tenant }))).permissions).toEqual([]);
    }
    expect(await viewerOf(unknown)).toMatchObject({ roles: ['tenant'], permissions: [] });
  });

  test('shows to holders of a role of some devices those of the claim in their token', async () => {
    world.emulator.registerDevice('pump-of-a', { tags: { tenant: 'a' } });
    const holder = world.gateway.as(await issuer.token({ roles: ['tenant'], tenant: 'a' }));
    const deviceIds = ['pump', 'pump-of-a', 'nothing'];
    const { can } = await holder.data(CanDocument, { permission: 'device:reboot', deviceIds });

    expect(can.map(({ permitted }) => permitted)).toEqual([false, true, false]);
    expect((await holder.data(DeviceDocument, { id: 'pump' })).device).toBeNull();
    const { device } = await holder.data(DeviceDocument, { id: 'pump-of-a' });
    expect(device?.deviceId).toBe('pump-of-a');
    // What belongs to no device is of a grant without a scope.
    expect((await holder.data(ViewerDocument, {})).viewer.permissions).not.toContain('hub:read');
  });

  test('tells what one may do to devices', async () => {
    const operator = world.gateway.as(await issuer.token({ roles: ['operator'] }));
    const ask = async (permission: string) =>
      (await operator.data(CanDocument, { permission, deviceIds: ['pump', 'fan'] })).can;

    expect(await ask('device:reboot')).toEqual([
      { deviceId: 'pump', permitted: true },
      { deviceId: 'fan', permitted: true },
    ]);
    expect((await ask('device:wipe')).map(({ permitted }) => permitted)).toEqual([false, false]);
    for (const [variables, argument] of [
      [{ permission: 'reboot', deviceIds: [] }, 'permission'],
      [{ permission: 'device:read', deviceIds: ['a b'] }, 'deviceIds[0]'],
      [{ permission: 'device:read', deviceIds: Array(101).fill('pump') }, 'deviceIds'],
    ] as const) {
      const { errors } = await operator.execute(CanDocument, variables);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    }
  });

  describe('takes no token', () => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = () => ({
      iss: issuer.url,
      aud: AUDIENCE,
      sub: 'alice',
      roles: ['admin'],
      exp: seconds(600),
    });
    const signedBy = async (key: Promise<Issuer['key']> | Issuer['key']) => {
      const own = issuer.key;
      issuer.key = await key;
      const token = await issuer.token();
      issuer.key = own;
      return token;
    };

    test.each<[string, () => Promise<string> | string, RegExp]>([
      ['that has expired', () => issuer.token({ exp: seconds(-61) }), /it has expired$/],
      ['that is not valid yet', () => issuer.token({ nbf: seconds(90) }), /it is not valid yet$/],
      ['without an end', () => issuer.token({ exp: undefined }), /it lacks the claim exp$/],
      ['for another audience', () => issuer.token({ aud: 'api://other' }), /for another audience$/],
      ['for nobody', () => issuer.token({ aud: undefined }), /it lacks the claim aud$/],
      [
        'of another issuer',
        () => issuer.token({ iss: 'https://evil.example' }),
        /of another issuer$/,
      ],
      ['of nobody', () => issuer.token({ sub: undefined }), /it lacks the claim sub, a text$/],
      ['of a number', () => issuer.token({ sub: 7 }), /it lacks the claim sub, a text$/],
      [
        'of what breaks lines',
        () => issuer.token({ sub: 'a\nb' }),
        /it lacks the claim sub, a text$/,
      ],
      [
        'of a key that is not listed',
        () => signedBy(createIssuerKey('stranger')),
        /signed by a key that the issuer does not list$/,
      ],
      [
        'of another key by the name of one that is listed',
        () => signedBy(createIssuerKey('first')),
        /its signature is not that of the issuer$/,
      ],
      [
        'whose claims were changed',
        async () => {
          const [head, , signature] = (await issuer.token()).split('.');
          return `${head}.${encode(claims())}.${signature}`;
        },
        /its signature is not that of the issuer$/,
      ],
      [
        'that is not signed',
        () => `${encode({ alg: 'none' })}.${encode(claims())}.`,
        /it is not signed by an algorithm of public and private keys$/,
      ],
      [
        "signed by the issuer's public key as if it were a secret",
        async () => {
          const publicKey = await importJWK(issuer.key.publicJwk, 'RS256', { extractable: true });
          const secret = await exportSPKI(publicKey as Parameters<typeof exportSPKI>[0]);
          const text = `${encode({ alg: 'HS256', kid: 'first' })}.${encode(claims())}`;
          return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
        },
        /it is not signed by an algorithm of public and private keys$/,
      ],
      ['that is none', () => 'c2VjcmV0', /it is no signed JWT$/],
      ['that is no text of a token', () => 'a.b.c', /it is no signed JWT$/],
    ])('%s', async (_what, make, reason) => {
      const { response, body } = await refusalOf({ authorization: `Bearer ${await make()}` });

      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe(
        'Bearer realm="twinql", error="invalid_token"',
      );
      expect(body).toMatchObject({
        errors: [
          { message: expect.stringMatching(reason), extensions: { code: 'UNAUTHENTICATED' } },
        ],
      });
    });
  });

  test('minds a minute between its clock and that of the issuer', async () => {
    for (const claims of [{ exp: seconds(-30) }, { nbf: seconds(30) }]) {
      expect(await viewerOf(await issuer.token(claims))).toMatchObject({ id: 'user:alice' });
    }
  });

  test('knows the holder of an API key', async () => {
    expect(await viewerOf(keys.ci.key)).toMatchObject({
      id: 'key:ci',
      roles: ['viewer'],
      permissions: ['action:read', 'device:read', 'hub:read', 'operation:read'],
    });
  });

  test.each([
    ['has expired', () => keys.expired.key, /the API key has expired$/],
    ['is not listed', () => keys.unlisted.key, /there is no such API key$/],
    ['lost its end', () => keys.ci.key.slice(0, -1), /incomplete or mistyped$/],
    [
      'was mistyped',
      () => keys.ci.key.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
      /incomplete or mistyped$/,
    ],
  ])('takes no API key that %s', async (_what, make, reason) => {
    const { response, body } = await refusalOf({ authorization: `Bearer ${make()}` });

    expect(response.status).toBe(401);
    expect(body.errors).toMatchObject([
      { message: expect.stringMatching(reason), extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });

  test.each([
    ['no credential', {}, 'Bearer realm="twinql"'],
    ['an empty one', { authorization: ' ' }, 'Bearer realm="twinql"'],
    [
      'another scheme',
      { authorization: 'Basic c2VjcmV0OnNlY3JldA==' },
      'Bearer realm="twinql", error="invalid_token"',
    ],
  ] as [string, Record<string, string>, string][])(
    'turns away those who show %s, before it reads what they ask',
    async (_what, headers, challenge) => {
      const { response, body } = await refusalOf(headers);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe(challenge);
      expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      for (const path of ['/graphql', '/graphql/stream', '/metrics', '/audit.jsonl']) {
        const method = path.startsWith('/graphql') ? 'POST' : 'GET';
        const init = method === 'GET' ? { headers } : { method, headers, body: '{' };
        expect((await fetch(`${world.gateway.url}${path}`, init)).status).toBe(401);
      }
    },
  );

  test('tells its metrics to those who may read them', async () => {
    const statusOf = async (credential: string) =>
      (
        await fetch(`${world.gateway.url}/metrics`, {
          headers: { authorization: `Bearer ${credential}` },
        })
      ).status;

    expect(await statusOf(keys.monitor.key)).toBe(200);
    expect(await statusOf(await issuer.token({ roles: ['admin'] }))).toBe(200);
    expect(await statusOf(keys.ci.key)).toBe(403);
  });

  test('tells whoever asks how to sign in', async () => {
    const response = await fetch(`${world.gateway.url}/sign-in`);

    expect(await response.json()).toEqual({
      issuer: issuer.url,
      clientId: 'console',
      scopes: ['openid'],
    });
  });

  test('may be reached by any name, from pages of its own', async () => {
    const credential = { authorization: `Bearer ${keys.ci.key}` };
    // fetch sends no other Host than that of its URL.
    const port = new URL(world.gateway.url).port;
    for (const [origin, status] of [
      [`https://127.0.0.1:${port}`, 200],
      ['https://evil.example', 403],
    ] as const) {
      expect((await ask({ ...credential, origin })).status).toBe(status);
    }
    await using wire = await openWire(world.gateway.url, {
      init: { token: keys.ci.key },
      headers: { host: 'fleet.example', origin: 'https://fleet.example' },
    });
    expect(wire.messages).toEqual([]);
  });

  describe('over WebSocket', () => {
    test.each<[string, (token: string) => Parameters<typeof openWire>[1]]>([
      ['authorization', (token) => ({ init: { authorization: `Bearer ${token}` } })],
      ['Authorization', (token) => ({ init: { Authorization: `bearer ${token}` } })],
      ['token', (token) => ({ init: { token } })],
      ['headers', (token) => ({ init: { headers: { authorization: `Bearer ${token}` } } })],
      ['a header of the upgrade', (token) => ({ headers: { authorization: `Bearer ${token}` } })],
    ])('takes a credential as %s', async (_form, optionsFor) => {
      await using wire = await openWire(
        world.gateway.url,
        optionsFor(await issuer.token({ roles: ['viewer'] })),
      );
      wire.subscribe('1', '{ viewer { id } }');
      const { payload } = await wire.waitFor(({ type }) => type === 'next');

      expect(payload).toMatchObject({ data: { viewer: { id: 'user:alice' } } });
    });

    test.each([
      ['none', {}, 'there is no credential; expected an access token or an API key'],
      ['a bad one', { token: 'c2VjcmV0' }, 'the access token is not taken: it is no signed JWT'],
    ])('closes the socket of those who show %s, with the reason', async (_what, init, reason) => {
      await expect(openWire(world.gateway.url, { init })).rejects.toThrow(
        `closed with 4403 ${reason}`,
      );
    });

    test('closes the socket when its token expires, with all that is open on it', async () => {
      const token = await issuer.token({ roles: ['viewer'], exp: seconds(-58) });
      const updates = world.gateway.as(token).subscribe(WatchDeviceDocument, { id: 'pump' });
      await updates.waitFor(({ device }) => device.deviceId === 'pump');

      await expect(updates.completed).rejects.toMatchObject({
        code: 4403,
        reason: 'the credential has expired; connect again with a new one',
      });
    });

    test('lets a client go on that sends a new token in time', async () => {
      const roles = ['viewer'];
      const init = { token: await issuer.token({ roles, exp: seconds(-57) }) };
      await using wire = await openWire(world.gateway.url, { init });
      wire.subscribe('1', 'subscription { device(id: "pump") { deviceId } }');
      await wire.waitFor(({ type }) => type === 'next');
      const exp = seconds(600);
      wire.send({ type: 'ping', payload: { token: await issuer.token({ roles, exp }) } });
      const pong = await wire.waitFor(({ type }) => type === 'pong');

      expect(pong.payload).toEqual({ expiresAt: new Date((exp + 60) * 1000).toISOString() });
    });
  });

  test('over server-sent events ends a stream when its token expires, with the reason', async () => {
    const token = await issuer.token({ roles: ['viewer'], exp: seconds(-58) });
    const response = await fetch(`${world.gateway.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: 'subscription { device(id: "pump") { deviceId } }' }),
    });
    const text = await response.text();

    expect(text).toContain('{"data":{"device":{"deviceId":"pump"}}}');
    expect(text).toMatch(/"code":"UNAUTHENTICATED".*\n\nevent: complete/);
  });

  test('starts without the keys of the issuer, and lets API keys in meanwhile', async () => {
    await using gateway = await startGateway(world.emulator, {
      environment: {
        CONFIG_FILE: `${folder}/twinql.json`,
        AUTH_ISSUER: issuer.url,
        AUTH_AUDIENCE: AUDIENCE,
        AUTH_JWKS_URI: 'http://127.0.0.1:1/keys',
      },
    });
    const token = await issuer.token({ roles: ['admin'] });
    const refused = await gateway.as(token).execute(ViewerDocument, {});

    expect(refused).toMatchObject({
      status: 503,
      errors: [{ extensions: { code: 'ISSUER_UNAVAILABLE' } }],
    });
    await expect(openWire(gateway.url, { init: { token } })).rejects.toThrow('closed with 1013');
    expect((await gateway.as(keys.ci.key).data(ViewerDocument, {})).viewer.id).toBe('key:ci');
  });
});

test('a gateway that asks nobody tells that everybody is the local developer', async () => {
  await using world = await startWorld();
  const { viewer } = await world.gateway.data(ViewerDocument, {});

  expect(viewer).toMatchObject({ id: 'local-developer', roles: ['admin'], expiresAt: null });
  expect(await (await fetch(`${world.gateway.url}/sign-in`)).json()).toEqual({
    issuer: null,
    clientId: null,
    scopes: [],
  });
});
