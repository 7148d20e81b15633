import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import type { Operation } from '../actions/operation.js';
import type { Clock } from '../clock.js';
import type { Budget } from '../hub/budget.js';
import type { JsonValue } from '../json.js';
import type { JournalTables } from '../store/migrations.js';
import type { JournalMember } from '../store/sql-journal.js';
import type { Polling } from '../watch/polling.js';
import { BudgetDivision } from './budget-division.js';
import { notify } from './notify.js';
import type { MovedOperation, Replicas } from './replicas.js';
import { Session, type SessionOptions } from './session.js';
import { SharedPolling } from './shared-polling.js';
import type { ReplicaTables } from './tables.js';

export interface PostgresReplicasOptions extends Omit<SessionOptions, 'demand'> {
  readonly db: Kysely<JournalTables>;
}

/** How many heartbeats may pass before this gateway looks for orphans although nobody departed. */
const LOOK_EVERY = 20;

/**
 * Gateways on one PostgreSQL: who lives is a lease in a table, what happens is told by NOTIFY, and
 * a gateway that comes back after a gap looks at everything again.
 */
export class PostgresReplicas implements Replicas, JournalMember {
  readonly #options: PostgresReplicasOptions;
  readonly #session: Session;
  readonly #division = new BudgetDivision();

  constructor(options: PostgresReplicasOptions) {
    this.#options = options;
    this.#session = new Session({ ...options, demand: () => this.#division.demand() as JsonValue });
    const { members, connected, joined, departed, lost } = this.#session;
    members.on((all) => this.#division.divide(this.#session.id, all));
    connected.on((isConnected) => {
      if (!isConnected) this.#division.holdBack();
    });
    lost.on(() => this.#division.giveUp());
    joined.on(() => void this.#sweep());
    departed.on(() => void this.#sweep());
  }

  /** Takes a place among the others. Register with everything else first. */
  start(): Promise<void> {
    return this.#session.start();
  }

  get id(): string {
    return this.#session.id;
  }

  get clock(): Clock {
    return this.#session.clock;
  }

  onMoved(listener: (moved: MovedOperation | undefined) => void): void {
    this.#session.notices.on(({ kind, body }) => {
      if (kind !== 'moved') return;
      for (const moved of body as unknown as readonly MovedOperation[]) listener(moved);
    });
    this.#session.connected.on((connected) => connected && listener(undefined));
  }

  onOrphans(listener: () => void): void {
    const { joined, departed, members } = this.#session;
    joined.on(listener);
    departed.on(listener);
    let beats = 0;
    members.on(() => {
      beats += 1;
      if (beats % LOOK_EVERY === 0) listener();
    });
  }

  onLost(listener: () => void): void {
    this.#session.lost.on(listener);
  }

  polling(hub: string): Polling {
    const { onError } = this.#options;
    const db = this.#options.db.withTables<ReplicaTables>();
    return new SharedPolling({ hub, db, session: this.#session, onError });
  }

  divide(hub: string, budget: Budget): void {
    this.#division.add(hub, budget);
  }

  async leave(): Promise<void> {
    await this.#session.leave();
    await this.#sweep();
  }

  async announce(
    transaction: QueryExecutorProvider,
    { id, hub, deviceId }: Operation,
  ): Promise<void> {
    await notify(transaction, this.#session, 'moved', [{ id, hub, deviceId }], (moved) => moved);
  }

  async adopt(hub: string): Promise<readonly string[]> {
    const { db } = this.#options;
    const { id } = this.#session;
    await sql`
      UPDATE operations SET driver = ${id}
      WHERE hub = ${hub} AND open = 1
        AND (driver IS NULL OR driver NOT IN (SELECT id FROM replicas))`.execute(db);
    // Not only those of just now: an answer may have been lost before.
    const { rows } = await sql<{ id: string }>`
      SELECT id FROM operations WHERE hub = ${hub} AND open = 1 AND driver = ${id}`.execute(db);
    return rows.map((row) => row.id);
  }

  /** Deletes readings of devices that nobody watches: those who left could not. */
  async #sweep(): Promise<void> {
    await sql`
      DELETE FROM twin_readings WHERE NOT EXISTS (
        SELECT FROM watches
        WHERE watches.hub = twin_readings.hub AND watches.device_id = twin_readings.device_id)`
      .execute(this.#options.db)
      .catch(this.#options.onError);
  }
}
