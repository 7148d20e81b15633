/** A database that fails while the gateway runs. */
export interface DatabaseFault {
  readonly fault: 'SQLITE_FULL' | 'POSTGRES_AWAY' | 'POSTGRES_READ_ONLY';
  readonly what: string;
  readonly by: string;
  /** What `/readyz` answers meanwhile. */
  readonly readiness: 200 | 503;
}

export const databaseFaults: readonly DatabaseFault[] = [
  {
    fault: 'SQLITE_FULL',
    what: 'SQLite, on a full disk',
    by: 'a limit of the size of files (`RLIMIT_FSIZE`)',
    readiness: 200,
  },
  {
    fault: 'POSTGRES_AWAY',
    what: 'PostgreSQL, away',
    by: 'the server stopped',
    readiness: 503,
  },
  {
    fault: 'POSTGRES_READ_ONLY',
    what: 'PostgreSQL, read-only',
    by: '`default_transaction_read_only`',
    readiness: 503,
  },
];
