import { describe, expect, test } from 'vitest';
import { reportConfig } from '../src/check-config.js';
import { loadConfig } from '../src/config.js';

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
