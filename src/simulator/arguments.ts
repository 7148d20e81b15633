import { parseArgs } from 'node:util';
import { conventionNames, faultNames } from './convention.js';
import type { DeviceOptions } from './simulator.js';

export const usage = `Usage: node dist/simulator/main.js [options]

Runs one tutorial device until it is interrupted. The device's connection string is read from the environment
variable IOTHUB_DEVICE_CONNECTION_STRING.

  --convention <name>             ${conventionNames.join(', ')} (node)
  --connection-string-env <name>  another variable to read the connection string from
  --ca <file>                     PEM file of the hub's CA, if this machine does not trust it (IOTHUB_CA_FILE)
  --busy-seconds <n>              python: how long a reboot takes (20)
  --report-delay-seconds <n>      java: how long after its answer it reports (5)
  --restart-seconds <n>           how long a restart keeps it offline (2)
  --firmware-step-seconds <n>     how long each step of a firmware update takes (10)
  --fault <name>                  what goes wrong with its actions: ${faultNames.join(', ')} (nothing)
  --offline-seconds <n>           how long goOffline keeps it away (300)
  --help                          this text`;

export type Arguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'device'; readonly options: DeviceOptions };

/** Reads the command line; throws a `TypeError` that says what was expected and never repeats a secret. */
export function parseArguments(argv: readonly string[], env: NodeJS.ProcessEnv): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      convention: { type: 'string', default: 'node' },
      'connection-string-env': { type: 'string', default: 'IOTHUB_DEVICE_CONNECTION_STRING' },
      ca: { type: 'string' },
      'busy-seconds': { type: 'string' },
      'report-delay-seconds': { type: 'string' },
      'restart-seconds': { type: 'string' },
      'firmware-step-seconds': { type: 'string' },
      fault: { type: 'string' },
      'offline-seconds': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { kind: 'help' };

  const convention = parseName('--convention', conventionNames, values.convention);
  const { fault } = values;
  const variable = values['connection-string-env'];
  const connectionString = env[variable];
  if (!connectionString) {
    throw new TypeError(`Set ${variable} to the device's connection string.`);
  }
  return {
    kind: 'device',
    options: {
      convention,
      connectionString,
      ca: values.ca ?? env['IOTHUB_CA_FILE'],
      busySeconds: parseSeconds('--busy-seconds', values['busy-seconds']),
      reportDelaySeconds: parseSeconds('--report-delay-seconds', values['report-delay-seconds']),
      restartSeconds: parseSeconds('--restart-seconds', values['restart-seconds']),
      firmwareStepSeconds: parseSeconds('--firmware-step-seconds', values['firmware-step-seconds']),
      fault: fault === undefined ? undefined : parseName('--fault', faultNames, fault),
      offlineSeconds: parseSeconds('--offline-seconds', values['offline-seconds']),
    },
  };
}

function parseName<Name extends string>(
  option: string,
  names: readonly Name[],
  text: string,
): Name {
  const name = names.find((known) => known === text);
  if (name === undefined) {
    throw new TypeError(`${option}: expected one of ${names.join(', ')}, got ${text}`);
  }
  return name;
}

function parseSeconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds < 0) {
    throw new TypeError(`${option}: expected a number of seconds, got ${text}`);
  }
  return seconds;
}
