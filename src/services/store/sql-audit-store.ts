import type { Kysely, Selectable } from 'kysely';
import {
  type AuditEntry,
  type AuditHead,
  type AuditRecord,
  devicesOf,
  parseEntry,
  type SealedEntry,
  sealEntries,
} from '../audit/entry.js';
import type { DeviceRef } from '../device-id.js';
import type { AuditPage, AuditSelection, AuditStore, StoredEntry } from './audit-store.js';
import type { AuditTables } from './audit-tables.js';
import type { JournalTables } from './migrations.js';

type EntryRow = Selectable<AuditTables['audit_entries']>;

/** The audit in tables: the same queries for SQLite and PostgreSQL. */
export class SqlAuditStore implements AuditStore {
  readonly #db: Kysely<JournalTables>;

  constructor(db: Kysely<JournalTables>) {
    this.#db = db;
  }

  append(records: readonly AuditRecord[]): Promise<readonly SealedEntry[]> {
    return this.#db.transaction().execute((transaction) => appendTo(transaction, records));
  }

  head(): Promise<AuditHead> {
    return this.#db.selectFrom('audit_head').select(['sequence', 'hash']).executeTakeFirstOrThrow();
  }

  async list(selection: AuditSelection, page: AuditPage): Promise<readonly AuditEntry[]> {
    const { actor, action, device, outcomes, since, until } = selection;
    // SQL knows no empty list.
    if (outcomes?.length === 0) return [];
    let query = this.#db
      .selectFrom('audit_entries')
      .selectAll()
      .orderBy('sequence', 'desc')
      .limit(page.first);
    if (page.after !== undefined) query = query.where('sequence', '<', page.after);
    if (actor !== undefined) query = query.where('actor', '=', actor);
    if (action !== undefined) query = query.where('action', '=', action);
    if (outcomes !== undefined) query = query.where('outcome', 'in', outcomes);
    if (since !== undefined) query = query.where('at', '>=', since);
    if (until !== undefined) query = query.where('at', '<=', until);
    if (device !== undefined) {
      query = query.where('sequence', 'in', (entries) =>
        entries
          .selectFrom('audit_targets')
          .select('sequence')
          .where('hub', '=', device.hub)
          .where('device_id', '=', device.deviceId),
      );
    }
    return (await query.execute()).map((row) => parseEntry(sealedOf(row)));
  }

  async read(after: number, first: number): Promise<readonly StoredEntry[]> {
    const rows = await this.#db
      .selectFrom('audit_entries')
      .selectAll()
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(first)
      .execute();
    const targets = new Map<number, DeviceRef[]>(rows.map(({ sequence }) => [sequence, []]));
    for (const { sequence, hub, device_id: deviceId } of await this.#targets(after, rows)) {
      targets.get(sequence)?.push({ hub, deviceId });
    }
    return rows.map((row) => {
      const sealed = sealedOf(row);
      return { ...sealed, isFound: isFoundBy(row, targets.get(row.sequence) ?? [], sealed) };
    });
  }

  async #targets(after: number, rows: readonly EntryRow[]) {
    const last = rows.at(-1);
    if (last === undefined) return [];
    return this.#db
      .selectFrom('audit_targets')
      .selectAll()
      .where('sequence', '>', after)
      .where('sequence', '<=', last.sequence)
      .execute();
  }
}

/**
 * Puts records at the end of the chain, in a transaction that is to do nothing else afterwards:
 * until it ends, all who want to append wait for it.
 */
export async function appendTo(
  transaction: Kysely<JournalTables>,
  records: readonly AuditRecord[],
): Promise<readonly SealedEntry[]> {
  // Changing the row, to what it is, is the lock that both databases know.
  const head = await transaction
    .updateTable('audit_head')
    .set(({ ref }) => ({ sequence: ref('sequence') }))
    .returning(['sequence', 'hash'])
    .executeTakeFirstOrThrow();
  const sealed = sealEntries(head, records);
  const rows = sealed.map((entry, index) => toRow(entry, records[index] as AuditRecord));
  for (const some of chunksOf(rows)) {
    await transaction.insertInto('audit_entries').values(some).execute();
  }
  const targets = sealed.flatMap(({ sequence }, index) =>
    devicesOf(records[index] as AuditRecord).map((ref) => toTargetRow(sequence, ref)),
  );
  for (const some of chunksOf(targets)) {
    await transaction.insertInto('audit_targets').values(some).execute();
  }
  const { sequence, hash } = sealed.at(-1) ?? head;
  await transaction.updateTable('audit_head').set({ sequence, hash }).execute();
  return sealed;
}

/** A statement takes a limited number of parameters. */
const ROWS_AT_ONCE = 500;

function chunksOf<Row>(rows: readonly Row[]): Row[][] {
  const count = Math.ceil(rows.length / ROWS_AT_ONCE);
  return Array.from({ length: count }, (_, index) =>
    rows.slice(index * ROWS_AT_ONCE, (index + 1) * ROWS_AT_ONCE),
  );
}

function toRow({ sequence, text, hash }: SealedEntry, record: AuditRecord): EntryRow {
  const { at, actor, action, outcome } = record;
  return { sequence, at, actor, action, outcome, hash, document: text };
}

function toTargetRow(sequence: number, { hub, deviceId }: DeviceRef): AuditTables['audit_targets'] {
  return { hub, device_id: deviceId, sequence };
}

function sealedOf({ sequence, hash, document }: EntryRow): SealedEntry {
  return { sequence, hash, text: document };
}

function isFoundBy(row: EntryRow, targets: readonly DeviceRef[], sealed: SealedEntry): boolean {
  try {
    const entry = parseEntry(sealed);
    return (
      row.at === entry.at &&
      row.actor === entry.actor &&
      row.action === entry.action &&
      row.outcome === entry.outcome &&
      namesOf(targets) === namesOf(devicesOf(entry))
    );
  } catch {
    // Whatever it is, it is not what was written.
    return false;
  }
}

function namesOf(devices: readonly DeviceRef[]): string {
  return devices
    .map(({ hub, deviceId }) => `${hub}/${deviceId}`)
    .sort()
    .join('\n');
}
