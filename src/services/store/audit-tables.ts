import { type Kysely, type Migration, type RawBuilder, sql } from 'kysely';
import { chainStart } from '../audit/entry.js';

/** The chain of the audit. `document` is what is hashed; the other columns are what is searched. */
export interface AuditTables {
  audit_entries: {
    sequence: number;
    at: number;
    actor: string;
    action: string;
    outcome: string;
    hash: string;
    document: string;
  };
  audit_targets: { hub: string; device_id: string; sequence: number };
  /** One row: whoever appends holds it. */
  audit_head: { sequence: number; hash: string };
}

const appendOnly = ['audit_entries', 'audit_targets'] as const;

/** Creates the tables, and has the database refuse to change or remove what is in them. */
export function auditMigration(
  text: 'text' | RawBuilder<unknown>,
  keepAppendOnly: (db: Kysely<unknown>, table: string) => Promise<void>,
): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('audit_entries')
        .addColumn('sequence', 'bigint', (c) => c.primaryKey())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addColumn('actor', text, (c) => c.notNull())
        .addColumn('action', text, (c) => c.notNull())
        .addColumn('outcome', text, (c) => c.notNull())
        .addColumn('hash', text, (c) => c.notNull())
        .addColumn('document', text, (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('audit_targets')
        .addColumn('hub', text, (c) => c.notNull())
        .addColumn('device_id', text, (c) => c.notNull())
        .addColumn('sequence', 'bigint', (c) => c.notNull().references('audit_entries.sequence'))
        .addPrimaryKeyConstraint('audit_targets_key', ['hub', 'device_id', 'sequence'])
        .execute();
      for (const column of ['actor', 'action', 'at'] as const) {
        await db.schema
          .createIndex(`audit_by_${column}`)
          .on('audit_entries')
          .columns([column, 'sequence'])
          .execute();
      }
      // To compare an entry with what it is found by.
      await db.schema
        .createIndex('audit_targets_of_entry')
        .on('audit_targets')
        .column('sequence')
        .execute();
      await db.schema
        .createTable('audit_head')
        .addColumn('sequence', 'bigint', (c) => c.notNull())
        .addColumn('hash', text, (c) => c.notNull())
        .execute();
      const { sequence, hash } = chainStart;
      await sql`INSERT INTO audit_head (sequence, hash) VALUES (${sequence}, ${hash})`.execute(db);
      for (const table of appendOnly) await keepAppendOnly(db, table);
    },
  };
}

export async function keepAppendOnlyInSqlite(db: Kysely<unknown>, table: string): Promise<void> {
  for (const event of ['UPDATE', 'DELETE']) {
    await sql`CREATE TRIGGER ${sql.ref(`${table}_no_${event.toLowerCase()}`)}
      BEFORE ${sql.raw(event)} ON ${sql.table(table)}
      BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END`.execute(db);
  }
}

export async function keepAppendOnlyInPostgres(db: Kysely<unknown>, table: string): Promise<void> {
  await sql`CREATE OR REPLACE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$`.execute(db);
  await sql`CREATE TRIGGER ${sql.ref(`${table}_append_only`)}
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ${sql.table(table)}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit()`.execute(db);
}
