import { isIP } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import {
  authenticationProblems,
  authenticationVariables,
  type TokenConfig,
  toTokenConfig,
} from './config/authentication.js';
import { emptyFile, type FileConfig, readConfigFile } from './config/file.js';
import {
  connectionStringProblem,
  hostnameProblem,
  readPem,
  shareExpected,
  shareForm,
  tierForm,
  unitsExpected,
  unitsForm,
} from './config/hubs.js';
import { toLimits } from './config/limits.js';
import type { Limits } from './server/limits/limits.js';
import { tutorialProfiles } from './services/actions/built-in.js';
import type { ActionProfile } from './services/actions/profile.js';
import type { ApiKey } from './services/callers/api-keys.js';
import type { ClaimMapping } from './services/callers/claims.js';
import type { Roles } from './services/callers/roles.js';
import type { Tier } from './services/hub/throttles.js';

/** How the gateway runs. Frozen; made by `loadConfig`. */
export interface Config {
  /** Where to listen. Port 0 takes a free one. */
  readonly host: string;
  readonly port: number;
  /** Whose access tokens are taken. Without, and without API keys, nobody is asked who they are. */
  readonly tokens: TokenConfig | undefined;
  readonly apiKeys: readonly ApiKey[];
  readonly roles: Roles;
  readonly claims: ClaimMapping;
  /** Origins of frontends served elsewhere. */
  readonly corsOrigins: readonly string[];
  /** None: the emulator runs instead. */
  readonly hubs: readonly HubConfig[];
  readonly emulator: EmulatorConfig | undefined;
  /** What the emulator's hub permits, and those that say nothing else. */
  readonly budget: BudgetConfig;
  /** Where the journal of operations is kept. */
  readonly database: DatabaseConfig;
  readonly audit: AuditConfig;
  /** The convention of devices that name none. */
  readonly defaultProfile: string;
  readonly profiles: readonly ActionProfile[];
  /** What one may ask for. */
  readonly limits: Limits;
  readonly watch: WatchConfig;
  /** How long stopping waits for method calls under way (ms). */
  readonly drainTimeout: number;
  /** Whether the schema can be part of an Apollo Federation supergraph. */
  readonly subgraph: boolean;
  readonly logLevel: string;
}

/** A hub to serve: how it is reached, who we are to it, and what it permits. */
export interface HubConfig extends BudgetConfig {
  /** Where it was configured, as told when something is wrong with it. */
  readonly place: string;
  readonly access: HubAccessConfig;
  /** PEM of an authority to trust beside the well-known ones. */
  readonly ca: string | undefined;
}

export type HubAccessConfig =
  | { readonly connectionString: string }
  /** By Microsoft Entra ID. It may carry a port. */
  | { readonly hostname: string };

export interface EmulatorConfig {
  readonly httpsPort: number;
  readonly mqttPort: number;
  readonly amqpPort: number;
  readonly dataDir: string;
  /** Tutorial devices to start beside it. */
  readonly demoDevices: number;
}

export type DatabaseConfig =
  | { readonly kind: 'SQLITE'; readonly dataDir: string }
  /** The URL holds a password. */
  | { readonly kind: 'POSTGRES'; readonly url: string };

export interface AuditConfig {
  /** Where the head of the audit is written to at intervals; undefined: to the log alone. */
  readonly anchorFile: string | undefined;
}

/** What the hub permits, and how much of it the gateway may use. A hub does not tell its own tier. */
export interface BudgetConfig {
  readonly tier: Tier;
  readonly units: number;
  /** Above 0, up to 1. */
  readonly share: number;
}

/** The pace at which twins are read, in ms: while an operation is under way, and else. */
export interface WatchConfig {
  readonly activeInterval: number;
  readonly idleInterval: number;
}

/** Docker kills what has not stopped after 10 s; this leaves time to close. */
const DRAIN_TIMEOUT = 8_000;

