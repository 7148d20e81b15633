import { readFileSync } from 'node:fs';
import { type CommandLine, parseCommandLine, usage } from './command-line.js';
import { type Emulator, type EmulatorOptions, startEmulator } from './emulator.js';
import { type Jwks, parseJwks } from './entra.js';
import { readSeedFile } from './seed.js';

/**
 * The IoT Hub emulator as a program of its own: it runs until SIGINT or SIGTERM. What stops it from
 * starting is said in one message, and by the exit code. `command` is how the caller asked for it.
 */
export async function runEmulator(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  command: string,
): Promise<void> {
  try {
    const commandLine = readCommandLine(args, env, command);
    if (commandLine.help) process.stdout.write(usage(command));
    else await run(commandLine);
  } catch (error) {
    process.stderr.write(`${toMessage(error)}\n`);
    process.exitCode = 1;
  }
}

async function run(commandLine: CommandLine): Promise<void> {
  const emulator = await startEmulator(toOptions(commandLine));
  const stop = () => void emulator.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    process.stdout.write(describe(emulator, commandLine.devices));
  } catch (error) {
    stop(); // a device that cannot be registered
    throw error;
  }
}

function readCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  command: string,
): CommandLine {
  try {
    return parseCommandLine(args, env);
  } catch (error) {
    throw new Error(`${toMessage(error)}\n\n${usage(command)}`);
  }
}

function toOptions(commandLine: CommandLine): EmulatorOptions {
  const {
    host,
    httpsPort,
    mqttPort,
    amqpPort,
    dataDir,
    hostNames,
    persist,
    sync,
    seedFile,
    size,
    jwksFile,
    queryStalenessSeconds,
  } = commandLine;
  return {
    hostNames,
    amqpPort,
    persist,
    sync,
    queryStalenessSeconds,
    ...(jwksFile === undefined ? {} : { jwks: readJwksFile(jwksFile) }),
    ...(size === undefined ? {} : { size }),
    ...(seedFile === undefined ? {} : { seed: readSeedFile(seedFile) }),
    ...(host === undefined ? {} : { host }),
    ...(httpsPort === undefined ? {} : { httpsPort }),
    ...(mqttPort === undefined ? {} : { mqttPort }),
    ...(dataDir === undefined ? {} : { dataDir }),
  };
}

function readJwksFile(file: string): Jwks {
  try {
    return parseJwks(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Error(`cannot take keys from ${file}: ${toMessage(error)}`);
  }
}

function describe(emulator: Emulator, devices: readonly string[]): string {
  const lines = [
    'The IoT Hub emulator is ready.',
    '',
    `  service API  https://localhost:${emulator.httpsPort}`,
    `  devices      mqtts://localhost:${emulator.mqttPort}`,
    `  service AMQP amqps://localhost:${emulator.amqpPort}`,
    '',
    'Service connection string:',
    `  ${emulator.connectionString}`,
    'The same for service SDKs that know only port 443 (start with --https-port 443):',
    `  ${emulator.sdkConnectionString}`,
    ...devices.flatMap((deviceId) => [
      `Connection string of ${deviceId}:`,
      `  ${emulator.registerDevice(deviceId)}`,
    ]),
    '',
    'Clients must trust its certificate authority:',
    `  ${emulator.caFile}`,
    `  export NODE_EXTRA_CA_CERTS=${quote(emulator.caFile)}`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
