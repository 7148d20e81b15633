import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Session } from '../../../src/services/replicas/session.js';
import { openPostgres } from '../../../src/services/store/postgres.js';
import { type Cleanup, createCleanup } from '../../support/cleanup.js';
import { createLine } from '../../support/line.js';
import { type Postgres, postgresMissing, startPostgres } from '../../support/postgres.js';

describe.skipIf(postgresMissing)("a gateway's place among others", () => {
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
    await (await openPostgres(url)).close();
    client = await connect();
  });
  afterEach(() => cleanup[Symbol.asyncDispose]());

  async function connect(): Promise<pg.Client> {
    const connection = new pg.Client({ connectionString: url });
    await connection.connect();
    cleanup.defer(() => connection.end());
    return connection;
  }

  /** A session, and how often each thing happened to it. */
  async function join({ by = url, elapsed = () => performance.now() } = {}) {
    const errors: string[] = [];
    const session = new Session({
      url: by,
      elapsed,
      demand: () => null,
      onError: ({ message }) => errors.push(message),
    });
    const told = { joined: 0, lost: 0, renewed: 0, departed: 0, members: 0, broken: 0 };
    for (const name of ['joined', 'lost', 'renewed', 'departed', 'members'] as const) {
      session[name].on(() => {
        told[name] += 1;
      });
    }
    session.connected.on((connected) => {
      if (!connected) told.broken += 1;
    });
    await session.start();
    cleanup.defer(() => session.leave());
    return { session, told, errors };
  }

  async function ids(): Promise<readonly string[]> {
    const { rows } = await client.query('SELECT id FROM replicas ORDER BY id');
    return (rows as { id: string }[]).map(({ id }) => id);
  }

  const addDead = (id: string) =>
    client.query("INSERT INTO replicas VALUES ($1, now() - interval '1 day', 'null')", [id]);

  const patience = { timeout: 15_000 };

  it('is taken again, under another name, when the others took it for dead', async () => {
    const { session, told } = await join();
    const before = session.id;

    await client.query('DELETE FROM replicas');

    await vi.waitFor(() => expect(told).toMatchObject({ lost: 1, joined: 2 }), patience);
    expect(session.id).not.toBe(before);
    expect(await ids()).toEqual([session.id]);
  });

  it('is known to be taken although the answer that said so was lost', async () => {
    await using line = await createLine(url);
    const { session, told } = await join({ by: line.url });
    let lost = false;
    line.onStatement((text, connection) => {
      if (lost || !text.includes('INSERT INTO replicas')) return;
      lost = true;
      connection.loseAnswer();
    });

    await client.query('DELETE FROM replicas');

    await vi.waitFor(() => expect(told).toMatchObject({ lost: 1, joined: 2, broken: 1 }), patience);
    expect(await ids()).toEqual([session.id]);
  });

  it('lets it judge others, also after it was taken for dead while its lease held', async () => {
    const { told } = await join();
    await client.query('DELETE FROM replicas');
    await vi.waitFor(() => expect(told.joined).toBe(2), patience);

    await addDead('dead');

    await vi.waitFor(async () => expect(await ids()).not.toContain('dead'), patience);
  });

  it('is not endangered by a dead one that holds on to its own', async () => {
    await addDead('held');
    await client.query('BEGIN');
    // As one that stopped while it was writing down what it watches.
    await client.query("SELECT FROM replicas WHERE id = 'held' FOR KEY SHARE");
    client = await connect();
    const { told } = await join();

    await addDead('free');

    await vi.waitFor(async () => expect(await ids()).not.toContain('free'), patience);
    expect(await ids()).toContain('held');
    expect(told.broken).toBe(0);
  });

  it('shows who departed, with or without a notice', async () => {
    const { told } = await join();
    const { session: other } = await join();
    await vi.waitFor(() => expect(told.members).toBeGreaterThan(2), patience);

    await client.query('DELETE FROM replicas WHERE id = $1', [other.id]);

    await vi.waitFor(() => expect(told.departed).toBeGreaterThan(0), patience);
  });

  it('outlives notices that make no sense', async () => {
    const { session, errors } = await join();
    const notices: unknown[] = [];
    session.notices.on((notice) => notices.push(notice));

    await client.query('SELECT pg_notify($1, $2)', [session.channel, 'hello?']);
    await client.query('SELECT pg_notify($1, $2)', [session.channel, '["you","greets",1]']);

    await vi.waitFor(() => expect(notices).toEqual([{ kind: 'greets', body: 1 }]), patience);
    expect(errors).toEqual([expect.stringMatching(/a notice was not understood/)]);
  });

  it('is told to be sure again after a stop that nobody noticed', async () => {
    let stopped = 0;
    const { session, told } = await join({ elapsed: () => performance.now() + stopped });
    expect([session.held, told.renewed]).toEqual([true, 1]);

    stopped = 10_000;
    expect(session.held).toBe(false);

    await vi.waitFor(() => expect(told.renewed).toBe(2), patience);
    expect(session.held).toBe(true);
    expect(told).toMatchObject({ joined: 1, lost: 0 });
  });

  it('is given up with its connection, even in the middle of getting a new one', async () => {
    await using line = await createLine(url);
    const { session } = await join({ by: line.url });
    let leaving: Promise<void> | undefined;
    line.onStatement((text) => {
      if (text.includes('LISTEN')) leaving ??= session.leave();
    });

    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'twinql session'`,
    );
    await vi.waitFor(() => expect(leaving).toBeDefined(), patience);
    await leaving;

    expect(await ids()).toEqual([]);
    await vi.waitFor(async () => {
      const { rows } = await client.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'twinql session'`,
      );
      expect(rows).toEqual([]);
    }, patience);
  });
});