/** What is wrong with the environment, all at once; one line per problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const wholeNumber = (greatest: number, fallback: number, expected: string) =>
  z.coerce
    .number(expected)
    .int(expected)
    .min(0, expected)
    .max(greatest, expected)
    .default(fallback);

const port = (fallback: number) => wholeNumber(65_535, fallback, 'expected a port, 0 to 65535');

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

const environmentForm = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port(4000),
  ...authenticationVariables,
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform(toList)
    .pipe(
      z.array(
        z
          .string()
          .refine(isOrigin, 'expected origins such as https://fleet.example, separated by commas'),
      ),
    ),
  IOTHUB_CONNECTION_STRING: z.string().optional().superRefine(checkWith(connectionStringProblem)),
  IOTHUB_HOSTNAME: z.string().optional().superRefine(checkWith(hostnameProblem)),
  IOTHUB_CA_FILE: z.string().optional().transform(readPem),
  HUB_TIER: tierForm.default('S1'),
  HUB_UNITS: z.coerce.number(unitsExpected).pipe(unitsForm).default(1),
  HUB_SHARE: z.coerce.number(shareExpected).pipe(shareForm).default(0.8),
  DATABASE_URL: z.string().optional().superRefine(checkWith(databaseUrlProblem)),
  DATA_DIR: z.string().default('.data'),
  AUDIT_ANCHOR_FILE: z.string().optional(),
  CONFIG_FILE: z.string().optional(),
  DEFAULT_PROFILE: z.string().default('node'),
  EMULATOR_HTTPS_PORT: port(8443),
  EMULATOR_MQTT_PORT: port(8883),
  EMULATOR_AMQP_PORT: port(5671),
  EMULATOR_DATA_DIR: z.string().default('.emulator'),
  DEMO_DEVICES: wholeNumber(10_000, 4, 'expected a number of devices, 0 to 10000'),
  SUBGRAPH: z.stringbool('expected true or false').default(false),
  LOG_LEVEL: z.enum(logLevels, `expected one of ${logLevels.join(', ')}`).default('info'),
});

type Environment = z.infer<typeof environmentForm>;

/** The names of the variables that configure a gateway. */
export const variables: readonly string[] = Object.keys(environmentForm.shape);

/**
 * Reads the configuration from environment variables; empty ones count as absent.
 * Throws ConfigError with every problem at once, and never repeats a secret.
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.entries(environment).filter(([, value]) => value?.trim());
  const given = Object.fromEntries(present);
  const result = environmentForm.safeParse(given);
  const malformed = (result.error?.issues ?? []).map(
    ({ path: [variable], message }) => `${String(variable)}: ${message}`,
  );
  const file = readFile(given['CONFIG_FILE'], given);
  const problems = [
    ...malformed,
    ...contradictions(given, file),
    ...file.problems.map((problem) => `CONFIG_FILE: ${problem}`),
    ...(file.problems.length === 0 ? profileProblems(given['DEFAULT_PROFILE'], file) : []),
  ];
  if (!result.success || problems.length > 0) throw new ConfigError(problems.join('\n'));
  return toConfig(result.data, file);
}

function readFile(file: string | undefined, environment: GivenVariables): FileConfig {
  return file === undefined ? emptyFile : readConfigFile(file, environment);
}

function profileProblems(name: string | undefined, { profiles }: FileConfig): readonly string[] {
  const names = [...new Set([...tutorialProfiles, ...profiles].map((profile) => profile.name))];
  if (name === undefined || names.includes(name)) return [];
  return [`DEFAULT_PROFILE: expected one of ${names.join(', ')}`];
}

/** They would change what runs, or who may: to pass over them is worse than not to start. */
const unsupported = ['EVENTHUB_CONNECTION_STRING'] as const;

type GivenVariables = Readonly<Record<string, string | undefined>>;

/** What is wrong with variables that are each well formed. */
function contradictions(given: GivenVariables, file: FileConfig): readonly string[] {
  const { hubs, problems } = file;
  const named = (['IOTHUB_CONNECTION_STRING', 'IOTHUB_HOSTNAME'] as const).filter(
    (variable) => given[variable] !== undefined,
  );
  const [first, second] = named;
  const found = unsupported
    .filter((variable) => given[variable] !== undefined)
    .map((variable) => `${variable}: this version does not support it; leave it out`);
  if (second) found.push(`${second}: it names the hub a second time; leave out this or ${first}`);
  if (hubs.length > 0) {
    const message =
      'the configuration file names hubs; name this one there, too, and leave this out';
    found.push(...named.map((variable) => `${variable}: ${message}`));
  }
  found.push(...authenticationProblems(given));
  const hasHub = named.length > 0 || hubs.length > 0 || problems.length > 0;
  const reason = withoutEmulator(given, file);
  if (reason !== undefined && !hasHub) {
    found.push(
      `IOTHUB_CONNECTION_STRING: it is not set, and the emulator with its made-up devices does not run ${reason}; set it to a service connection string of your hub`,
    );
  }
  const { HOST: host } = given;
  if (host !== undefined && problems.length === 0 && !isAuthenticated(given, file)) {
    const problem = hostProblem(host);
    if (problem !== undefined) found.push(`HOST: ${problem}`);
  }
  return found;
}

/** Why no emulator may stand in for a hub; undefined: it may. */
function withoutEmulator(given: GivenVariables, file: FileConfig): string | undefined {
  if (given['NODE_ENV'] === 'production') return 'with NODE_ENV=production';
  return isAuthenticated(given, file) ? 'where callers are told apart' : undefined;
}

function isAuthenticated(given: GivenVariables, { apiKeys }: FileConfig): boolean {
  return given['AUTH_ISSUER'] !== undefined || apiKeys.length > 0;
}

