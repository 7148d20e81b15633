import { parseArgs } from 'node:util';
import type { Size } from './hub/throttles.js';
import { tiers } from './hub/tiers.js';

/** What the emulator's program was asked for. */
export interface CommandLine {
  /** Nothing but to say what can be asked for. */
  readonly help: boolean;
  readonly host: string | undefined;
  readonly httpsPort: number | undefined;
  readonly mqttPort: number | undefined;
  readonly amqpPort: number;
  readonly dataDir: string | undefined;
  readonly persist: boolean;
  /** Whether to wait for the disk. */
  readonly sync: boolean;
  /** A file of devices to begin with. */
  readonly seedFile: string | undefined;
  /** A file of the keys that sign bearer tokens. */
  readonly jwksFile: string | undefined;
  readonly size: Size | undefined;
  readonly queryStalenessSeconds: number;
  readonly hostNames: readonly string[];
  readonly devices: readonly string[];
}

/** What there is to ask for; `command` is what the options stand behind. */
export const usage = (command: string) => `${command} [options]
  --https-port PORT  the service API (EMULATOR_HTTPS_PORT, 8443)
  --mqtt-port PORT   devices (EMULATOR_MQTT_PORT, 8883)
  --amqp-port PORT   services that send messages to devices (EMULATOR_AMQP_PORT, 5671)
  --host ADDRESS     the address to listen on (127.0.0.1)
  --host-name NAME   a further name of this machine for the certificate; may be repeated
  --data-dir DIR     where the certificate authority is kept (EMULATOR_DATA_DIR, .emulator)
  --persist          keep devices, twins, jobs and messages in the data dir
  --sync             with --persist: survive a loss of power, too, and write more slowly
  --jwks FILE        take bearer tokens that these keys sign
  --query-staleness SECONDS  make queries lag as the index of a real hub does (0)
  --tier TIER        enforce the throttles and daily quotas of F1, S1, S2 or S3 (none)
  --units NUMBER     of that tier (1)
  --seed FILE        devices to begin with: {"devices": [{"deviceId": …, "tags": …, "properties": …}]}
  --device ID        register a device and print its connection string; may be repeated
  --help             print this
`;

const amqpDefaultPort = 5671;

/** Reads flags, and the environment for those not given. Throws an Error that says what is wrong. */
export function parseCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'https-port': { type: 'string' },
      'mqtt-port': { type: 'string' },
      'amqp-port': { type: 'string' },
      host: { type: 'string' },
      'host-name': { type: 'string', multiple: true },
      'data-dir': { type: 'string' },
      persist: { type: 'boolean' },
      sync: { type: 'boolean' },
      jwks: { type: 'string' },
      'query-staleness': { type: 'string' },
      tier: { type: 'string' },
      units: { type: 'string' },
      seed: { type: 'string' },
      device: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.sync && !values.persist) throw new Error('--sync goes with --persist');
  return {
    help: values.help ?? false,
    host: values.host,
    httpsPort: parsePort('--https-port', values['https-port'] ?? env['EMULATOR_HTTPS_PORT']),
    mqttPort: parsePort('--mqtt-port', values['mqtt-port'] ?? env['EMULATOR_MQTT_PORT']),
    amqpPort:
      parsePort('--amqp-port', values['amqp-port'] ?? env['EMULATOR_AMQP_PORT']) ?? amqpDefaultPort,
    dataDir: values['data-dir'] ?? env['EMULATOR_DATA_DIR'],
    persist: values.persist ?? false,
    sync: values.sync ?? false,
    seedFile: values.seed,
    jwksFile: values.jwks,
    queryStalenessSeconds: parseSeconds('--query-staleness', values['query-staleness'] ?? '0'),
    size: parseSize(values.tier, values.units),
    hostNames: values['host-name'] ?? [],
    devices: values.device ?? [],
  };
}

function parseSize(tierText: string | undefined, unitsText = '1'): Size | undefined {
  if (tierText === undefined) return undefined;
  const tier = tiers.find((name) => name === tierText.toUpperCase());
  if (tier === undefined) throw new Error(`--tier must be one of ${tiers.join(', ')}`);
  const units = Number(unitsText);
  if (!/^\d+$/.test(unitsText) || units < 1 || units > 200) {
    throw new Error(`--units must be 1 to 200, not "${unitsText}"`);
  }
  return { tier, units };
}

function parseSeconds(option: string, text: string): number {
  const seconds = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || seconds > 3600) {
    throw new Error(`${option} must be 0 to 3600 seconds, not "${text}"`);
  }
  return seconds;
}

function parsePort(option: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new Error(`${option} must be a port number, 0 to 65535, not "${text}"`);
  }
  return port;
}
