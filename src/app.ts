import type { FastifyBaseLogger } from 'fastify';
import type { Config } from './config.js';
import { type Emulator, startEmulator } from './emulator/emulator.js';
import { createSchema } from './resolvers/index.js';
import { createServer } from './server/server.js';
import { localDeveloper } from './services/access.js';
import { Profiles, REBOOT } from './services/actions/profiles.js';
import { type Clock, systemClock } from './services/clock.js';
import { DeviceService } from './services/device.js';
import { createAzureHub } from './services/hub/azure-hub.js';
import { HubError } from './services/hub/hub.js';
import { monotonic } from './services/hub/monotonic-hub.js';
import { OperationService } from './services/operation.js';
import { RebootService } from './services/reboot.js';
import { openSqliteJournal } from './services/store/sqlite-journal.js';
import { Watcher } from './services/watch/watcher.js';
import { type DemoFleet, startDemoFleet } from './simulator/demo-fleet.js';

export interface AppOptions {
  readonly logger: FastifyBaseLogger;
  readonly clock?: Clock;
}

/** A running gateway, with all that it started. */
export interface App {
  /** Where it listens, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** The emulator, where no hub was configured. */
  readonly emulator: Emulator | undefined;
  readonly demoDeviceIds: readonly string[];
  /** Stops taking requests, lets go of everything, keeps open operations in the journal. */
  close(): Promise<void>;
}

/** The hub cannot be used; the message says what to change. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Brings up everything that a configuration asks for, and listens. The only place that constructs services. */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const { logger, clock = systemClock } = options;
  const opened: (() => unknown)[] = [];
  const close = async () => {
    for (const step of opened.splice(0).reverse()) await step();
  };
  const closing = <T>(resource: T, step: (resource: T) => unknown): T => {
    opened.push(() => step(resource));
    return resource;
  };

  try {
    const emulator =
      config.hub.kind === 'EMULATOR'
        ? closing(await startEmulator({ ...config.hub, logger }), (it) => it.close())
        : undefined;
    const hub = closing(
      monotonic(createAzureHub({ ...hubAccess(config, emulator), clock })),
      (it) => it.close(),
    );
    await hub.check().catch(explainHub);
    const journal = closing(await openSqliteJournal(config.dataDir), (it) => it.close());
    const watcher = closing(new Watcher({ hub, clock }), (it) => it.close());

    const { activeInterval, idleInterval } = config.watch;
    const profiles = new Profiles(config.profiles, config.defaultProfile);
    const rebootPaths = profiles.evidencePaths(REBOOT);
    const devices = new DeviceService({ hub, watcher, view: { rebootPaths }, clock, idleInterval });
    const operations = closing(
      new OperationService({
        hub,
        watcher,
        journal,
        profiles,
        clock,
        activeInterval,
        onError: (error, { id }) => logger.error({ err: error, operation: id }, 'journal failed'),
      }),
      (it) => it.close(),
    );
    const reboots = new RebootService({
      devices,
      operations,
      watcher,
      rebootPaths,
      activeInterval,
      idleInterval,
    });
    await operations.recover();

    const context = { caller: localDeveloper, devices, operations, reboots };
    const server = closing(
      await createServer({
        ...config,
        schema: await createSchema(),
        context: () => context,
        logger,
      }),
      (it) => it.close(),
    );
    const url = await server.listen({ host: config.host, port: config.port });
    const fleet =
      emulator && closing(await startFleet(config, emulator, logger), (it) => it.stop());
    return {
      url,
      emulator,
      demoDeviceIds: fleet?.devices.map((device) => device.deviceId) ?? [],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function hubAccess({ hub }: Config, emulator: Emulator | undefined) {
  if (hub.kind === 'AZURE') return hub;
  return { connectionString: emulator?.connectionString ?? '', ca: emulator?.ca };
}

/** The demo shows in seconds what takes the tutorials' devices longer. */
const demoPace = { busySeconds: 5, reportDelaySeconds: 3, restartSeconds: 2 };

function startFleet(
  { hub }: Config,
  emulator: Emulator,
  logger: FastifyBaseLogger,
): Promise<DemoFleet> {
  return startDemoFleet({
    ...demoPace,
    count: hub.kind === 'EMULATOR' ? hub.demoDevices : 0,
    register: (deviceId, { tags }) => emulator.registerDevice(deviceId, { tags }),
    ca: emulator.ca,
    logger: logger.child({}, { level: 'warn' }),
  });
}

function explainHub(error: unknown): never {
  if (!(error instanceof HubError)) throw error;
  throw new StartError(
    error.code === 'UNAUTHORIZED'
      ? 'IOTHUB_CONNECTION_STRING: the hub refuses its key; take a policy with service connect and registry read, such as iothubowner, and check that the key is current'
      : `IOTHUB_CONNECTION_STRING: ${error.message}; check its HostName, the network, and IOTHUB_CA_FILE if the hub has a certificate of its own`,
  );
}