function toConfig(env: Environment, file: FileConfig): Config {
  const budget = Object.freeze({
    tier: env.HUB_TIER,
    units: env.HUB_UNITS,
    share: env.HUB_SHARE,
  });
  const hubs = toHubs(env, file, budget);
  const emulator = {
    httpsPort: env.EMULATOR_HTTPS_PORT,
    mqttPort: env.EMULATOR_MQTT_PORT,
    amqpPort: env.EMULATOR_AMQP_PORT,
    dataDir: env.EMULATOR_DATA_DIR,
    demoDevices: env.DEMO_DEVICES,
  };
  return Object.freeze<Config>({
    host: env.HOST,
    port: env.PORT,
    tokens: Object.freeze(toTokenConfig(env)),
    apiKeys: Object.freeze(file.apiKeys),
    roles: Object.freeze(file.roles),
    claims: Object.freeze(file.claims),
    corsOrigins: Object.freeze(env.CORS_ORIGINS),
    hubs: Object.freeze(hubs.map((hub) => Object.freeze(hub))),
    emulator: hubs.length === 0 ? Object.freeze(emulator) : undefined,
    budget,
    database: Object.freeze(toDatabase(env)),
    audit: Object.freeze({ anchorFile: anchorFileOf(env) }),
    defaultProfile: env.DEFAULT_PROFILE,
    // The configured ones first: of those that match a device, the first is taken.
    profiles: Object.freeze([...file.profiles, ...tutorialProfiles]),
    limits: Object.freeze(toLimits(file.limits, env.NODE_ENV === 'production')),
    watch: Object.freeze({ activeInterval: 1_000, idleInterval: 5_000 }),
    drainTimeout: DRAIN_TIMEOUT,
    subgraph: env.SUBGRAPH,
    logLevel: env.LOG_LEVEL,
  });
}

function toHubs(
  { IOTHUB_CONNECTION_STRING: connectionString, IOTHUB_HOSTNAME: hostname, ...env }: Environment,
  file: FileConfig,
  budget: BudgetConfig,
): readonly HubConfig[] {
  const ca = env.IOTHUB_CA_FILE;
  if (connectionString !== undefined) {
    return [{ ...budget, place: 'IOTHUB_CONNECTION_STRING', access: { connectionString }, ca }];
  }
  if (hostname !== undefined) {
    return [{ ...budget, place: 'IOTHUB_HOSTNAME', access: { hostname }, ca }];
  }
  return file.hubs.map((hub, index) => ({
    ...budget,
    ...given(hub.budget),
    place: `CONFIG_FILE: hubs[${index}]`,
    access: hub.access,
    ca: hub.ca ?? ca,
  }));
}

function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function toDatabase({ DATABASE_URL: url, DATA_DIR: dataDir }: Environment): DatabaseConfig {
  return url === undefined ? { kind: 'SQLITE', dataDir } : { kind: 'POSTGRES', url };
}

/** Beside SQLite's file unless told otherwise: the folder is ours, and it is there. */
function anchorFileOf({
  AUDIT_ANCHOR_FILE: file,
  DATABASE_URL: url,
  DATA_DIR: dataDir,
}: Environment) {
  return file ?? (url === undefined ? join(dataDir, 'audit-anchors.jsonl') : undefined);
}

function toList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Why a gateway that tells nobody apart may not listen there; undefined: it may. */
function hostProblem(host: string): string | undefined {
  if (isLoopback(host)) return undefined;
  // Only an address is repeated: anything else may be a secret in the wrong variable.
  const name = isIP(host) ? host : 'it';
  return `${name} can be reached from elsewhere, and nobody would be asked who they are; set AUTH_ISSUER and AUTH_AUDIENCE, or list apiKeys in CONFIG_FILE, or use 127.0.0.1, ::1 or localhost`;
}

/** A check of a variable by what is wrong with its text. */
function checkWith(problemOf: (text: string) => string | undefined) {
  return (text: string | undefined, context: z.RefinementCtx): void => {
    const problem = text === undefined ? undefined : problemOf(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  };
}

/** Nothing of the URL is repeated: any part may be one of a password that is not encoded. */
function databaseUrlProblem(text: string): string | undefined {
  const expected = 'expected postgres://user:password@host:port/database';
  if (!/^postgres(ql)?:\/\//.test(text)) return expected;
  if (!URL.canParse(text) || isTorn(new URL(text))) {
    return `${expected}; in a password, encode what has a meaning in a URL, such as %40 for @`;
  }
  // A socket's folder stands in the query.
  const { hostname, searchParams } = new URL(text);
  return hostname || searchParams.get('host') ? undefined : `it names no host; ${expected}`;
}

/** A bare / # or % of a password ended it too early, or cannot be decoded. */
function isTorn({ hash, pathname, password }: URL): boolean {
  return hash !== '' || pathname.includes('@') || /%(?![0-9a-f]{2})/i.test(password);
}
