import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../src/config.js';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';

const secretKey = Buffer.from('a key that must never be seen').toString('base64');
const service = `HostName=pumps.azure-devices.net;SharedAccessKeyName=owner;SharedAccessKey=${secretKey}`;
const device = `HostName=pumps.azure-devices.net;DeviceId=d1;SharedAccessKey=${secretKey}`;

/** The problems with an environment, one line each. */
function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new TypeError('the environment was accepted');
}

describe('without any variable', () => {
  it('runs on the loopback address with an emulator and four devices', () => {
    const { profiles, ...config } = loadConfig({});

    expect(config).toEqual({
      host: '127.0.0.1',
      port: 4000,
      corsOrigins: [],
      hubs: [],
      emulator: {
        httpsPort: 8443,
        mqttPort: 8883,
        amqpPort: 5671,
        dataDir: '.emulator',
        demoDevices: 4,
      },
      database: { kind: 'SQLITE', dataDir: '.data' },
      audit: { anchorFile: '.data/audit-anchors.jsonl' },
      defaultProfile: 'node',
      budget: { tier: 'S1', units: 1, share: 0.8 },
      watch: { activeInterval: 1_000, idleInterval: 5_000 },
      drainTimeout: 8_000,
      subgraph: false,
      logLevel: 'info',
    });
    expect(profiles.map(({ action, name }) => `${action} ${name}`)).toEqual([
      'reboot node',
      'reboot python',
      'reboot java',
      'factoryReset node',
      'updateFirmware node',
      'updateFirmware desired',
    ]);
  });

  it('takes empty ones for absent, as shells and containers set them', () => {
    expect(loadConfig({ HOST: '', PORT: ' ', IOTHUB_CONNECTION_STRING: '', NODE_ENV: '' })).toEqual(
      loadConfig({}),
    );
  });

  it('does not care for variables that are not its own', () => {
    expect(loadConfig({ PATH: '/bin', NODE_OPTIONS: '--inspect' })).toEqual(loadConfig({}));
  });

  it('cannot be changed, nor can any part of it', () => {
    const config = loadConfig({ CORS_ORIGINS: 'https://fleet.example' });

    for (const part of [
      config,
      config.hubs,
      config.emulator,
      config.database,
      config.watch,
      config.corsOrigins,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

describe('a variable', () => {
  it.each([
    [
      { HOST: '::1', PORT: '0' },
      { host: '::1', port: 0 },
    ],
    [
      { HOST: 'localhost', PORT: '65535' },
      { host: 'localhost', port: 65535 },
    ],
    [{ HOST: '127.8.9.10' }, { host: '127.8.9.10' }],
    [
      { CORS_ORIGINS: 'https://fleet.example, http://localhost:3000,' },
      { corsOrigins: ['https://fleet.example', 'http://localhost:3000'] },
    ],
    [{ DATA_DIR: '/var/lib/twinql' }, { database: { kind: 'SQLITE', dataDir: '/var/lib/twinql' } }],
    [{ DEFAULT_PROFILE: 'java' }, { defaultProfile: 'java' }],
    [{ SUBGRAPH: 'true' }, { subgraph: true }],
    [{ LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
    [
      {
        EMULATOR_HTTPS_PORT: '1',
        EMULATOR_MQTT_PORT: '2',
        EMULATOR_DATA_DIR: 'e',
        DEMO_DEVICES: '0',
      },
      { emulator: { httpsPort: 1, mqttPort: 2, dataDir: 'e', demoDevices: 0 } },
    ],
    [
      { IOTHUB_CONNECTION_STRING: service },
      {
        hubs: [{ access: { connectionString: service }, ca: undefined, tier: 'S1' }],
        emulator: undefined,
      },
    ],
    [{ IOTHUB_CONNECTION_STRING: service, NODE_ENV: 'production' }, { host: '127.0.0.1' }],
  ])('such as %j is taken', (environment, expected) => {
    expect(loadConfig(environment)).toMatchObject(expected);
  });

  it.each([
    'postgres://gateway:p%40ss@db.example:5432/fleet?sslmode=require',
    'postgresql://db/fleet',
    'postgres:///fleet?host=/run/postgresql&user=gateway',
  ])('such as %s names a database', (url) => {
    expect(loadConfig({ DATABASE_URL: url }).database).toEqual({ kind: 'POSTGRES', url });
  });

  it.each(['p#ss', 'p/ss', '12/s@s', 'p%ss', '12#ss'])(
    'that is a URL with the bare password %s is refused before any part is taken for another',
    (password) => {
      const problems = problemsOf({ DATABASE_URL: `postgres://u:${password}@db/fleet` });

      expect(problems).toEqual([
        'DATABASE_URL: expected postgres://user:password@host:port/database; in a password, encode what has a meaning in a URL, such as %40 for @',
      ]);
    },
  );

  const hostProblem =
    'can be reached from elsewhere, and this version cannot tell callers apart; use 127.0.0.1, ::1 or localhost';
  const portProblem = 'expected a port, 0 to 65535';
  const expectedString =
    'expected HostName=…;SharedAccessKeyName=…;SharedAccessKey=… of a shared access policy of the hub';
  const expectedUrl = 'expected postgres://user:password@host:port/database';
  const originProblem = 'expected origins such as https://fleet.example, separated by commas';

  it.each([
    [{ PORT: '65536' }, `PORT: ${portProblem}`],
    [{ PORT: '-1' }, `PORT: ${portProblem}`],
    [{ PORT: '80.5' }, `PORT: ${portProblem}`],
    [{ PORT: 'http' }, `PORT: ${portProblem}`],
    [{ EMULATOR_HTTPS_PORT: 'x' }, `EMULATOR_HTTPS_PORT: ${portProblem}`],
    [{ EMULATOR_MQTT_PORT: 'Infinity' }, `EMULATOR_MQTT_PORT: ${portProblem}`],
    [{ DEMO_DEVICES: '10001' }, 'DEMO_DEVICES: expected a number of devices, 0 to 10000'],
    [{ CORS_ORIGINS: '*' }, `CORS_ORIGINS: ${originProblem}`],
    [{ CORS_ORIGINS: 'fleet.example' }, `CORS_ORIGINS: ${originProblem}`],
    [{ CORS_ORIGINS: 'https://fleet.example/' }, `CORS_ORIGINS: ${originProblem}`],
    [{ CORS_ORIGINS: 'https://fleet.example/app' }, `CORS_ORIGINS: ${originProblem}`],
    [{ CORS_ORIGINS: 'null' }, `CORS_ORIGINS: ${originProblem}`],
    [{ DEFAULT_PROFILE: 'cobol' }, 'DEFAULT_PROFILE: expected one of node, python, java, desired'],
    [{ SUBGRAPH: 'maybe' }, 'SUBGRAPH: expected true or false'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: expected one of trace, debug, info, warn, error, silent'],
    [{ DATABASE_URL: 'mysql://u:p@db/fleet' }, `DATABASE_URL: ${expectedUrl}`],
    [{ DATABASE_URL: 'fleet.db' }, `DATABASE_URL: ${expectedUrl}`],
    [{ DATABASE_URL: 'postgres:fleet' }, `DATABASE_URL: ${expectedUrl}`],
    [{ DATABASE_URL: 'postgres:///fleet' }, `DATABASE_URL: it names no host; ${expectedUrl}`],
    [{ HOST: '0.0.0.0' }, `HOST: 0.0.0.0 ${hostProblem}`],
    [{ HOST: '::' }, `HOST: :: ${hostProblem}`],
    [{ HOST: '192.168.1.7' }, `HOST: 192.168.1.7 ${hostProblem}`],
    [{ HOST: '127.evil.example' }, `HOST: it ${hostProblem}`],
    [
      { NODE_ENV: 'production' },
      'IOTHUB_CONNECTION_STRING: it is not set, and the emulator with its made-up devices does not run with NODE_ENV=production; set it to a service connection string of your hub',
    ],
    [
      { IOTHUB_CONNECTION_STRING: 'pumps' },
      `IOTHUB_CONNECTION_STRING: it lacks HostName and SharedAccessKeyName and SharedAccessKey; ${expectedString}`,
    ],
    [
      { IOTHUB_CONNECTION_STRING: device },
      `IOTHUB_CONNECTION_STRING: it lacks SharedAccessKeyName (this is a device connection string; take one of the hub's shared access policies); ${expectedString}`,
    ],
    [
      { IOTHUB_CONNECTION_STRING: `${service}!` },
      `IOTHUB_CONNECTION_STRING: its SharedAccessKey is not base64; ${expectedString}`,
    ],
    [
      { IOTHUB_CONNECTION_STRING: service.replace('HostName=', 'HostName=https://') },
      `IOTHUB_CONNECTION_STRING: its HostName is not a host name with an optional port; ${expectedString}`,
    ],
  ])('such as %j is refused, and what was expected is said', (environment, problem) => {
    expect(problemsOf(environment)).toEqual([problem]);
  });

  it('is named with all others that are wrong, at once', () => {
    const problems = problemsOf({
      NODE_ENV: 'production',
      HOST: '0.0.0.0',
      PORT: 'http',
      CORS_ORIGINS: '*',
      DEFAULT_PROFILE: 'cobol',
      LOG_LEVEL: 'loud',
      DEMO_DEVICES: 'many',
    });

    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'CORS_ORIGINS',
      'DEFAULT_PROFILE',
      'DEMO_DEVICES',
      'HOST',
      'IOTHUB_CONNECTION_STRING',
      'LOG_LEVEL',
      'PORT',
    ]);
  });
});

describe('the authority of the hub', () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  it('is read from its file', () => {
    const { hubs } = loadConfig({
      IOTHUB_CONNECTION_STRING: emulator.connectionString,
      IOTHUB_CA_FILE: emulator.caFile,
    });

    expect(hubs[0]).toMatchObject({
      access: { connectionString: emulator.connectionString },
      ca: emulator.ca,
    });
  });

  it.each([
    ['is not there', (folder: string) => join(folder, 'nothing.pem'), /cannot be read: ENOENT/],
    ['is a folder', (folder: string) => folder, /cannot be read: EISDIR/],
    ['holds no certificate', () => 'package.json', /package\.json holds no PEM certificate/],
  ])('whose file %s is refused', (_name, fileIn, problem) => {
    const [line = '', ...others] = problemsOf({
      IOTHUB_CONNECTION_STRING: service,
      IOTHUB_CA_FILE: fileIn(emulator.dataDir),
    });

    expect(others).toEqual([]);
    expect(line).toMatch(/^IOTHUB_CA_FILE: /);
    expect(line).toMatch(problem);
  });
});

describe('a secret', () => {
  const variables = [
    'HOST',
    'PORT',
    'CORS_ORIGINS',
    'IOTHUB_CONNECTION_STRING',
    'IOTHUB_CA_FILE',
    'DATABASE_URL',
    'DEFAULT_PROFILE',
    'SUBGRAPH',
    'LOG_LEVEL',
    'DEMO_DEVICES',
  ];

  it.each(variables)('is not repeated, even when it stands in %s by mistake', (variable) => {
    for (const text of [`${service}!`, device, secretKey]) {
      expect(problemsOf({ [variable]: text }).join('\n')).not.toContain(secretKey);
    }
  });
});
