import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/simulator/arguments.js';

const connectionString = 'HostName=hub;DeviceId=d1;SharedAccessKey=c2VjcmV0';
const env = { IOTHUB_DEVICE_CONNECTION_STRING: connectionString };

describe('the command line of a device', () => {
  test('takes the connection string from the environment and leaves the defaults to the device', () => {
    expect(parseArguments([], env)).toEqual({
      kind: 'device',
      options: { convention: 'node', connectionString },
    });
  });

  test('takes the connection string from the variable it names', () => {
    const argv = ['--connection-string-env', 'PUMP'];
    expect(parseArguments(argv, { PUMP: connectionString })).toMatchObject({
      options: { connectionString },
    });
  });

  test('takes a convention, its times and a CA', () => {
    const argv = ['--convention', 'python', '--busy-seconds', '0.5', '--ca', 'ca.pem'];
    expect(parseArguments(argv, env)).toMatchObject({
      options: { convention: 'python', busySeconds: 0.5, ca: 'ca.pem' },
    });
  });

  test('takes a fault and how long it lasts', () => {
    const argv = ['--fault', 'goOffline', '--offline-seconds', '7', '--firmware-step-seconds', '1'];
    expect(parseArguments(argv, env)).toMatchObject({
      options: { fault: 'goOffline', offlineSeconds: 7, firmwareStepSeconds: 1 },
    });
  });

  test('is not needed to ask for help', () => {
    expect(parseArguments(['--help'], {})).toEqual({ kind: 'help' });
  });

  test.each([
    [['--convention', 'cobol'], /--convention: expected one of node, python, java, got cobol/],
    [['--fault', 'melt'], /--fault: expected one of fail, stall, rollBack, goOffline, got melt/],
    [['--busy-seconds', 'long'], /--busy-seconds: expected a number of seconds, got long/],
    [['--busy-seconds', ''], /--busy-seconds: expected a number of seconds/],
    [['--connection-string-env', 'PUMP'], /Set PUMP to the device's connection string/],
    [['--connection-string', connectionString], /--connection-string/],
  ])('refuses %j with a reason that holds no key', (argv, reason) => {
    const parse = () => parseArguments(argv, env);
    expect(parse).toThrow(TypeError);
    expect(parse).toThrow(reason);
    expect(parse).not.toThrow(/c2VjcmV0/);
  });
});
