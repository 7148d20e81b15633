import { RequestError } from '../errors.js';

/** Codes with which a database says that it cannot do its work now, whatever it was asked for. */
const failures: readonly RegExp[] = [
  /^SQLITE_(FULL|IOERR|READONLY|BUSY|CANTOPEN)/,
  // PostgreSQL: a read-only transaction, no resources (a full disk among them), errors of the system.
  /^(25006|53...|58...)$/,
];

/** The failure of a database as what a client is told; anything else as it is. */
export function toDatabaseFailure(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!failures.some((pattern) => pattern.test(code))) return error;
  return new RequestError(
    'DATABASE_UNAVAILABLE',
    'the database of the gateway cannot be written to or read; try again',
  );
}
