import { type Kysely, type Migration, type MigrationProvider, type RawBuilder, sql } from 'kysely';
import {
  type AuditTables,
  auditMigration,
  keepAppendOnlyInPostgres,
  keepAppendOnlyInSqlite,
} from './audit-tables.js';

/** The tables. `document` is the operation without its history, as JSON; columns are what is searched. */
export interface JournalTables extends AuditTables {
  operations: {
    id: string;
    hub: string;
    device_id: string;
    action: string;
    status: string;
    /** 1 while the operation may still move. */
    open: number;
    disturbing: number;
    sequence: number;
    /** When it timed out without evidence (ms); null unless it did. */
    unsettled_since: number | null;
    /** The gateway that drives it; null where there is one only. */
    driver: string | null;
    document: string;
  };
  idempotency_keys: {
    requested_by: string;
    idempotency_key: string;
    input_hash: string;
    operation_id: string;
  };
  operation_events: { operation_id: string; sequence: number; document: string };
}

export type Dialect = 'SQLITE' | 'POSTGRES';

/**
 * The steps from nothing to the tables of today, for one of the databases; on PostgreSQL also the
 * tables by which gateways share it (`replicas/tables.ts`).
 */
export function migrationsFor(dialect: Dialect): MigrationProvider {
  const text = textOf[dialect];
  const all =
    dialect === 'POSTGRES'
      ? {
          ...createMigrations(text),
          ...replicaMigrations,
          '0004_audit': auditMigration(text, keepAppendOnlyInPostgres),
        }
      : {
          ...createMigrations(text),
          '0004_audit': auditMigration(text, keepAppendOnlyInSqlite),
        };
  return { getMigrations: async () => all };
}

type Text = 'text' | RawBuilder<unknown>;

/** Compared byte by byte: no locale, and no later version of one, reorders an index of ids. */
const textOf: Readonly<Record<Dialect, Text>> = {
  SQLITE: 'text',
  POSTGRES: sql`text collate "C"`,
};

const createMigrations = (text: Text): Record<string, Migration> => ({
  '0001_operations': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('operations')
        .addColumn('id', text, (c) => c.primaryKey())
        .addColumn('hub', text, (c) => c.notNull())
        .addColumn('device_id', text, (c) => c.notNull())
        .addColumn('action', text, (c) => c.notNull())
        .addColumn('status', text, (c) => c.notNull())
        .addColumn('open', 'integer', (c) => c.notNull())
        .addColumn('disturbing', 'integer', (c) => c.notNull())
        .addColumn('sequence', 'integer', (c) => c.notNull())
        .addColumn('unsettled_since', 'bigint')
        .addColumn('document', text, (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('operation_events')
        .addColumn('operation_id', text, (c) => c.notNull().references('operations.id'))
        .addColumn('sequence', 'integer', (c) => c.notNull())
        .addColumn('document', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('operation_events_key', ['operation_id', 'sequence'])
        .execute();
      await db.schema
        .createIndex('operations_by_device')
        .on('operations')
        .columns(['hub', 'device_id', 'id'])
        .execute();
      // Two at once cannot both pass these, whatever they read before.
      await db.schema
        .createIndex('one_disturbing_per_device')
        .unique()
        .on('operations')
        .columns(['hub', 'device_id'])
        .where(sql<boolean>`open = 1 and disturbing = 1`)
        .execute();
      await db.schema
        .createTable('idempotency_keys')
        .addColumn('requested_by', text, (c) => c.notNull())
        .addColumn('idempotency_key', text, (c) => c.notNull())
        .addColumn('input_hash', text, (c) => c.notNull())
        .addColumn('operation_id', text, (c) => c.notNull().references('operations.id'))
        .addPrimaryKeyConstraint('one_operation_per_key', ['requested_by', 'idempotency_key'])
        .execute();
      await db.schema
        .createIndex('open_operations')
        .on('operations')
        .column('id')
        .where(sql<boolean>`open = 1`)
        .execute();
    },
  },
  '0002_drivers': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('operations').addColumn('driver', text).execute();
    },
  },
});

const replicaMigrations: Record<string, Migration> = {
  '0003_replicas': {
    async up(db: Kysely<unknown>): Promise<void> {
      const text = textOf.POSTGRES;
      await db.schema
        .createTable('replicas')
        .addColumn('id', text, (c) => c.primaryKey())
        .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
        .addColumn('demand', text, (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('watches')
        .addColumn('hub', text, (c) => c.notNull())
        .addColumn('device_id', text, (c) => c.notNull())
        .addColumn('replica', text, (c) =>
          c.notNull().references('replicas.id').onDelete('cascade'),
        )
        .addColumn('since', 'bigserial', (c) => c.notNull())
        .addColumn('interval_ms', 'integer', (c) => c.notNull())
        .addColumn('urgency', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('one_watch_per_replica', ['hub', 'device_id', 'replica'])
        .execute();
      await db.schema.createIndex('watches_by_replica').on('watches').column('replica').execute();
      // Unlogged: what a crash loses here is read again from the hub.
      await sql`CREATE UNLOGGED TABLE twin_readings (
        hub ${text} NOT NULL,
        device_id ${text} NOT NULL,
        revision ${text} NOT NULL,
        document ${text} NOT NULL,
        PRIMARY KEY (hub, device_id)
      )`.execute(db);
    },
  },
};
