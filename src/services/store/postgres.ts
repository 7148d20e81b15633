import {
  Kysely,
  Migrator,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import pg from 'pg';
import { RequestError } from '../errors.js';
import { type JournalTables, migrationsFor } from './migrations.js';

/** A PostgreSQL database whose tables are up to date, for all that is kept there. */
export interface Postgres {
  readonly db: Kysely<JournalTables>;
  /** The connections under `db`, for what no query builder says. Release what failed with its error. */
  readonly pool: pg.Pool;
  /** Resolves when every connection has been given back and closed. */
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** Told of connections that were lost while nobody used them; others take their place. */
  readonly onError?: (error: Error) => void;
  /** How many connections this process takes. Default: 10. */
  readonly connections?: number;
  /** How long a connection may take to come, or to come free (ms). Default: 5,000. */
  readonly connectTimeout?: number;
  /** How long the server may work at a statement (ms). Default: 10,000. */
  readonly statementTimeout?: number;
  /** How long an answer may take before its connection is given up (ms). Default: 5,000 more. */
  readonly answerTimeout?: number;
  /** Whether to bring the tables up to date first. Default: yes. */
  readonly migrates?: boolean;
}

/** What stands in the way of using a database. */
export type PostgresErrorCode =
  | 'UNREACHABLE'
  | 'UNAUTHORIZED'
  | 'NO_DATABASE'
  | 'NO_SCHEMA'
  | 'UNUSABLE';

/** A database that cannot be opened. The message never holds the URL. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
  readonly code: PostgresErrorCode;

  constructor(code: PostgresErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A process that stops in the middle of a transaction holds up others no longer than this (ms). */
const IDLE_IN_TRANSACTION = 5_000;
/** Unused connections are closed after this (ms). */
const IDLE = 30_000;

/**
 * Connects to a database and brings its tables up to date; any number of processes may do so at
 * once. The tables are in the first schema of the connection's search_path.
 * Throws PostgresError with the reason when it cannot be used.
 */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Postgres> {
  const { onError = () => {}, connections = 10, connectTimeout = 5_000 } = options;
  const { statementTimeout = 10_000, answerTimeout = statementTimeout + 5_000 } = options;
  if (options.migrates !== false) await migrate(url, connectTimeout);
  const pool = createPool(url, {
    max: connections,
    connectionTimeoutMillis: connectTimeout,
    idleTimeoutMillis: IDLE,
    query_timeout: answerTimeout,
    onConnect: (client) => prepare(client, statementTimeout),
  });
  // Not the error itself: it holds the whole connection.
  pool.on('error', (error) => onError(new Error(`a connection was lost: ${messageOf(error)}`)));
  const dialect = new PostgresDialect({ pool: withoutLostConnections(pool, onError) });
  const db = new Kysely<JournalTables>({ dialect });
  return { db, pool, close: () => pool.end() };
}

function createPool(url: string, config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'twinql',
    keepAlive: true,
    types,
    ...config,
  });
  // The pool listens to a connection only while it is idle; an error that nobody hears ends the
  // process. Whoever uses the connection learns of it from the query.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Whole numbers are numbers; what we keep in 64 bits are times in milliseconds. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 && format !== 'binary'
      ? Number
      : pg.types.getTypeParser(oid, format),
};

/**
 * What must hold on every connection, whatever the server, the database or the role say.
 * Not as parameters of the connection: poolers refuse those, and they would displace the URL's.
 */
async function prepare(client: pg.ClientBase, statementTimeout: number): Promise<void> {
  // A claim must be on the disk before the call it permits is written to a socket; waiting for the
  // standbys to apply it is more than that.
  await client.query(
    `select set_config('statement_timeout', $1, false),
       set_config('idle_in_transaction_session_timeout', $2, false),
       set_config('default_transaction_isolation', 'read committed', false),
       set_config('synchronous_commit', case current_setting('synchronous_commit')
         when 'remote_apply' then 'remote_apply' else 'on' end, false)`,
    [String(statementTimeout), String(IDLE_IN_TRANSACTION)],
  );
}

/** Brings the tables up to date, on a connection that waits for others who do the same. */
async function migrate(url: string, connectTimeout: number): Promise<void> {
  const pool = createPool(url, { max: 1, connectionTimeoutMillis: connectTimeout });
  pool.on('error', () => {});
  try {
    const schema = await currentSchema(pool);
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    const { error } = await new Migrator({
      db,
      provider: migrationsFor('POSTGRES'),
      // Else another schema's record of its own migrations is taken for ours.
      migrationTableSchema: schema,
    }).migrateToLatest();
    if (error) throw error;
  } catch (error) {
    throw toPostgresError(error);
  } finally {
    await pool.end();
  }
}

async function currentSchema(pool: pg.Pool): Promise<string> {
  // Waiting for others to migrate is not a statement that hangs.
  const { rows } = await pool.query<{ schema: string | null }>(
    `select current_schema() as schema, set_config('statement_timeout', '0', false)`,
  );
  const schema = rows[0]?.schema;
  if (schema) return schema;
  throw new PostgresError('NO_SCHEMA', 'no schema of its search_path exists');
}

/**
 * A connection on which something else went wrong than the server's saying no may hang, or answer
 * one query with what belongs to another: it is used for nothing more, and closed. Whoever asked is
 * told DATABASE_UNAVAILABLE, and `onError` the reason.
 */
function withoutLostConnections(pool: pg.Pool, onError: (error: Error) => void): PostgresPool {
  const unavailable = (error: unknown) => {
    onError(new Error(messageOf(error)));
    return new RequestError(
      'DATABASE_UNAVAILABLE',
      'the database of the gateway cannot be reached; try again',
    );
  };
  return {
    async connect() {
      const client = await pool.connect().catch((error: unknown) => {
        throw unavailable(error);
      });
      let lost: RequestError | undefined;
      const query = async <Row>(text: string, parameters: readonly unknown[]) => {
        if (lost !== undefined) throw lost;
        try {
          const result: unknown = await client.query(text, [...parameters]);
          return result as PostgresQueryResult<Row>;
        } catch (error) {
          if (isAnswer(error)) throw error;
          lost = unavailable(error);
          throw lost;
        }
      };
      return {
        query: query as PostgresPoolClient['query'],
        release: () => client.release(lost !== undefined),
      };
    },
    end: () => pool.end(),
  };
}

/** The server said no, and the connection goes on. Class 57P and 25P03 are its last words. */
function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(57P|25P03)/.test(error.code ?? '');
}

const errorCodes: Readonly<Record<string, PostgresErrorCode>> = {
  '28000': 'UNAUTHORIZED',
  '28P01': 'UNAUTHORIZED',
  '3D000': 'NO_DATABASE',
  '42501': 'NO_SCHEMA',
  '53300': 'UNREACHABLE',
  '57P03': 'UNREACHABLE',
};

function toPostgresError(error: unknown): PostgresError {
  if (error instanceof PostgresError) return error;
  const message = messageOf(error);
  if (error instanceof pg.DatabaseError) {
    return new PostgresError(errorCodes[error.code ?? ''] ?? 'UNUSABLE', message);
  }
  if (message.startsWith('SASL')) return new PostgresError('UNAUTHORIZED', message);
  const migrated = message.includes('migration');
  return new PostgresError(migrated ? 'UNUSABLE' : 'UNREACHABLE', message);
}

/** A name with several addresses fails once for each. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
