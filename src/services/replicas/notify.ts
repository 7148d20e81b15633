import { type QueryExecutorProvider, sql } from 'kysely';
import type { JsonValue } from '../json.js';
import type { Session } from './session.js';

/** PostgreSQL takes notices of less than 8000 bytes; this leaves room for their envelope. */
const LARGEST = 7_000;

/**
 * Tells the other gateways, when the transaction is committed, of any number of items: in as many
 * notices as it takes, each with a body made of some of them.
 */
export async function notify<Item>(
  transaction: QueryExecutorProvider,
  session: Session,
  kind: string,
  items: readonly Item[],
  body: (items: readonly Item[]) => object,
): Promise<void> {
  for (const some of inPieces(items)) {
    const payload = session.format(kind, body(some) as JsonValue);
    await sql`SELECT pg_notify(${session.channel}, ${payload})`.execute(transaction);
  }
}

function inPieces<Item>(items: readonly Item[]): Item[][] {
  const pieces: Item[][] = [];
  let piece: Item[] = [];
  let size = 0;
  for (const item of items) {
    const bytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (piece.length > 0 && size + bytes > LARGEST) {
      pieces.push(piece);
      piece = [];
      size = 0;
    }
    piece.push(item);
    size += bytes;
  }
  if (piece.length > 0) pieces.push(piece);
  return pieces;
}
