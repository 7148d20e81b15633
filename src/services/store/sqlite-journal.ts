import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, Migrator, type Selectable, type SelectQueryBuilder, SqliteDialect } from 'kysely';
import Database from 'libsql';
import {
  isTerminal,
  isUnsettled,
  type Operation,
  type OperationEvent,
} from '../actions/operation.js';
import type { Creation, Journal, JournalPage, OperationSelection, UsedKey } from './journal.js';
import { type JournalTables, migrationProvider } from './migrations.js';

type OperationRow = Selectable<JournalTables['operations']>;
type OperationQuery = SelectQueryBuilder<JournalTables, 'operations', OperationRow>;

/**
 * Opens (and, where needed, creates or migrates) the journal `twinql.db` in a folder.
 * Throws an Error with the reason when the folder cannot be used or another gateway holds it.
 */
export async function openSqliteJournal(dataDir: string): Promise<Journal> {
  mkdirSync(dataDir, { recursive: true });
  const release = lockFolder(dataDir);
  try {
    return new SqliteJournal(await openTables(join(dataDir, 'twinql.db')), release);
  } catch (error) {
    release();
    throw error;
  }
}

/** Opens a database file and brings its tables up to date. */
async function openTables(file: string): Promise<Kysely<JournalTables>> {
  let database: Database.Database | undefined;
  try {
    database = new Database(file);
    database.pragma('journal_mode = WAL');
    // A claim must be on the disk before the call it permits is written to a socket.
    database.pragma('synchronous = FULL');
    const db = new Kysely<JournalTables>({ dialect: new SqliteDialect({ database }) });
    const { error } = await new Migrator({ db, provider: migrationProvider }).migrateToLatest();
    if (error) throw error;
    return db;
  } catch (error) {
    database?.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${file}: ${reason}`);
  }
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

class SqliteJournal implements Journal {
  readonly #db: Kysely<JournalTables>;
  readonly #release: () => void;

  constructor(db: Kysely<JournalTables>, release: () => void) {
    this.#db = db;
    this.#release = release;
  }

  async create(operation: Operation): Promise<Creation> {
    const { hub, deviceId, requestedBy, idempotencyKey } = operation;
    const key = idempotencyKey === null ? undefined : keyOf(operation, idempotencyKey);
    try {
      await this.#db.transaction().execute(async (transaction) => {
        await transaction.insertInto('operations').values(toRow(operation)).execute();
        await insertEvents(transaction, operation, 0);
        if (key) await transaction.insertInto('idempotency_keys').values(key).execute();
      });
      return { kind: 'CREATED' };
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const used = idempotencyKey !== null && (await this.findKey(requestedBy, idempotencyKey));
      if (used) return { kind: 'KEY_USED', by: used };
      const busy = await this.findDisturbing(hub, deviceId);
      if (busy) return { kind: 'DEVICE_BUSY', by: busy };
      throw error;
    }
  }

  async save(operation: Operation, sequence: number): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('operations')
        .set(toRow(operation))
        .where('id', '=', operation.id)
        .where('sequence', '=', sequence)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) return false;
      await insertEvents(transaction, operation, sequence);
      return true;
    });
  }

  find(id: string): Promise<Operation | undefined> {
    return this.#first((operations) => operations.where('id', '=', id));
  }

  async remember({ requestedBy, idempotencyKey, inputHash, operationId }: UsedKey): Promise<void> {
    await this.#db
      .insertInto('idempotency_keys')
      .values({
        requested_by: requestedBy,
        idempotency_key: idempotencyKey,
        input_hash: inputHash,
        operation_id: operationId,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async findKey(requestedBy: string, idempotencyKey: string): Promise<UsedKey | undefined> {
    const row = await this.#db
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('requested_by', '=', requestedBy)
      .where('idempotency_key', '=', idempotencyKey)
      .executeTakeFirst();
    return (
      row && {
        requestedBy,
        idempotencyKey,
        inputHash: row.input_hash,
        operationId: row.operation_id,
      }
    );
  }

  findDisturbing(hub: string, deviceId: string): Promise<Operation | undefined> {
    return this.#first((operations) =>
      operations
        .where('hub', '=', hub)
        .where('device_id', '=', deviceId)
        .where('open', '=', 1)
        .where('disturbing', '=', 1),
    );
  }

  findLatest(hub: string, deviceId: string, action?: string): Promise<Operation | undefined> {
    return this.#first((operations) =>
      operations
        .where('hub', '=', hub)
        .where('device_id', '=', deviceId)
        .where('disturbing', '=', 1)
        .$if(action !== undefined, (query) => query.where('action', '=', action ?? ''))
        .orderBy('id', 'desc')
        .limit(1),
    );
  }

  findUnsettled(hub: string, deviceId: string, since: number): Promise<Operation | undefined> {
    return this.#first((operations) =>
      operations
        .where('hub', '=', hub)
        .where('device_id', '=', deviceId)
        .where('unsettled_since', '>=', since)
        .orderBy('id', 'desc')
        .limit(1),
    );
  }

  findOpen(hub: string): Promise<readonly Operation[]> {
    return this.#all((operations) =>
      operations.where('hub', '=', hub).where('open', '=', 1).orderBy('id'),
    );
  }

  list(selection: OperationSelection, page: JournalPage): Promise<readonly Operation[]> {
    const { hub, deviceId, action, statuses } = selection;
    return this.#all((operations) => {
      let query = operations.orderBy('id', 'desc').limit(page.first);
      if (page.after !== undefined) query = query.where('id', '<', page.after);
      if (hub !== undefined) query = query.where('hub', '=', hub);
      if (deviceId !== undefined) query = query.where('device_id', '=', deviceId);
      if (action !== undefined) query = query.where('action', '=', action);
      if (statuses !== undefined) query = query.where('status', 'in', statuses);
      return query;
    });
  }

  async close(): Promise<void> {
    await this.#db.destroy();
    this.#release();
  }

  async #first(narrow: (query: OperationQuery) => OperationQuery): Promise<Operation | undefined> {
    return (await this.#all(narrow))[0];
  }

  async #all(narrow: (query: OperationQuery) => OperationQuery): Promise<readonly Operation[]> {
    const rows = await narrow(this.#db.selectFrom('operations').selectAll()).execute();
    const histories = await this.#histories(rows.map(({ id }) => id));
    return rows.map((row) => toOperation(row, histories.get(row.id) ?? []));
  }

  async #histories(ids: readonly string[]): Promise<Map<string, OperationEvent[]>> {
    const histories = new Map<string, OperationEvent[]>(ids.map((id) => [id, []]));
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      const events = await this.#db
        .selectFrom('operation_events')
        .select(['operation_id', 'document'])
        .where('operation_id', 'in', ids.slice(at, at + IDS_AT_ONCE))
        .orderBy('sequence')
        .execute();
      for (const { operation_id, document } of events) {
        histories.get(operation_id)?.push(JSON.parse(document) as OperationEvent);
      }
    }
    return histories;
  }
}

/** A query takes a limited number of parameters. */
const IDS_AT_ONCE = 500;

function keyOf(operation: Operation, idempotencyKey: string): JournalTables['idempotency_keys'] {
  return {
    requested_by: operation.requestedBy,
    idempotency_key: idempotencyKey,
    input_hash: operation.inputHash,
    operation_id: operation.id,
  };
}

async function insertEvents(
  db: Kysely<JournalTables>,
  operation: Operation,
  after: number,
): Promise<void> {
  const events = operation.history
    .filter((event) => event.sequence > after)
    .map((event) => ({
      operation_id: operation.id,
      sequence: event.sequence,
      document: JSON.stringify(event),
    }));
  if (events.length > 0) await db.insertInto('operation_events').values(events).execute();
}

function toRow({ history: _, ...operation }: Operation): OperationRow {
  return {
    id: operation.id,
    hub: operation.hub,
    device_id: operation.deviceId,
    action: operation.action,
    status: operation.status,
    open: isTerminal(operation.status) ? 0 : 1,
    disturbing: operation.disturbing ? 1 : 0,
    sequence: operation.sequence,
    unsettled_since: isUnsettled(operation) ? operation.finishedAt : null,
    document: JSON.stringify(operation),
  };
}

function toOperation(row: OperationRow, history: readonly OperationEvent[]): Operation {
  return { ...(JSON.parse(row.document) as Omit<Operation, 'history'>), history };
}

function isUniqueViolation(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(String(error.code))
  );
}
