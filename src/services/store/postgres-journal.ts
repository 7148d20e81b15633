import type { Journal } from './journal.js';
import type { Postgres } from './postgres.js';
import { type JournalMember, SqlJournal } from './sql-journal.js';

/**
 * The journal in a PostgreSQL database, which other gateways may share. Closing it leaves the
 * connections to their owner.
 */
export function createPostgresJournal(
  { db }: Pick<Postgres, 'db'>,
  member?: JournalMember,
): Journal {
  return new SqlJournal(db, async () => {}, member);
}
