import type { Generated } from 'kysely';
import type { JournalTables } from '../store/migrations.js';

/** What gateways on one PostgreSQL tell each other in writing, beside the journal. */
export type ReplicaTables = {
  /** The gateways that live: those whose lease has not run out. */
  replicas: {
    id: string;
    expires_at: Date;
    /** What it has need of, as JSON. */
    demand: string;
  };
  /** Who watches what; gone with the gateway. */
  watches: {
    hub: string;
    device_id: string;
    replica: string;
    /** Grows with every row: of those who watch a device, the first reads it. */
    since: Generated<number>;
    interval_ms: number;
    urgency: string;
  };
  /** The newest reading of devices that several gateways watch. Lost in a crash, and no loss. */
  twin_readings: { hub: string; device_id: string; revision: string; document: string };
};

/** All that is in a database which gateways share. */
export type SharedTables = JournalTables & ReplicaTables;
