import type { Server } from 'node:net';
import { createAmqpDoor } from './amqp/server.js';
import type { CallLog } from './calls.js';
import { issueCertificates } from './certificates.js';
import { type Clock, createClock } from './clock.js';
import { createEntraVerifier, type Jwks } from './entra.js';
import { exportState, importState, resetHub } from './export.js';
import type { Faults } from './faults.js';
import { createHostNames } from './host-names.js';
import { createHttpDoor } from './http/server.js';
import type { EventLog } from './hub/events.js';
import { createHub, type Hub } from './hub/hub.js';
import { createSettings } from './hub/identity-settings.js';
import { forgetfulJournal } from './hub/journal.js';
import { restoreState } from './hub/state.js';
import type { Size } from './hub/throttles.js';
import type { JsonObject, JsonValue } from './json.js';
import { type Logger, silentLogger } from './logger.js';
import { createMqttDoor } from './mqtt/server.js';
import { formatServiceConnectionString } from './policies.js';
import { plantSeed, type Seed } from './seed.js';
import { openStateFile } from './state-file.js';

export interface EmulatorOptions {
  /** The address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Where the service API is. 0 takes any free port. Default 8443. */
  readonly httpsPort?: number;
  /** Where devices connect. 0 takes any free port. Default 8883. */
  readonly mqttPort?: number;
  /** Where services speak AMQP. 0 takes any free port. Without it, they can only over WebSocket. */
  readonly amqpPort?: number;
  /** Where the certificate authority is kept, to be trusted once. Default `.emulator`. */
  readonly dataDir?: string;
  /** DNS names besides localhost and *.azure-devices.test, for an emulator in a container. */
  readonly hostNames?: readonly string[];
  /** Whether devices, twins, jobs and queued messages are kept in `dataDir`. Default false. */
  readonly persist?: boolean;
  /** Whether what is kept is on the disk before it is acknowledged, to survive also a loss of power. Default false. */
  readonly sync?: boolean;
  /** Devices to begin with; those that exist already are left as they are. */
  readonly seed?: Seed;
  /** Enforces the throttles and the daily quota of a hub of this tier and number of units. Without it there are none. */
  readonly size?: Size;
  /** The keys of bearer tokens that services may bring. Without them they need a shared access key. */
  readonly jwks?: Jwks;
  /** Makes queries lag by so many seconds, up to twice that, as the index of a real hub does. Default 0. */
  readonly queryStalenessSeconds?: number;
  readonly clock?: Clock | (() => Date);
  readonly logger?: Logger;
}

/** A running IoT Hub. It is reached over its real protocols; the rest here is for tests and for start-up. */
export interface Emulator {
  readonly httpsPort: number;
  readonly mqttPort: number;
  readonly amqpPort: number | undefined;
  /** Absolute path of the authority's certificate. */
  readonly caFile: string;
  /** The same certificate, as PEM. */
  readonly ca: string;
  /** For the service, as policy iothubowner, with the HTTPS port in its HostName. */
  readonly connectionString: string;
  /** The same without a port: the service SDKs know only 443. */
  readonly sdkConnectionString: string;
  /** Creates the device unless it exists, and returns its connection string. */
  registerDevice(deviceId: string, options?: RegisterOptions): string;
  readonly calls: CallLog;
  readonly faults: Faults;
  /** The telemetry that has arrived, and the wills of devices that were lost. */
  readonly events: EventLog;
  /** Drops the device's connection, as a lost network would; the device may connect again at once. */
  disconnectDevice(deviceId: string): void;
  /** Leaves the device's connection open but dead, as a network that swallows packets. */
  stallDevice(deviceId: string): void;
  /** All that the hub keeps, keys included, as JSON that `importState` takes. */
  exportState(): JsonValue;
  /** Replaces all that the hub keeps. Throws before it changes anything when `state` is not an export. */
  importState(state: JsonValue): void;
  /** Forgets every device, job, message, event, fault and call. */
  reset(): void;
  /** Ends all connections and frees the ports. */
  close(): Promise<void>;
}

export interface RegisterOptions {
  readonly tags?: JsonObject;
  readonly status?: 'enabled' | 'disabled';
}

const mqttDefaultPort = 8883;

