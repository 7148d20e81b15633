import { pino } from 'pino';
import { type App, startApp, unguarded } from './app.js';
import { type Config, loadConfig } from './config.js';
import { currentRequestId } from './services/request.js';
import { currentTrace } from './services/tracing.js';
import { startTracing } from './tracing.js';

const signals = ['SIGINT', 'SIGTERM'] as const;
/** A terminal and npm may each hand on the same Ctrl-C; a signal later than this (ms) is a second one. */
const SAME_SIGNAL = 500;

/**
 * Reads the environment, runs the gateway, and stops it on SIGINT and SIGTERM, as soon as it has
 * started: the first process of a container would else not hear of them. A second signal ends it at once.
 */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const stopTracing = await startTracing(process.env);
  const starting = startApp(config, { logger: createLogger(config) });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => {
      // What signals do by themselves: end the process.
      for (const signal of signals) process.off(signal, stop);
    }, SAME_SIGNAL).unref();
    starting
      .then((app) => app.close())
      .finally(stopTracing)
      .then(() => process.exit(0), fail);
  };
  for (const signal of signals) process.on(signal, stop);
  const app = await starting;
  if (!stopping) process.stdout.write(greeting(app));
}

function createLogger({ logLevel }: Config) {
  const redact = ['*.connectionString', '*.authorization', '*.SharedAccessKey'];
  const pretty = process.stdout.isTTY ? { transport: { target: 'pino-pretty' } } : {};
  return pino({ level: logLevel, redact, mixin: ofRequest, ...pretty });
}

/** Which request a line belongs to, whoever writes it. */
function ofRequest(): object {
  const requestId = currentRequestId();
  return { ...(requestId !== undefined && { requestId }), ...currentTrace() };
}

function greeting({ url, emulator, demoDeviceIds, guarded }: App): string {
  const lines = ['', `twinql is ready: GraphQL over HTTP and WebSocket at ${url}/graphql`];
  if (!guarded) lines.push('', unguarded);
  if (emulator) {
    lines.push(
      '',
      'No hub is configured (IOTHUB_CONNECTION_STRING): an emulated one runs here.',
      `  its connection string  ${emulator.connectionString}`,
      `  trust its certificate  export NODE_EXTRA_CA_CERTS=${emulator.caFile}`,
    );
  }
  const [deviceId] = demoDeviceIds;
  if (deviceId) {
    const query = `mutation { rebootDevice(input: {deviceId: \\"${deviceId}\\"}) { operation { id status } started } }`;
    lines.push(
      `  tutorial devices       ${listed(demoDeviceIds)}`,
      '',
      'Reboot one:',
      `  curl ${url}/graphql -H 'content-type: application/json' -d '{"query":"${query}"}'`,
    );
  }
  return `${lines.join('\n')}\n\n`;
}

/** The first few, and how many more. */
function listed(ids: readonly string[]): string {
  const more = ids.length - 10;
  return `${ids.slice(0, 10).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function fail(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const text = process.env['LOG_LEVEL'] === 'debug' ? (stack ?? message) : message;
  process.stderr.write(`twinql failed:\n${text}\n`);
  process.exit(1);
}

main().catch(fail);
