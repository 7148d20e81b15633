import type { Journal } from './journal.js';
import type { Postgres } from './postgres.js';
import { SqlJournal } from './sql-journal.js';

/** The journal in a PostgreSQL database. Closing it leaves the connections to their owner. */
export function createPostgresJournal({ db }: Pick<Postgres, 'db'>): Journal {
  return new SqlJournal(db, async () => {});
}
