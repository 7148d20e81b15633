import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseJwks } from '../../src/emulator/entra.js';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function createToken(header: { alg: string; kid: string }, claims: object, key: KeyObject): string {
  const now = Math.floor(Date.now() / 1000);
  const text = `${encode(header)}.${encode({
    aud: 'https://iothubs.azure.net',
    exp: now + 3600,
    ...claims,
  })}`;
  const options = header.alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' as const } : key;
  return `Bearer ${text}.${sign('sha256', Buffer.from(text), options).toString('base64url')}`;
}

const rs = { alg: 'RS256', kid: 'rsa' };
const now = Math.floor(Date.now() / 1000);

describe('a service with a bearer token', () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator({
      jwks: parseJwks({
        keys: [
          { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa' },
          { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec' },
        ],
      }),
    });
    emulator.registerDevice('d1');
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  test.each([
    ['RS256', createToken(rs, {}, rsa.privateKey), 200],
    ['ES256', createToken({ alg: 'ES256', kid: 'ec' }, {}, ec.privateKey), 200],
    [
      'an audience with a slash',
      createToken(rs, { aud: 'https://iothubs.azure.net/' }, rsa.privateKey),
      200,
    ],
    ['just ended', createToken(rs, { exp: now - 100 }, rsa.privateKey), 200],
    ["a stranger's key", createToken(rs, {}, stranger.privateKey), 401],
    ['an unknown key', createToken({ alg: 'RS256', kid: 'x' }, {}, rsa.privateKey), 401],
    ['the wrong algorithm', createToken({ alg: 'ES256', kid: 'rsa' }, {}, ec.privateKey), 401],
    ['no algorithm', createToken({ alg: 'none', kid: 'rsa' }, {}, rsa.privateKey), 401],
    ['another audience', createToken(rs, { aud: 'https://vault.azure.net' }, rsa.privateKey), 401],
    ['expired', createToken(rs, { exp: now - 400 }, rsa.privateKey), 401],
    ['not valid yet', createToken(rs, { nbf: now + 400 }, rsa.privateKey), 401],
    ['a fourth part', `${createToken(rs, {}, rsa.privateKey)}.x`, 401],
    ['garbage', 'Bearer garbage', 401],
  ])('%s', async (_, authorization, status) => {
    expect((await send(emulator, 'GET /twins/d1', { authorization })).status).toBe(status);
  });

  test('is refused by an emulator that has no keys', async () => {
    await using plain = await startTestEmulator();
    const authorization = createToken(rs, {}, rsa.privateKey);

    expect((await send(plain, 'GET /devices', { authorization })).status).toBe(401);
  });
});
