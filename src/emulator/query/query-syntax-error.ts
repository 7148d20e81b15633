/** A query that IoT Hub would not run. The message says where it stopped and what it wanted there. */
export class QuerySyntaxError extends Error {
  override readonly name: string = 'QuerySyntaxError';
}

/** A query longer than the hub takes; a kind of its own because the hub answers it differently (protocol §4.1). */
export class QueryTooLongError extends QuerySyntaxError {
  override readonly name = 'QueryTooLongError';
}

/** Refuses the query at `position`, a zero-based offset into its text. */
export function refuse(position: number, reason: string): never {
  throw new QuerySyntaxError(`Query is not valid at position ${position}: ${reason}`);
}
