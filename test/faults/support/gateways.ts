/** Gateways that share a PostgreSQL, what their hub and their database say of them, and who follows them. */
import pg from 'pg';
import { expect, vi } from 'vitest';
import type { TestEmulator } from '../../emulator/support/emulator.js';
import { type Cleanup, createCleanup } from '../../support/cleanup.js';
import {
  type GatewayProcess,
  startGatewayProcess,
  type TestGateway,
} from '../../support/gateway.js';
import { createLine, type Line } from '../../support/line.js';
import { type EventStateFragment, WatchOperationEventsDocument } from '../../support/operations.js';

/** How long a state may take to come, and how often to look (ms). */
export const patience = { timeout: 60_000, interval: 50 };

export interface SharedDatabase extends AsyncDisposable {
  /** The one value that a query gives. */
  value<Value>(text: string, values?: readonly unknown[]): Promise<Value>;
  /** How many rows there are that only gateways which live may have. */
  traces(): Promise<number>;
}

/** Looks into a database, with a connection for each look: the server may have been restarted. */
export function lookInto(url: string): SharedDatabase {
  const value = async <Value>(text: string, values: readonly unknown[] = []) => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    try {
      const { rows } = await client.query<unknown[]>({
        text,
        values: [...values],
        rowMode: 'array',
      });
      return rows[0]?.[0] as Value;
    } finally {
      await client.end();
    }
  };
  return {
    value,
    traces: () =>
      value(`SELECT ((SELECT count(*) FROM replicas) + (SELECT count(*) FROM watches) +
        (SELECT count(*) FROM twin_readings))::int`),
    async [Symbol.asyncDispose]() {},
  };
}

let starting: Promise<unknown> = Promise.resolve();

/** To start is the hardest work of a gateway: many at once on few cores would all be slow. */
function inTurn<T>(start: () => Promise<T>): Promise<T> {
  const started = starting.then(start);
  starting = started.catch(() => {});
  return started;
}

/** A gateway in a process of its own, with a line of its own to the database. */
export interface ReplicaProcess extends GatewayProcess {
  readonly line: Line;
}

export async function startReplica(
  emulator: TestEmulator,
  databaseUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ReplicaProcess> {
  const line = await createLine(databaseUrl);
  const gateway = await inTurn(() =>
    startGatewayProcess({
      IOTHUB_CONNECTION_STRING: emulator.connectionString,
      IOTHUB_CA_FILE: emulator.caFile,
      HUB_TIER: 'S3',
      DATABASE_URL: line.url,
      ...environment,
    }),
  );
  return {
    ...gateway,
    line,
    async [Symbol.asyncDispose]() {
      // One that is stopped dies, too.
      await gateway[Symbol.asyncDispose]();
      await gateway.program[Symbol.asyncDispose]();
      await line[Symbol.asyncDispose]();
    },
  };
}

export async function startReplicas(
  cleanup: Cleanup,
  count: number,
  ...how: Parameters<typeof startReplica>
): Promise<ReplicaProcess[]> {
  const started = await Promise.all(Array.from({ length: count }, () => startReplica(...how)));
  for (const replica of started) cleanup.use(replica);
  return started;
}

/** Resolves when the hub is asked for a device by one gateway alone, which reads it every second. */
export async function isReadByOne(emulator: TestEmulator, deviceId: string): Promise<void> {
  await vi.waitFor(() => {
    const times = emulator.calls
      .list({ operation: 'twin.get', deviceId })
      .slice(-6)
      .map(({ at }) => at.getTime());
    expect(times).toHaveLength(6);
    // Two readers would come every half second.
    expect(((times.at(-1) ?? 0) - (times[0] ?? 0)) / 5).toBeGreaterThan(750);
  }, patience);
}

/** Every event of an operation, by way of one gateway after another. */
export interface Follower extends AsyncDisposable {
  readonly events: readonly EventStateFragment[];
  /** Why each of the streams before the last ended. */
  readonly ends: readonly string[];
  /** Resolves when the operation has ended. */
  readonly completed: Promise<void>;
}

/** As a client does it: asks for what comes after the last event, of whichever gateway is there. */
export function followEvents(id: string, next: () => TestGateway): Follower {
  const events: EventStateFragment[] = [];
  const ends: string[] = [];
  const cleanup = createCleanup();
  let over = false;
  const follow = async () => {
    while (!over) {
      const after = events.at(-1)?.sequence ?? 0;
      const stream = next().subscribe(WatchOperationEventsDocument, { id, after });
      cleanup.use(stream);
      const end = await stream.completed.then(
        () => undefined,
        (error: unknown) => endOf(error),
      );
      events.push(...stream.messages.map(({ operationEvents }) => operationEvents));
      if (end === undefined) return;
      ends.push(end);
      // Whoever was there last may still be on its way.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };
  const completed = follow();
  completed.catch(() => {});
  return {
    events,
    ends,
    completed,
    async [Symbol.asyncDispose]() {
      over = true;
      await cleanup[Symbol.asyncDispose]();
    },
  };
}

/** The code that a stream ended with; of a socket, that it was closed. */
export function endOf(error: unknown): string {
  const [first] = Array.isArray(error) ? (error as { extensions?: { code?: string } }[]) : [];
  return first?.extensions?.code ?? 'SOCKET_CLOSED';
}

/** 1, 2, 3 and so on: nothing left out, nothing told twice. */
export function sequences(events: readonly { readonly sequence: number }[]): void {
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
}

/** The middle one, and the greatest. */
export function summary(times: readonly number[]): string {
  const sorted = [...times].sort((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `median ${middle} ms, greatest ${sorted.at(-1) ?? 0} ms, of ${sorted.length}`;
}
