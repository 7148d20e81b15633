import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GatewayProcess, startDemoProcess } from './support/gateway.js';
import { DevicesDocument, WatchOperationDocument } from './support/operations.js';
import { startProgram } from './support/program.js';
import { createTemporaryFolder, type TemporaryFolder } from './support/temporary-folder.js';

const run = promisify(execFile);

describe('npm start without a hub', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    gateway = await startDemoProcess();
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
  });

  test('says where to go, how to reach its emulator, and what to try', async () => {
    expect(gateway.program.output).toMatch(
      /HostName=localhost:\d+;SharedAccessKeyName=iothubowner;/,
    );
    expect(gateway.program.output).toMatch(/export NODE_EXTRA_CA_CERTS=\/\S+\/ca\.pem/);
    expect(gateway.program.output).toMatch(/Reboot one:/);
    // In the log, and to whoever started it.
    const warnings = gateway.program.output.match(/No authentication is configured/g);
    expect(warnings).toHaveLength(2);
  });

  test('runs two devices of the node convention, one of python and one of java', async () => {
    const { devices } = await gateway.data(DevicesDocument, {});
    const profiles = devices.nodes.map(
      ({ tags }) => (tags as { twinql: { profile: string } }).twinql.profile,
    );

    expect(profiles.sort()).toEqual(['java', 'node', 'node', 'python']);
    expect(devices.nodes.map(({ connectivity }) => connectivity.verdict)).toEqual(
      Array.from({ length: 4 }, () => 'ONLINE'),
    );
  });

  test('prints a reboot that works when it is pasted', async () => {
    const [, command = ''] = await gateway.program.waitFor(/^ +(curl .*)$/m);
    const { stdout } = await run('bash', ['-c', command]);
    const answer = JSON.parse(stdout) as {
      data: { rebootDevice: { operation: { id: string }; started: boolean } };
    };
    expect(answer.data.rebootDevice.started).toBe(true);

    const { id } = answer.data.rebootDevice.operation;
    const updates = gateway.subscribe(WatchOperationDocument, { id });
    await updates.completed;
    expect(updates.messages.at(-1)?.operation.status).toBe('SUCCEEDED');
  });
});

describe('a start that cannot be', () => {
  let folder: TemporaryFolder;

  beforeAll(async () => {
    folder = await createTemporaryFolder();
  });

  afterAll(async () => {
    await folder[Symbol.asyncDispose]();
  });

  const emulatorPorts = {
    EMULATOR_HTTPS_PORT: '0',
    EMULATOR_MQTT_PORT: '0',
    EMULATOR_AMQP_PORT: '0',
  };
  const hub = (host: string) =>
    `HostName=${host};SharedAccessKeyName=iothubowner;SharedAccessKey=c2VjcmV0`;

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a connection string that is none',
      { IOTHUB_CONNECTION_STRING: 'HostName=a' },
      /IOTHUB_CONNECTION_STRING: it lacks SharedAccessKeyName and SharedAccessKey; expected/,
    ],
    [
      'a hub that nobody runs',
      { IOTHUB_CONNECTION_STRING: hub('localhost:1') },
      /IOTHUB_CONNECTION_STRING: .*ECONNREFUSED.*; check its HostName/,
    ],
    [
      'a database that nobody runs',
      { ...emulatorPorts, DATABASE_URL: 'postgres://gateway:c2VjcmV0@localhost:1/fleet' },
      /DATABASE_URL: .*ECONNREFUSED.*; check its host and port/,
    ],
    [
      'production without a hub',
      { NODE_ENV: 'production' },
      /IOTHUB_CONNECTION_STRING: it is not set/,
    ],
    [
      'an address that others reach',
      { HOST: '0.0.0.0' },
      /HOST: 0\.0\.0\.0 can be reached from elsewhere/,
    ],
    [
      'authentication without a hub',
      { AUTH_ISSUER: 'https://login.example', AUTH_AUDIENCE: 'fleet' },
      /IOTHUB_CONNECTION_STRING: it is not set, and the emulator .* where callers are told apart/,
    ],
    [
      'several mistakes',
      { PORT: 'x', DEMO_DEVICES: '-1' },
      /PORT: expected a port.*\nDEMO_DEVICES: expected a number/,
    ],
  ])('ends with one clear message for %s', async (_name, environment, message) => {
    await using program = startProgram('dist/main.js', {
      env: { PORT: '0', DATA_DIR: folder.path, EMULATOR_DATA_DIR: folder.path, ...environment },
    });
    const { code } = await program.exit();

    expect(code).toBe(1);
    expect(program.output).toMatch(message);
    expect(program.output).not.toContain('c2VjcmV0');
    expect(program.output).not.toMatch(/^ +at /m);
  });
});
