import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../src/emulator/command-line.js';

describe("the emulator's command line", () => {
  test('takes flags before the environment, and leaves defaults to the emulator', () => {
    const env = { EMULATOR_HTTPS_PORT: '9443', EMULATOR_MQTT_PORT: '9883' };

    expect(
      parseCommandLine(['--https-port', '443', '--device', 'a', '--device', 'b'], env),
    ).toEqual({
      help: false,
      host: undefined,
      httpsPort: 443,
      mqttPort: 9883,
      amqpPort: 5671,
      dataDir: undefined,
      persist: false,
      sync: false,
      seedFile: undefined,
      jwksFile: undefined,
      queryStalenessSeconds: 0,
      size: undefined,
      hostNames: [],
      devices: ['a', 'b'],
    });
  });

  test.each(['70000', 'https', '-1', '1.5'])(
    'refuses the port %s and says what a port is',
    (port) => {
      expect(() => parseCommandLine([`--https-port=${port}`], {})).toThrow(
        /--https-port must be a port number, 0 to 65535/,
      );
    },
  );

  test('waits for the disk only where there is something to write', () => {
    expect(parseCommandLine(['--persist', '--sync'], {})).toMatchObject({ sync: true });
    expect(() => parseCommandLine(['--sync'], {})).toThrow(/--sync goes with --persist/);
  });

  test('takes the lag of queries in seconds', () => {
    expect(parseCommandLine(['--query-staleness', '1.5'], {}).queryStalenessSeconds).toBe(1.5);
    expect(() => parseCommandLine(['--query-staleness', 'soon'], {})).toThrow(/--query-staleness/);
  });

  test('takes a tier and its units, and refuses others', () => {
    expect(parseCommandLine(['--tier', 's2', '--units', '3'], {}).size).toEqual({
      tier: 'S2',
      units: 3,
    });
    expect(() => parseCommandLine(['--tier', 'B1'], {})).toThrow(/--tier must be one of F1, S1/);
    expect(() => parseCommandLine(['--tier', 'S1', '--units', '0'], {})).toThrow(/--units/);
  });

  test('refuses a flag it does not know', () => {
    expect(() => parseCommandLine(['--htps-port', '1'], {})).toThrow(/htps-port/);
  });
});
