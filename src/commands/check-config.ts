import type { TokenConfig } from '../config/authentication.js';
import {
  type Config,
  type DatabaseConfig,
  type EmulatorConfig,
  type HubConfig,
  loadConfig,
} from '../config.js';
import { defaultLimits, type Limits } from '../server/limits/limits.js';
import type { ApiKey } from '../services/callers/api-keys.js';
import type { ClaimMapping } from '../services/callers/claims.js';
import { builtInRoles, type Roles } from '../services/callers/roles.js';
import { parseConnectionString } from '../services/hub/connection-string.js';

/** What `twinql check-config` says and how it ends. */
export interface ConfigReport {
  readonly text: string;
  /** False: the gateway would not start; the text says why, one line per problem. */
  readonly usable: boolean;
}

/**
 * Reads the configuration as the gateway does, and tells what would run, without a secret. Nothing is
 * connected to: that the hub and the database let themselves be used shows when the gateway starts.
 */
export function reportConfig(
  environment: Readonly<Record<string, string | undefined>>,
): ConfigReport {
  let config: Config;
  try {
    config = loadConfig(environment);
  } catch (error) {
    const problems = error instanceof Error ? error.message : String(error);
    return { text: `The gateway would not start:\n${problems}\n`, usable: false };
  }
  return { text: describe(config), usable: true };
}

type Row = readonly [label: string, text: string];

/** A row for each part of the configuration: one that is added without words does not compile. */
const rows: { readonly [Part in keyof Config]: (part: Config[Part]) => Row } = {
  host: (host) => ['listens on', host],
  port: (port) => ['port', port === 0 ? 'any that is free' : String(port)],
  tokens: (tokens) => ['takes access tokens', tokens ? describeTokens(tokens) : 'none'],
  apiKeys: (keys) => ['takes API keys', keys.map(describeApiKey).join(' and ') || 'none'],
  roles: (roles) => [
    'roles',
    Object.keys(roles)
      .map((name) => describeRole(name, roles))
      .join(', '),
  ],
  claims: (claims) => ['tells users by', describeClaims(claims)],
  corsOrigins: (origins) => ['origins beside its own', origins.join(', ') || 'none'],
  hubs: (hubs) => ['hubs', hubs.map(describeHub).join(' and ') || 'none: an emulated one'],
  emulator: (emulator) => ['emulator', emulator ? describeEmulator(emulator) : 'none'],
  budget: ({ tier, units, share }) => [
    'budget',
    `${Math.round(share * 100)} % of what ${units} ${units === 1 ? 'unit' : 'units'} of ${tier} permit`,
  ],
  database: (database) => ['journal', describeDatabase(database)],
  audit: ({ anchorFile }) => [
    'head of the audit',
    `told in the log${anchorFile === undefined ? '' : ` and in ${anchorFile}`}`,
  ],
  defaultProfile: (profile) => ['profile of devices that name none', profile],
  profiles: (profiles) => ['profiles', profiles.map(({ name }) => name).join(', ')],
  limits: (limits) => ['limits', describeLimits(limits)],
  watch: ({ activeInterval, idleInterval }) => [
    'reads a watched twin',
    `every ${activeInterval} ms during an operation, else every ${idleInterval} ms`,
  ],
  drainTimeout: (timeout) => ['when stopping', `lets calls under way end for up to ${timeout} ms`],
  subgraph: (subgraph) => ['Apollo Federation', subgraph ? 'serves as a subgraph' : 'no subgraph'],
  logLevel: (level) => ['log level', level],
};

function describe(config: Config): string {
  const row = <Part extends keyof Config>(part: Part) => rows[part](config[part]);
  const table = (Object.keys(rows) as (keyof Config)[]).map(row);
  const width = Math.max(...table.map(([label]) => label.length));
  const lines = table.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`);
  return `${['The gateway would run so:', ...lines].join('\n')}\n`;
}

function describeTokens({ issuer, audiences, jwksUri }: TokenConfig): string {
  const keys = jwksUri === undefined ? 'by discovery' : `from ${jwksUri}`;
  return `of ${issuer} for ${audiences.join(' or ')}, its keys ${keys}`;
}

function describeApiKey({ id, roles, expiresAt }: ApiKey): string {
  const ends = expiresAt.getTime() <= Date.now() ? 'expired' : 'until';
  return `${id} (${roles.join(', ')}; ${ends} ${expiresAt.toISOString()})`;
}

function describeRole(name: string, roles: Roles): string {
  const isBuiltIn = roles[name] === (builtInRoles as Roles)[name];
  const limit = roles[name]?.scope ? ', of some devices' : '';
  return isBuiltIn ? name : `${name} (configured${limit})`;
}

function describeClaims({ id, roles, mapping }: ClaimMapping): string {
  const values = mapping ? `${Object.keys(mapping).length} values mapped` : 'its values are roles';
  return `the claim ${id}, their roles by ${roles.join(', ')} (${values})`;
}

function describeLimits(limits: Limits): string {
  const changed = Object.entries(limits).filter(
    ([name, value]) => String(value) !== String(defaultLimits[name as keyof Limits]),
  );
  const list = changed.map(([name, value]) => `${name} ${String(value)}`).join(', ');
  return list === '' ? 'as by default' : `${list}; else as by default`;
}

function describeHub({ access, ca, tier, units, share }: HubConfig): string {
  const extra = ca === undefined ? '' : ', trusting a CA of its own, too';
  return `${describeAccess(access)}${extra} (${units} of ${tier}, ${Math.round(share * 100)} %)`;
}

function describeAccess(access: HubConfig['access']): string {
  if ('hostname' in access) return `${access.hostname} by Microsoft Entra ID`;
  const { host, policy } = parseConnectionString(access.connectionString);
  return `HostName=${host};SharedAccessKeyName=${policy};SharedAccessKey=***`;
}

function describeEmulator(emulator: EmulatorConfig): string {
  const { httpsPort, mqttPort, amqpPort, dataDir, demoDevices } = emulator;
  return `HTTPS ${httpsPort}, MQTT ${mqttPort}, AMQP ${amqpPort}, its CA in ${dataDir}, ${demoDevices} tutorial devices`;
}

/** Only what is known to be no secret is shown: a password may stand among the parameters, too. */
const harmless = ['host', 'port', 'user', 'sslmode', 'sslrootcert', 'application_name', 'options'];

function describeDatabase(database: DatabaseConfig): string {
  if (database.kind === 'SQLITE') return `SQLite in ${database.dataDir}`;
  const url = new URL(database.url);
  if (url.password !== '') url.password = '***';
  for (const name of new Set(url.searchParams.keys())) {
    if (!harmless.includes(name)) url.searchParams.set(name, '***');
  }
  return `PostgreSQL, ${url.href}`;
}
