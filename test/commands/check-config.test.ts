import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { reportConfig } from '../../src/commands/check-config.js';
import { loadConfig } from '../../src/config.js';
import { createTemporaryFolder } from '../support/temporary-folder.js';

const secret = Buffer.from('nobody may see this').toString('base64');
const hub = `HostName=pumps.azure-devices.net;SharedAccessKeyName=gateway;SharedAccessKey=${secret}`;

describe('a report on the configuration', () => {
  test('tells of every part what it comes to', () => {
    const { text, usable } = reportConfig({ PORT: '4321', HUB_TIER: 'S2', HUB_UNITS: '3' });

    expect(usable).toBe(true);
    // A heading, and a row for each part.
    expect(text.trim().split('\n')).toHaveLength(1 + Object.keys(loadConfig({})).length);
    expect(text).toMatch(/^ {2}port +4321$/m);
    expect(text).toMatch(/^ {2}budget +80 % of what 3 units of S2 permit$/m);
    expect(text).toMatch(/^ {2}emulator +HTTPS 8443, .*4 tutorial devices$/m);
    expect(text).toMatch(/^ {2}journal +SQLite in \.data$/m);
  });

  test.each([
    `postgres://gateway:${secret}@db.example/fleet?sslmode=require`,
    `postgres://gateway@db.example/fleet?sslmode=require&password=${encodeURIComponent(secret)}`,
    `postgres://gateway@db.example/fleet?sslmode=require&passwort=${encodeURIComponent(secret)}`,
  ])('names the hub and the database, but no secret, of %s', (url) => {
    const { text } = reportConfig({ IOTHUB_CONNECTION_STRING: hub, DATABASE_URL: url });

    expect(text).toContain(
      'HostName=pumps.azure-devices.net;SharedAccessKeyName=gateway;SharedAccessKey=***',
    );
    expect(text).toMatch(
      /PostgreSQL, postgres:\/\/gateway(:\*\*\*)?@db\.example\/fleet\?sslmode=require/,
    );
    for (const form of [secret, encodeURIComponent(secret)]) expect(text).not.toContain(form);
  });

  test('names a hub by Entra ID', () => {
    const { text } = reportConfig({ IOTHUB_HOSTNAME: 'pumps.azure-devices.net' });

    expect(text).toMatch(
      /^ {2}hubs +pumps\.azure-devices\.net by Microsoft Entra ID \(1 of S1, 80 %\)$/m,
    );
    expect(text).toMatch(/^ {2}emulator +none$/m);
  });

  test('tells who is let in, and of keys but their names', async () => {
    await using folder = await createTemporaryFolder();
    const CONFIG_FILE = `${folder.path}/twinql.yaml`;
    const sha256 = 'ab'.repeat(32);
    writeFileSync(
      CONFIG_FILE,
      `roles: { site: { extends: viewer, scope: { tags: [{ path: site, eq: muc }] } } }
claims: { roles: groups, mapping: { a: site, b: admin } }
apiKeys: [{ id: ci, sha256: ${sha256}, roles: [site], expiresAt: '2020-01-01T00:00:00Z' }]`,
    );
    const { text } = reportConfig({
      CONFIG_FILE,
      IOTHUB_CONNECTION_STRING: hub,
      AUTH_ISSUER: 'https://login.example',
      AUTH_AUDIENCE: 'fleet',
    });

    expect(text).toMatch(
      /takes access tokens +of https:\/\/login\.example for fleet, its keys by discovery$/m,
    );
    expect(text).toMatch(/takes API keys +ci \(site; expired 2020-01-01T00:00:00\.000Z\)$/m);
    expect(text).toMatch(/roles +viewer, operator, admin, site \(configured, of some devices\)$/m);
    expect(text).toMatch(
      /tells users by +the claim sub, their roles by groups \(2 values mapped\)$/m,
    );
    expect(text).not.toContain(sha256);
  });

  test('tells of all that is wrong at once, and repeats no secret', () => {
    const { text, usable } = reportConfig({
      PORT: 'x',
      HUB_SHARE: '2',
      IOTHUB_CONNECTION_STRING: `HostName=pumps;SharedAccessKey=${secret}`,
    });

    expect(usable).toBe(false);
    expect(text).toMatch(/^PORT: /m);
    expect(text).toMatch(/^HUB_SHARE: /m);
    expect(text).toMatch(/^IOTHUB_CONNECTION_STRING: it lacks SharedAccessKeyName/m);
    expect(text).not.toContain(secret);
  });
});
