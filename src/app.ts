import { setMaxListeners } from 'node:events';
import { DefaultAzureCredential } from '@azure/identity';
import type { FastifyBaseLogger } from 'fastify';
import type { Config, DatabaseConfig, HubConfig } from './config.js';
import { type Emulator, startEmulator } from './emulator/emulator.js';
import { createSchema } from './resolvers/index.js';
import { createMetrics } from './server/metrics/metrics.js';
import { createServer, type SignIn } from './server/server.js';
import { localDeveloper } from './services/access.js';
import { ActionService } from './services/action.js';
import { REBOOT } from './services/actions/action-names.js';
import { Profiles } from './services/actions/profiles.js';
import { Anchors } from './services/audit/anchors.js';
import { AuditService } from './services/audit.js';
import { BulkService } from './services/bulk.js';
import { type Authenticate, createAuthenticator } from './services/callers/authenticator.js';
import { IssuerKeys } from './services/callers/issuer-keys.js';
import { TokenVerifier } from './services/callers/tokens.js';
import { type Clock, systemClock } from './services/clock.js';
import { DeviceService } from './services/device.js';
import { DeviceAccess } from './services/device-access.js';
import { RequestError } from './services/errors.js';
import { FleetService } from './services/fleet.js';
import type { Credential } from './services/hub/access-token.js';
import { HubError, type HubErrorCode } from './services/hub/hub.js';
import { HubBudgetService } from './services/hub-budget.js';
import { HubService } from './services/hub-status.js';
import { Hubs, type ServedHub } from './services/hubs.js';
import { IdentityService } from './services/identity.js';
import { MessageService } from './services/message.js';
import { ModuleService } from './services/module.js';
import { openHub } from './services/open-hub.js';
import { OperationService } from './services/operation.js';
import { ReadinessService } from './services/readiness.js';
import { RebootService } from './services/reboot.js';
import { PostgresReplicas } from './services/replicas/postgres-replicas.js';
import { type Replicas, replicasAlone } from './services/replicas/replicas.js';
import type { Journal } from './services/store/journal.js';
import { observedJournal } from './services/store/observed-journal.js';
import { openPostgres, PostgresError, type PostgresErrorCode } from './services/store/postgres.js';
import { createPostgresJournal } from './services/store/postgres-journal.js';
import { openSqliteJournal } from './services/store/sqlite-journal.js';
import { TwinEditService } from './services/twin-edit.js';
import { ViewerService } from './services/viewer.js';
import { type DemoFleet, startDemoFleet } from './simulator/demo-fleet.js';

export interface AppOptions {
  readonly logger: FastifyBaseLogger;
  readonly clock?: Clock;
  /** Who the gateway is to hubs that it has no key of. Default: whoever the environment says. */
  readonly credential?: Credential;
  /** How callers are told apart. Default: as the configuration says. */
  readonly authenticate?: Authenticate;
}

/** A running gateway, with all that it started. */
export interface App {
  /** Where it listens, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** The emulator, where no hub was configured. */
  readonly emulator: Emulator | undefined;
  readonly demoDeviceIds: readonly string[];
  /** Whether callers are told apart. */
  readonly guarded: boolean;
  /**
   * Ends every stream with the reason, starts nothing more, lets calls under way end for a bounded
   * time; then lets go of everything and keeps open operations in the journal.
   */
  close(): Promise<void>;
}

