import type { Kysely, QueryExecutorProvider, Selectable, SelectQueryBuilder } from 'kysely';
import {
  isTerminal,
  isUnsettled,
  type Operation,
  type OperationEvent,
} from '../actions/operation.js';
import { passSeam } from '../actions/seams.js';
import { finishRecordOf } from '../audit/finish.js';
import type { AuditStore } from './audit-store.js';
import type { Creation, Journal, JournalPage, OperationSelection, UsedKey } from './journal.js';
import type { JournalTables } from './migrations.js';
import { appendTo, SqlAuditStore } from './sql-audit-store.js';

type OperationRow = Selectable<JournalTables['operations']>;
type OperationQuery = SelectQueryBuilder<JournalTables, 'operations', OperationRow>;

/** This gateway's place among those that share a journal. */
export interface JournalMember {
  /** By which its operations are known. */
  readonly id: string;
  /** Tells the others of an operation, when the transaction is committed. */
  announce(transaction: QueryExecutorProvider, operation: Operation): Promise<void>;
  /** Makes this gateway the driver of what no living one drives; gives the ids of all that it drives. */
  adopt(hub: string): Promise<readonly string[]>;
}

/** The journal in tables: the same queries for SQLite and PostgreSQL. */
export class SqlJournal implements Journal {
  readonly audit: AuditStore;
  readonly #db: Kysely<JournalTables>;
  readonly #close: () => Promise<void>;
  readonly #member: JournalMember | undefined;

  /** Takes tables that are up to date, how to let go of them, and who else uses them. */
  constructor(db: Kysely<JournalTables>, close: () => Promise<void>, member?: JournalMember) {
    this.audit = new SqlAuditStore(db);
    this.#db = db;
    this.#close = close;
    this.#member = member;
  }

  async create(operation: Operation): Promise<Creation> {
    for (;;) {
      try {
        await this.#insert(operation);
        return { kind: 'CREATED' };
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        const inTheWay = await this.#inTheWayOf(operation);
        if (inTheWay) return inTheWay;
        if (await this.find(operation.id)) throw error;
        // What was in the way ended meanwhile.
      }
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
      await this.#member?.announce(transaction, operation);
      const finish = finishRecordOf(operation, sequence);
      if (finish) await appendTo(transaction, [finish]);
      passSeam('BEFORE_COMMIT', operation.id);
      return true;
    });
  }

  async find(id: string): Promise<Operation | undefined> {
    // PostgreSQL refuses to look for what it cannot keep.
    if (id.includes('\0')) return undefined;
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

  async adopt(hub: string, isKnown = (_id: string) => false): Promise<readonly Operation[]> {
    if (!this.#member) {
      const open = await this.#all((operations) =>
        operations.where('hub', '=', hub).where('open', '=', 1).orderBy('id'),
      );
      return open.filter(({ id }) => !isKnown(id));
    }
    const ids = (await this.#member.adopt(hub)).filter((id) => !isKnown(id));
    const adopted: Operation[] = [];
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      const some = ids.slice(at, at + IDS_AT_ONCE);
      adopted.push(...(await this.#all((operations) => operations.where('id', 'in', some))));
    }
    return adopted.sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  async list(selection: OperationSelection, page: JournalPage): Promise<readonly Operation[]> {
    const { hub, deviceId, action, statuses } = selection;
    // SQL knows no empty list.
    if (statuses?.length === 0) return [];
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

  async check(): Promise<void> {
    // Begins to write, and writes nothing: what is read-only refuses it.
    await this.#db.updateTable('operations').set({ hub: '' }).where('id', '=', '').execute();
  }

  close(): Promise<void> {
    return this.#close();
  }

  async #insert(operation: Operation): Promise<void> {
    const { idempotencyKey } = operation;
    await this.#db.transaction().execute(async (transaction) => {
      const driver = this.#member?.id ?? null;
      await transaction
        .insertInto('operations')
        .values({ ...toRow(operation), driver })
        .execute();
      await insertEvents(transaction, operation, 0);
      if (idempotencyKey !== null) {
        const key = keyOf(operation, idempotencyKey);
        await transaction.insertInto('idempotency_keys').values(key).execute();
      }
      await this.#member?.announce(transaction, operation);
      passSeam('BEFORE_COMMIT', operation.id);
    });
  }

  async #inTheWayOf(operation: Operation): Promise<Creation | undefined> {
    const { hub, deviceId, disturbing, requestedBy, idempotencyKey } = operation;
    const used = idempotencyKey === null ? null : await this.findKey(requestedBy, idempotencyKey);
    if (used) return { kind: 'KEY_USED', by: used };
    const busy = disturbing ? await this.findDisturbing(hub, deviceId) : undefined;
    return busy && { kind: 'DEVICE_BUSY', by: busy };
  }

  async #first(narrow: (query: OperationQuery) => OperationQuery): Promise<Operation | undefined> {
    return (await this.#all(narrow))[0];
  }

  async #all(narrow: (query: OperationQuery) => OperationQuery): Promise<readonly Operation[]> {
    const rows = await narrow(this.#db.selectFrom('operations').selectAll()).execute();
    const histories = await this.#histories(rows.map(({ id }) => id));
    return rows.map((row) => {
      const history = histories.get(row.id) ?? [];
      // Others may have appended since the row was read.
      return toOperation(
        row,
        history.filter(({ sequence }) => sequence <= row.sequence),
      );
    });
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

function toRow({ history: _, ...operation }: Operation): Omit<OperationRow, 'driver'> {
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

/** SQLite's codes, and PostgreSQL's. */
const uniqueViolations: readonly unknown[] = [
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  '23505',
];

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && uniqueViolations.includes(error.code);
}
