import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseJwks } from '../../src/emulator/entra.js';
import { policies } from '../../src/emulator/policies.js';
import { checks } from '../conformance/checks.js';
import { type Result, runChecks } from '../conformance/run.js';
import { parseTarget, type Target } from '../conformance/support/target.js';
import { breakEmulator } from './support/broken-emulator.js';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { mutations } from './support/mutation.js';
import { noticed } from './support/noticed.js';

describe('the conformance list', () => {
  let emulator: TestEmulator;
  let target: Target;
  beforeAll(async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'test' };
    emulator = await startTestEmulator({ amqpPort: 0, jwks: parseJwks({ keys: [jwk] }) });
    target = parseTarget(emulator.connectionString, {
      ca: emulator.ca,
      doors: { https: emulator.httpsPort, mqtt: emulator.mqttPort, amqp: emulator.amqpPort },
      policyKeys: Object.fromEntries([...policies.values()].map(({ name, key }) => [name, key])),
      eventsPath: '/$emulator/events',
      bearerToken: createJwt((text) => sign('sha256', Buffer.from(text), privateKey)),
    });
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  test('has the ids that were given once, each once', () => {
    expect(checks.map(({ id }) => id)).toEqual(Object.keys(noticed));
  });

  test('says of each check in a sentence what it is, and where that is written', () => {
    for (const { id, sentence, source } of checks) {
      expect(sentence, id).toMatch(/\.$/);
      expect(source, id).not.toBe('');
    }
  });

  test('is kept by the emulator', async () => {
    const results = await runChecks(checks, target, 4);

    expect(describeFailures(results)).toEqual([]);
    expect(results).toHaveLength(checks.length);
  });

  test('is kept behind doors that break nothing', async () => {
    await using whole = await breakEmulator(emulator);
    const results = await runChecks(checks, behind(whole), 4);

    expect(describeFailures(results)).toEqual([]);
  });

  test.concurrent.each(mutations)('notices a broken emulator: %s', async (mutation) => {
    await using broken = await breakEmulator(emulator, mutation);
    const affected = checks.filter(({ id }) => noticed[id]?.includes(mutation));
    const results = await runChecks(affected, { ...behind(broken), patienceMs: 1000 }, 6);
    const passed = results.filter(({ error }) => error === undefined);

    expect(passed.map(({ check }) => check.id)).toEqual([]);
    expect(affected).not.toEqual([]);
  });

  test.each(checks)('$id notices something', ({ id }) => {
    expect(noticed[id]).not.toEqual([]);
  });

  /** The checks knock at the given doors; what they prepare goes to the emulator itself. */
  function behind({ doors }: Pick<Target, 'doors'>): Target {
    return { ...target, doors, backDoors: target.doors };
  }
});

function describeFailures(results: readonly Result[]): readonly string[] {
  return results
    .filter(({ error }) => error !== undefined)
    .map(({ check, error }) => `${check.id} ${error?.message}`);
}

function createJwt(signText: (text: string) => Buffer): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { aud: 'https://iothubs.azure.net', exp: Math.floor(Date.now() / 1000) + 3600 };
  const text = `${encode({ alg: 'RS256', kid: 'test' })}.${encode(claims)}`;
  return `${text}.${signText(text).toString('base64url')}`;
}
