import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Dialect, Kysely, Migrator, SqliteDialect } from 'kysely';
import Database from 'libsql';
import type { AuditStore } from './audit-store.js';
import type { Journal } from './journal.js';
import { type JournalTables, migrationsFor } from './migrations.js';
import { SqlAuditStore } from './sql-audit-store.js';
import { SqlJournal } from './sql-journal.js';

/**
 * Opens (and, where needed, creates or migrates) the journal `twinql.db` in a folder.
 * Throws an Error with the reason when the folder cannot be used or another gateway holds it.
 */
export async function openSqliteJournal(dataDir: string): Promise<Journal> {
  mkdirSync(dataDir, { recursive: true });
  const release = lockFolder(dataDir);
  try {
    const db = await openTables(join(dataDir, 'twinql.db'));
    return new SqlJournal(db, async () => {
      await db.destroy();
      release();
    });
  } catch (error) {
    release();
    throw error;
  }
}

/** An audit to be read, beside whoever writes it. */
export interface OpenAudit {
  readonly audit: AuditStore;
  close(): Promise<void>;
}

/** Opens the audit in `twinql.db` in a folder to read it; throws an Error where it is not there. */
export function openSqliteAudit(dataDir: string): OpenAudit {
  const file = join(dataDir, 'twinql.db');
  if (!existsSync(file)) throw new Error(`${file}: there is no such file`);
  const database = new Database(file);
  database.pragma('query_only = ON');
  const db = new Kysely<JournalTables>({ dialect: new SqliteDialect({ database }) });
  return { audit: new SqlAuditStore(db), close: () => db.destroy() };
}

/** Opens a database file and brings its tables up to date. */
async function openTables(file: string): Promise<Kysely<JournalTables>> {
  let database: Database.Database | undefined;
  try {
    database = new Database(file);
    database.pragma('journal_mode = WAL');
    // A claim must be on the disk before the call it permits is written to a socket.
    database.pragma('synchronous = FULL');
    const db = new Kysely<JournalTables>({ dialect: dialectOf(database) });
    const provider = migrationsFor('SQLITE');
    const { error } = await new Migrator({ db, provider }).migrateToLatest();
    if (error) throw error;
    return db;
  } catch (error) {
    database?.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${file}: ${reason}`);
  }
}

/**
 * SQLite ends a transaction by itself when the disk fails. To roll it back then fails, too, and that
 * would be told in place of the reason.
 */
function dialectOf(database: Database.Database): Dialect {
  const dialect = new SqliteDialect({ database });
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver() {
      const driver = dialect.createDriver();
      const rollBack = driver.rollbackTransaction.bind(driver);
      driver.rollbackTransaction = async (connection) => {
        if (database.inTransaction) await rollBack(connection);
      };
      return driver;
    },
  };
}

/**
 * One gateway per folder: a second one would take over the first one's open operations. The lock
 * is a transaction in a database beside the journal, so it ends with the process, however that ends.
 */
function lockFolder(dataDir: string): () => void {
  const lock = new Database(join(dataDir, 'twinql.lock'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${dataDir}: ${reason}; is another gateway using this folder?`);
  }
  return () => {
    lock.exec('ROLLBACK');
    lock.close();
  };
}
