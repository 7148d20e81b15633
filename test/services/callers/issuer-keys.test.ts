import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IssuerKeys } from '../../../src/services/callers/issuer-keys.js';
import { TokenVerifier } from '../../../src/services/callers/tokens.js';
import { AUDIENCE, createIssuerKey, type Issuer, startIssuer } from '../../support/issuer.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('the keys of an issuer', () => {
  let issuer: Issuer;
  let clock: ManualClock;
  let problems: string[];
  let tokens: TokenVerifier;

  beforeEach(async () => {
    issuer = await startIssuer();
    clock = createManualClock(Date.now());
    problems = [];
    tokens = verifierOf(issuer.url);
  });

  afterEach(() => issuer[Symbol.asyncDispose]());

  function verifierOf(name: string, jwksUri?: string): TokenVerifier {
    const terms = { issuer: name, audiences: [AUDIENCE], jwksUri };
    const onError = ({ message }: Error) => problems.push(message);
    const keys = new IssuerKeys({ ...terms, clock, onError });
    return new TokenVerifier({ terms, clock, keys });
  }

  const verify = async (exp = Math.floor(clock.now() / 1000) + 3600) =>
    tokens.verify(await issuer.token({ exp }));

  test('are fetched once, for all who need them at once and later', async () => {
    await Promise.all([verify(), verify(), verify()]);
    await verify();

    expect(issuer.asked).toBe(1);
  });

  test('are fetched from where they were said to be', async () => {
    tokens = verifierOf(issuer.url, `${issuer.url}/keys`);
    await verify();

    expect(issuer.asked).toBe(1);
  });

  test('are fetched again for a token of a new one, however many tokens name unknown ones', async () => {
    await verify();
    const old = issuer.key;
    issuer.key = await createIssuerKey('second', 'ES256');
    issuer.listed = [old, issuer.key];
    const refused = { code: 'UNAUTHENTICATED', message: expect.stringContaining('does not list') };

    await expect(verify()).rejects.toMatchObject(refused);
    expect(issuer.asked).toBe(1);
    clock.advance(10 * SECOND);
    await verify();
    expect(issuer.asked).toBe(2);

    issuer.key = await createIssuerKey('unlisted');
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await expect(verify()).rejects.toMatchObject(refused);
    }
    expect(issuer.asked).toBe(2);
    clock.advance(10 * SECOND);
    await expect(verify()).rejects.toMatchObject(refused);
    expect(issuer.asked).toBe(3);
  });

  test('are looked at anew after 10 minutes, so that one that was withdrawn is taken no more', async () => {
    await verify();
    issuer.listed = [await createIssuerKey('second')];
    clock.advance(10 * MINUTE - 1);
    await verify();
    clock.advance(1);
    // Nobody waits for the look itself.
    await verify();

    await expect.poll(() => verify().catch(({ code }) => code)).toBe('UNAUTHENTICATED');
  });

  test('are used for a day while the issuer is away, and no longer', async () => {
    await verify();
    issuer.fault = (response) => void response.writeHead(503).end();
    clock.advance(23 * HOUR);
    await verify();
    await expect.poll(() => problems).toHaveLength(1);
    expect(problems[0]).toMatch(/openid-configuration cannot be read: it answered 503$/);
    clock.advance(HOUR);

    await expect(verify()).rejects.toMatchObject({ code: 'ISSUER_UNAVAILABLE' });
    // It is not asked for every token that comes.
    await expect(verify()).rejects.toMatchObject({ code: 'ISSUER_UNAVAILABLE' });
    expect(problems).toHaveLength(2);
    issuer.fault = undefined;
    clock.advance(10 * SECOND);
    await verify();
  });

  test.each<[string, (issuer: Issuer) => void, RegExp]>([
    [
      'that is no JSON',
      (it) => {
        it.fault = (response) => void response.end('<html>');
      },
      /cannot be read: Unexpected token/,
    ],
    [
      'that leads elsewhere',
      (it) => {
        it.fault = (response) => void response.writeHead(302, { location: '/keys' }).end();
      },
      /cannot be read: unexpected redirect/,
    ],
    [
      'of another issuer',
      (it) => {
        it.fault = (response) => void response.end('{"issuer":"https://other.example"}');
      },
      /is of issuer "https:\/\/other\.example"; expected that of AUTH_ISSUER/,
    ],
    [
      'with keys at no secure place',
      (it) => {
        const body = { issuer: it.url, jwks_uri: 'http://login.example/keys' };
        it.fault = (response) => void response.end(JSON.stringify(body));
      },
      /has no usable jwks_uri: expected a URL/,
    ],
    [
      'with no keys at all',
      (it) => {
        const body = { issuer: it.url, jwks_uri: `${it.url}/keys`, keys: 'none' };
        it.fault = (response) => void response.end(JSON.stringify(body));
      },
      /JSON Web Key Set malformed/,
    ],
  ])('are not taken from a configuration %s', async (_what, spoil, problem) => {
    spoil(issuer);

    await expect(verify()).rejects.toMatchObject({ code: 'ISSUER_UNAVAILABLE' });
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });
});