/** The hub or the database cannot be used; the message says what to change. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Brings up everything that a configuration asks for, and listens. The only place that constructs services. */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const { logger } = options;
  const opened: (() => unknown)[] = [];
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= closeAll(opened.reverse());
    return closed;
  };
  const closing: Closing = (resource, step) => {
    opened.push(() => step(resource));
    return resource;
  };

  try {
    const emulator =
      config.emulator &&
      closing(await startEmulator({ ...config.emulator, logger }), (it) => it.close());
    const metrics = createMetrics();
    const { replicas, ...database } = await openDatabase(config.database, options, closing);
    const journal = observedJournal(database.journal, metrics, (error) =>
      logger.warn({ err: error }, 'the database failed'),
    );
    const { clock } = replicas;
    const anchors = new Anchors({
      head: () => journal.audit.head(),
      file: config.audit.anchorFile,
      clock,
      onAnchor: (head) => logger.info(head, 'head of the audit'),
      onError: (error) => logger.error({ err: error }, 'the head of the audit was not anchored'),
    });
    await closing(anchors, (it) => it.close()).start();
    const onError = (error: Error) => logger.error({ err: error }, 'a watcher failed');
    const configured = emulator ? [emulatedHub(config, emulator)] : config.hubs;
    const credential = options.credential ?? ambientCredential();
    const served = configured.map(({ access, ...hub }) => {
      const open = { ...hub, clock, replicas, onError, observer: metrics };
      return closing(
        'hostname' in access
          ? openHub({ ...open, ...access, credential })
          : openHub({ ...open, ...access }),
        (it) => it.close(),
      );
    });
    const hubs = new Hubs(served);
    await checkHubs(configured, served, logger);
    const audit = closing(
      new AuditService({
        store: journal.audit,
        hubs,
        clock,
        onError: (error, record) =>
          logger.error({ err: error, audit: record }, 'could not be put on record'),
      }),
      (it) => it.close(),
    );

    const { activeInterval, idleInterval } = config.watch;
    const stopping = new AbortController();
    setMaxListeners(0, stopping.signal);
    const pace = { activeInterval, idleInterval, stopping: stopping.signal };
    const profiles = new Profiles(config.profiles, config.defaultProfile);
    const rebootPaths = profiles.evidencePaths(REBOOT);
    const access = new DeviceAccess({ hubs, rebootPaths, clock });
    const devices = new DeviceService({ hubs, access, view: { rebootPaths }, ...pace });
    const modules = new ModuleService({ hubs, access, devices });
    const editing = {
      modules,
      twinEdits: new TwinEditService({ hubs, access, devices, modules }),
      identities: new IdentityService({ hubs, access, devices, modules }),
      bulk: new BulkService({ hubs, access, devices, clock }),
    };
    const operations = closing(
      new OperationService({
        hubs,
        access,
        journal,
        replicas,
        profiles,
        clock,
        ...pace,
        onError: (error, operation) =>
          logger.error({ err: error, operation: operation?.id }, 'journal failed'),
      }),
      (it) => it.close(),
    );
    const reboots = new RebootService({
      access,
      devices,
      operations,
      hubs,
      rebootPaths,
      ...pace,
    });
    const actions = new ActionService({ devices, operations, profiles });
    const messages = new MessageService({ devices, operations });
    await operations.recover();

    const readiness = new ReadinessService({ hubs, journal, clock, stopping: stopping.signal });
    const hubBudgets = new HubBudgetService(hubs);
    const fleetService = new FleetService({ hubs, devices, rebootPaths, clock });
    const services = {
      access,
      devices,
      fleet: fleetService,
      ...editing,
      operations,
      reboots,
      actions,
      messages,
      hubs: new HubService(hubs, clock),
      hubBudgets,
      audit,
      viewers: new ViewerService(hubs, access),
    };
    const authenticate = options.authenticate ?? createCallerCheck(config, options);
    if (authenticate === undefined) logger.warn(unguarded);
    const server = closing(
      await createServer({
        ...config,
        schema: await createSchema({ subgraph: config.subgraph }),
        authenticate: authenticate ?? (async () => localDeveloper),
        context: (origin, caller) => ({ ...services, caller, origin }),
        anyHost: authenticate !== undefined,
        signIn: toSignIn(config),
        logger,
        metrics,
        gauges: {
          hubBudgets: () => hubBudgets.lines(),
          watchedDevices: () => hubs.all.reduce((sum, { watcher }) => sum + watcher.watched, 0),
          drivenOperations: () => operations.driven,
        },
        readiness: () => readiness.report(),
        stoppingReason,
      }),
      (it) => it.close(),
    );
    // Devices that are being called must be there until they have answered.
    let fleet: DemoFleet | undefined;
    opened.push(() => fleet?.stop());
    opened.push(() => operations.drain(config.drainTimeout));
    opened.push(() => stopping.abort(stoppingReason));
    const url = await server.listen({ host: config.host, port: config.port });
    if (emulator) fleet = await startFleet(config, emulator, logger);
    return {
      url,
      emulator,
      demoDeviceIds: fleet?.devices.map((device) => device.deviceId) ?? [],
      guarded: authenticate !== undefined,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Said at the start, and in the log, where nobody is asked who they are. */
export const unguarded =
  'No authentication is configured: whoever reaches this address may do everything, so it is a loopback one.';

/** How callers are told apart; undefined: they are not. What tokens are checked with is fetched already. */
function createCallerCheck(
  { tokens: terms, ...callers }: Config,
  { logger, clock = systemClock }: AppOptions,
): Authenticate | undefined {
  if (!terms && callers.apiKeys.length === 0) return undefined;
  const onError = ({ message }: Error) =>
    logger.error(`access tokens may not be taken, API keys are: ${message}`);
  const keys = terms && new IssuerKeys({ ...terms, clock, onError });
  void keys?.refresh();
  const tokens = keys && new TokenVerifier({ terms, keys, clock });
  return createAuthenticator({ ...callers, tokens, clock });
}

/** What pages are told, so that they can sign people in. */
function toSignIn({ tokens }: Config): SignIn | undefined {
  return (
    tokens && { issuer: tokens.issuer, clientId: tokens.clientId ?? null, scopes: tokens.scopes }
  );
}

/** Has a step run when everything is let go of, after those of what came later. */
type Closing = <T>(resource: T, step: (resource: T) => unknown) => T;

interface Database {
  readonly journal: Journal;
  readonly replicas: Replicas;
}

async function openDatabase(
  database: DatabaseConfig,
  { logger, clock = systemClock }: AppOptions,
  closing: Closing,
): Promise<Database> {
  if (database.kind === 'SQLITE') {
    const journal = closing(await openSqliteJournal(database.dataDir), (it) => it.close());
    return { journal, replicas: { ...replicasAlone, clock } };
  }
  const { url } = database;
  const onError = ({ message }: Error) => logger.warn(`database: ${message}`);
  const opening = openPostgres(url, { onError }).catch(explainDatabase);
  const { db } = closing(await opening, (it) => it.close());
  const replicas = new PostgresReplicas({ url, db, clock, onError });
  closing(replicas, (it) => it.leave());
  await replicas.start();
  return { journal: createPostgresJournal({ db }, replicas), replicas };
}

/** Runs every step, in order; throws what the first that failed threw. */
async function closeAll(steps: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function emulatedHub({ budget }: Config, { connectionString, ca }: Emulator): HubConfig {
  return { ...budget, place: 'the emulator', access: { connectionString }, ca };
}

/** Whoever the environment, the machine or the developer's tools say that the gateway is; found when asked. */
function ambientCredential(): Credential {
  let credential: Credential | undefined;
  return {
    getToken(scope) {
      credential ??= new DefaultAzureCredential();
      return credential.getToken(scope);
    },
  };
}

const stoppingReason = new RequestError(
  'SHUTTING_DOWN',
  'the gateway is stopping; ask again when it is back',
);

/** The demo shows in seconds what takes the tutorials' devices longer. */
const demoPace = {
  busySeconds: 5,
  reportDelaySeconds: 3,
  restartSeconds: 2,
  firmwareStepSeconds: 3,
};

function startFleet(
  { emulator: settings }: Config,
  emulator: Emulator,
  logger: FastifyBaseLogger,
): Promise<DemoFleet> {
  return startDemoFleet({
    ...demoPace,
    count: settings?.demoDevices ?? 0,
    register: (deviceId, { tags }) => emulator.registerDevice(deviceId, { tags }),
    ca: emulator.ca,
    logger: logger.child({}, { level: 'warn' }),
  });
}

const entraAdvice =
  'sign in, or run where there is a managed identity, and give it the role IoT Hub Data Contributor on the hub';

/** What to change, for each way in which a hub does not let itself be used. */
const hubAdvice: Readonly<Partial<Record<HubErrorCode, string>>> = {
  UNAUTHORIZED:
    'take a policy with service connect and registry read, such as iothubowner, and check that the key is current',
  UNAVAILABLE:
    'check its HostName, the network, and IOTHUB_CA_FILE if the hub has a certificate of its own',
  THROTTLED: 'the hub is too busy now; start again in a minute',
  QUOTA_EXCEEDED: "the hub's quota of the day is used up; add units or wait",
  INVALID: 'the hub does not answer twin queries; a hub of the basic tier has none',
  DEVICE_NOT_FOUND: 'the hub knows no such hub; check its HostName',
};

/**
 * Asks every hub whether it lets us in. One that does not is served all the same, and said, as long
 * as another does: it may come back. Throws StartError where none does.
 */
async function checkHubs(
  configured: readonly HubConfig[],
  served: readonly ServedHub[],
  logger: FastifyBaseLogger,
): Promise<void> {
  const checks = await Promise.allSettled(served.map(({ hub }) => hub.check()));
  const problems = checks.flatMap((check, index) => {
    const config = configured[index];
    return check.status === 'rejected' && config ? [explainHub(config, check.reason)] : [];
  });
  if (problems.length === checks.length) throw new StartError(problems.join('\n'));
  for (const problem of problems) logger.error(`a hub is not there, the others are: ${problem}`);
}

function explainHub({ place, access }: HubConfig, error: unknown): string {
  if (!(error instanceof HubError)) throw error;
  const byEntra = error.code === 'UNAUTHORIZED' && 'hostname' in access;
  const advice = byEntra ? entraAdvice : (hubAdvice[error.code] ?? hubAdvice.UNAVAILABLE);
  return `${place}: ${error.message}; ${advice}`;
}

/** What to change, for each way in which a database does not let itself be used. */
const databaseAdvice: Readonly<Record<PostgresErrorCode, string>> = {
  UNREACHABLE: 'check its host and port, its sslmode, and that the server runs and has room',
  UNAUTHORIZED: 'check its user and password, and that the server lets this machine in',
  NO_DATABASE: 'check its name of the database, or create it; the tables come by themselves',
  NO_SCHEMA:
    'create the schema, and let the user make tables there: GRANT USAGE, CREATE ON SCHEMA …',
  UNUSABLE: 'give the gateway a database or a schema of its own, and run no older version on it',
};

function explainDatabase(error: unknown): never {
  if (!(error instanceof PostgresError)) throw error;
  throw new StartError(`DATABASE_URL: ${error.message}; ${databaseAdvice[error.code]}`);
}