/** Starts an IoT Hub in this process. Throws one clear error when a port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { host = '127.0.0.1', dataDir = '.emulator', logger = silentLogger } = options;
  const clock = toClock(options.clock);
  const hostNames = createHostNames(options.hostNames);
  const certificates = await issueCertificates(dataDir, hostNames, clock.now());
  const stateFile =
    options.persist === true ? openStateFile(dataDir, { sync: options.sync === true }) : undefined;
  const hub = createHub({
    clock,
    hostNames,
    journal: stateFile ?? forgetfulJournal,
    size: options.size,
    queryStalenessMs: (options.queryStalenessSeconds ?? 0) * 1000,
    entra: options.jwks === undefined ? undefined : createEntraVerifier(options.jwks),
  });
  const mqtt = createMqttDoor(hub, certificates, logger);
  const amqp = createAmqpDoor(hub, certificates, logger);
  const http = createHttpDoor(hub, certificates, {
    logger,
    webSocketProtocols: new Map([
      ['mqtt', mqtt.accept],
      ['AMQPWSB10', amqp.accept],
    ]),
  });
  const closeAll = async () => {
    await Promise.all([http.close(), mqtt.close(), amqp.close()]);
    hub.queries.close();
    stateFile?.close();
  };

  try {
    restoreState(hub, stateFile?.entries ?? []);
    stateFile?.begin();
    if (options.seed !== undefined) plantSeed(hub, options.seed);
    const httpsPort = await listen(http.server, {
      host,
      port: options.httpsPort ?? 8443,
      option: '--https-port or EMULATOR_HTTPS_PORT',
    });
    const mqttPort = await listen(mqtt.server, {
      host,
      port: options.mqttPort ?? mqttDefaultPort,
      option: '--mqtt-port or EMULATOR_MQTT_PORT',
    });
    const amqpPort =
      options.amqpPort === undefined
        ? undefined
        : await listen(amqp.server, {
            host,
            port: options.amqpPort,
            option: '--amqp-port or EMULATOR_AMQP_PORT',
          });
    return {
      httpsPort,
      mqttPort,
      amqpPort,
      caFile: certificates.caFile,
      ca: certificates.ca,
      connectionString: formatServiceConnectionString(`localhost:${httpsPort}`),
      sdkConnectionString: formatServiceConnectionString('localhost'),
      registerDevice: (deviceId, registerOptions) =>
        registerDevice(hub, mqttPort, { deviceId, ...registerOptions }),
      calls: hub.calls,
      faults: hub.faults,
      events: hub.events,
      disconnectDevice: (deviceId) => hub.links.disconnect(hub.registry.get({ deviceId })),
      stallDevice: (deviceId) => hub.registry.get({ deviceId }).link?.stall(),
      exportState: () => exportState(hub),
      importState: (state) => importState(hub, state),
      reset: () => resetHub(hub),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function registerDevice(
  hub: Hub,
  mqttPort: number,
  { deviceId, tags, status = 'enabled' }: RegisterOptions & { readonly deviceId: string },
): string {
  const known = hub.registry.devices.get(deviceId);
  const device = known ?? hub.registry.create({ deviceId }, createSettings(status));
  if (known === undefined && tags !== undefined) {
    hub.twins.patch(device, { tags }, { kind: 'none' });
  }
  const { authentication } = device.state;
  if (authentication.type !== 'sas') {
    throw new TypeError(`device "${deviceId}" has no symmetric key, so no connection string`);
  }
  const port = mqttPort === mqttDefaultPort ? '' : `:${mqttPort}`;
  return `HostName=localhost${port};DeviceId=${deviceId};SharedAccessKey=${authentication.primaryKey}`;
}

interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** What a user changes to get another port. */
  readonly option: string;
}

/** Resolves with the port, once it is open. */
async function listen(server: Server, { host, port, option }: ListenOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(describeListenError(error, { host, port, option })));
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no TCP port is open');
  return address.port;
}

function describeListenError(
  error: NodeJS.ErrnoException,
  { host, port, option }: ListenOptions,
): string {
  if (error.code === 'EADDRINUSE') {
    return `port ${port} on ${host} is taken by another program: choose another with ${option}`;
  }
  if (error.code === 'EACCES') {
    return `port ${port} on ${host} may not be opened by this user: choose one above 1023 with ${option}`;
  }
  return `cannot listen on ${host} port ${port} (${error.message}): see ${option}`;
}

function toClock(clock: Clock | (() => Date) | undefined): Clock {
  return typeof clock === 'object' ? clock : createClock(clock);
}
