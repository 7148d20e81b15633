import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/services/clock.js';
import { HubError } from '../../../src/services/hub/hub.js';
import { PostgresReplicas } from '../../../src/services/replicas/postgres-replicas.js';
import { openPostgres } from '../../../src/services/store/postgres.js';
import type { PollingSeat, ReadOutcome } from '../../../src/services/watch/polling.js';
import { type Cleanup, createCleanup } from '../../support/cleanup.js';
import { createLine } from '../../support/line.js';
import { type Postgres, postgresMissing, startPostgres } from '../../support/postgres.js';
import { makeReading } from '../support/twins.js';

const wish = { interval: 1_000, urgency: 'IDLE' } as const;
const patience = { timeout: 15_000 };

describe.skipIf(postgresMissing)('who reads a device that several gateways watch', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  let url: string;
  let client: pg.Client;
  let cleanup: Cleanup;
  beforeEach(async () => {
    cleanup = createCleanup();
    url = await server.newDatabase();
    client = new pg.Client({ connectionString: url });
    await client.connect();
    cleanup.defer(() => client.end());
  });
  afterEach(() => cleanup[Symbol.asyncDispose]());

  /** A gateway that watches nothing yet. */
  async function join(by = url) {
    const onError = () => {};
    const { db, close } = await openPostgres(by, { onError });
    const replicas = new PostgresReplicas({ url, db, clock: systemClock, onError });
    let left: Promise<void> | undefined;
    const leave = () => {
      left ??= replicas.leave().then(close);
      return left;
    };
    cleanup.defer(leave);
    await replicas.start();
    const polling = replicas.polling('pumps');
    return {
      leave,
      watch(deviceId: string) {
        const heard: ReadOutcome[] = [];
        const seat: PollingSeat = polling.join(deviceId, wish, {
          onTurn: () => {},
          onOutcome: (outcome) => heard.push(outcome),
        });
        return { seat, heard };
      },
    };
  }

  async function count(table: 'replicas' | 'watches' | 'twin_readings'): Promise<number> {
    const { rows } = await client.query(`SELECT count(*)::int AS count FROM ${table}`);
    return (rows as { count: number }[])[0]?.count ?? -1;
  }

  it('is known in the end, although who watches it could not be seen at first', async () => {
    await using line = await createLine(url);
    const gateway = await join(line.url);
    let failures = 0;
    line.onStatement((text, connection) => {
      if (failures > 0 || !/select "device_id", "replica"/.test(text)) return;
      failures += 1;
      connection.loseAnswer();
    });

    const { seat } = gateway.watch('d1');

    await vi.waitFor(() => expect(seat.reads).toBe(true), patience);
    expect(failures).toBe(1);
  });

  it('tells a newcomer what was read, although the server lost it', async () => {
    const [reader, newcomer] = [await join(), await join()];
    const { seat } = reader.watch('d1');
    await vi.waitFor(() => expect(seat.reads).toBe(true), patience);
    const first = newcomer.watch('d1');
    await vi.waitFor(() => expect(seat.others).toEqual(wish), patience);
    seat.publish(makeReading(1_000));
    await vi.waitFor(() => expect(first.heard).toHaveLength(1), patience);
    first.seat.leave();
    await vi.waitFor(() => expect(seat.others).toBeUndefined(), patience);
    await client.query('DELETE FROM twin_readings');

    const second = newcomer.watch('d1');
    await vi.waitFor(() => expect(seat.others).toEqual(wish), patience);
    seat.publish(makeReading(2_000));

    await vi.waitFor(() => expect(second.heard).toHaveLength(1), patience);
  });

  it('has it stored again when somebody misses it', async () => {
    const [reader, other] = [await join(), await join()];
    const { seat } = reader.watch('d1');
    const { seat: later } = reader.watch('d2');
    await vi.waitFor(() => expect([seat.reads, later.reads]).toEqual([true, true]), patience);
    const { heard } = other.watch('d1');
    const { heard: heardLater } = other.watch('d2');
    await vi.waitFor(() => expect([seat.others, later.others]).toEqual([wish, wish]), patience);
    const unreadable = new HubError('UNAVAILABLE', 'IoT Hub answered 503');
    await client.query(
      `CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
       CREATE TRIGGER lose BEFORE INSERT ON twin_readings FOR EACH ROW EXECUTE FUNCTION lose()`,
    );
    seat.publish(makeReading(1_000));
    await vi.waitFor(() => {
      later.publish(unreadable);
      expect(heardLater).toContainEqual(unreadable);
    }, patience);
    await client.query('DROP TRIGGER lose ON twin_readings');

    await vi.waitFor(() => {
      seat.publish(makeReading(2_000));
      expect(heard.length).toBeGreaterThan(0);
    }, patience);
  });

  it('leaves nothing behind, however the last ones leave', async () => {
    const [one, two] = [await join(), await join()];
    const first = one.watch('d1').seat;
    await vi.waitFor(() => expect(first.reads).toBe(true), patience);
    two.watch('d1');
    await vi.waitFor(() => expect(first.others).toEqual(wish), patience);
    first.publish(makeReading(1_000));
    await vi.waitFor(async () => expect(await count('twin_readings')).toBe(1), patience);

    await Promise.all([one.leave(), two.leave()]);

    for (const table of ['replicas', 'watches', 'twin_readings'] as const) {
      expect(await count(table)).toBe(0);
    }
  });
});
