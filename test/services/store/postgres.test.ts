import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  openPostgres,
  type Postgres,
  PostgresError,
} from '../../../src/services/store/postgres.js';
import { createPostgresJournal } from '../../../src/services/store/postgres-journal.js';
import { rejectionOf } from '../../emulator/support/rejection.js';
import { type Cleanup, createCleanup } from '../../support/cleanup.js';
import { createLine } from '../../support/line.js';
import {
  type PostgresServer,
  postgresBinaries,
  startPostgresServer,
} from '../../support/postgres.js';
import { claimed, gone, idsOf, operationOf } from '../support/operations.js';

const [first = '', second = ''] = idsOf(2);

describe.skipIf(postgresBinaries === undefined)('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgresServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  let url: string;
  let cleanup: Cleanup;
  beforeEach(async () => {
    cleanup = createCleanup();
    url = await server.newDatabase();
  });
  afterEach(() => cleanup[Symbol.asyncDispose]());

  async function open(...[where = url, options]: Partial<Parameters<typeof openPostgres>>) {
    const postgres = await openPostgres(where, options);
    cleanup.defer(() => postgres.close());
    return { ...postgres, journal: createPostgresJournal(postgres) };
  }

  /** What one value is on the connections of a pool. */
  async function valueIn({ pool }: Pick<Postgres, 'pool'>, expression: string): Promise<unknown> {
    const { rows } = await pool.query<{ value: unknown }>(`select ${expression} as value`);
    return rows[0]?.value;
  }

  /** Ends every other connection to the database, whatever it is doing. */
  function endConnections(): Promise<void> {
    return server.execute(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
      url,
    );
  }

  describe('opening', () => {
    it('makes the tables once when many do so at once', async () => {
      const all = await Promise.all(Array.from({ length: 8 }, () => open()));

      const operations = idsOf(all.length).map((id) => operationOf(id));
      const creations = await Promise.all(
        all.map(({ journal }, index) => journal.create(operations[index] ?? operationOf('none'))),
      );
      expect(creations).toEqual(all.map(() => ({ kind: 'CREATED' })));
      for (const { journal } of all) {
        expect(await journal.adopt('pumps')).toEqual(operations);
      }
    });

    it('leaves the tables of others who opened before as they are', async () => {
      const { journal } = await open();
      await journal.create(operationOf(first));

      const later = await open();

      expect(await later.journal.find(first)).toEqual(operationOf(first));
    });

    it('keeps two installations in one database apart by their search_path', async () => {
      await server.execute('create schema one; create schema two', url);
      const inSchema = (schema: string) => open(`${url}?options=-c%20search_path%3D${schema}`);
      const one = await inSchema('one');
      await one.journal.create(operationOf(first));

      const two = await inSchema('two');

      expect(await two.journal.find(first)).toBeUndefined();
      expect((await (await inSchema('one')).journal.find(first))?.id).toBe(first);
      const schemas =
        "(select string_agg(schemaname, ' ' order by schemaname) from pg_tables where tablename = 'operations')";
      expect(await valueIn(one, schemas)).toBe('one two');
    });

    it('waits for one who migrates, however short the statements of the database may be', async () => {
      const name = new URL(url).pathname.slice(1);
      await server.execute(`alter database ${name} set statement_timeout = '200ms'`);
      const lock = new pg.Client({ connectionString: url });
      await lock.connect();
      // What Kysely's migrator takes.
      await lock.query('select pg_advisory_lock(3853314791062309107)');

      const opening = open();
      await lock.query('set statement_timeout = 0');
      await lock.query(`do $$ begin
        while not exists (select from pg_locks where locktype = 'advisory' and not granted
            and database = (select oid from pg_database where datname = current_database())
            and (select clock_timestamp() - query_start > '400ms' from pg_stat_activity a where a.pid = pg_locks.pid))
        loop perform pg_stat_clear_snapshot(); end loop; end $$`);
      await lock.end();

      expect(await valueIn(await opening, '(select count(*)::int from operations)')).toBe(0);
    });
  });

  describe('a connection', () => {
    it('is ours by name, breaks off what hangs, and commits to the disk whatever the database says', async () => {
      const name = new URL(url).pathname.slice(1);
      await server.execute(
        `alter database ${name} set synchronous_commit = off;
         alter database ${name} set default_transaction_isolation = 'serializable'`,
      );
      const postgres = await open(url, { statementTimeout: 50 });

      expect(await valueIn(postgres, "current_setting('application_name')")).toBe('twinql');
      expect(await valueIn(postgres, "current_setting('synchronous_commit')")).toBe('on');
      expect(await valueIn(postgres, "current_setting('transaction_isolation')")).toBe(
        'read committed',
      );
      expect((await rejectionOf(postgres.pool.query('select pg_sleep(600)'))).message).toMatch(
        /statement timeout/,
      );
    });

    it('lets the standbys apply what it commits, where the database asks for that', async () => {
      const name = new URL(url).pathname.slice(1);
      await server.execute(`alter database ${name} set synchronous_commit = remote_apply`);

      expect(await valueIn(await open(), "current_setting('synchronous_commit')")).toBe(
        'remote_apply',
      );
    });

    it('gives 64 bits as a number, and leaves the connections of others as they are', async () => {
      expect(await valueIn(await open(), '1773039600000::bigint')).toBe(1_773_039_600_000);
      const other = new pg.Client({ connectionString: url });
      await other.connect();
      const { rows } = await other.query('select 1::bigint as value');
      await other.end();

      expect(rows).toEqual([{ value: '1' }]);
    });

    it('tells the server to end it when it stands idle in a transaction', async () => {
      const setting = "current_setting('idle_in_transaction_session_timeout')";

      expect(await valueIn(await open(), setting)).toBe('5s');
    });
  });

  describe('losing connections', () => {
    it('is told of, and what comes next has new ones', async () => {
      const lost: Error[] = [];
      let tell = () => {};
      const told = new Promise<void>((resolve) => {
        tell = resolve;
      });
      const { journal } = await open(url, {
        onError: (error) => {
          lost.push(error);
          tell();
        },
      });
      await journal.create(operationOf(first));

      await endConnections();
      await told;

      expect(await journal.find(first)).toEqual(operationOf(first));
      expect(await journal.save(claimed(operationOf(first)), 1)).toBe(true);
      expect(lost.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^a connection was lost: terminating connection/),
      ]);
      expect(Object.keys(lost[0] ?? {})).toEqual([]);
    });

    it('in a transaction that waits does not end the process, nor does the next one notice', async () => {
      const { db, journal } = await open(url, { connections: 1 });

      const broken = db.transaction().execute(async (transaction) => {
        await transaction.selectFrom('operations').selectAll().execute();
        await endConnections();
        await transaction.selectFrom('operations').selectAll().execute();
      });

      await rejectionOf(broken);
      expect(await journal.create(operationOf(first))).toEqual({ kind: 'CREATED' });
    });

    it('under load fails only what was under way, and none of it by half', async () => {
      const { journal } = await open();
      const operations = idsOf(200).map((id) => operationOf(id));
      let done = 0;

      const outcomes = await Promise.all(
        operations.map(async (operation) => {
          try {
            const creation = await journal.create(operation);
            done += 1;
            if (done === 50) await endConnections();
            return creation.kind;
          } catch {
            return 'FAILED';
          }
        }),
      );

      for (const [index, operation] of operations.entries()) {
        const found = await journal.find(operation.id);
        if (outcomes[index] === 'CREATED') expect(found).toEqual(operation);
        else expect([undefined, operation]).toContainEqual(found);
      }
      expect(outcomes).toContain('FAILED');
      expect(outcomes.filter((outcome) => outcome === 'CREATED').length).toBeGreaterThan(100);
    });

    it('because the server went down goes on when it is back, with all that was promised', async () => {
      const { journal } = await open();
      for (const mode of ['FAST', 'IMMEDIATE'] as const) {
        const operation = operationOf(mode === 'FAST' ? first : second);
        await journal.create(operation);
        await journal.save(claimed(operation), 1);

        await server.stop(mode);
        expect(await rejectionOf(journal.find(operation.id))).toMatchObject({
          code: 'DATABASE_UNAVAILABLE',
        });
        await server.start();

        expect(await journal.find(operation.id)).toEqual(claimed(operation));
      }
    });

    it('to a network that swallows everything breaks off, and the next one is a new one', async () => {
      await using line = await createLine(url);
      const { journal } = await open(line.url, { connections: 1, answerTimeout: 300 });
      await journal.create(operationOf(first));

      line.cut();
      const error = await rejectionOf(journal.save(claimed(operationOf(first)), 1));
      line.mend();

      expect(error.message).toMatch(/cannot be reached/);
      expect(await journal.find(first)).toEqual(operationOf(first));
      expect(line.connections).toBe(3);
    });
  });

  describe('two gateways', () => {
    const many = idsOf(50);

    it('share a device: one of all that want it at once has it', async () => {
      const gateways = await Promise.all([open(), open()]);
      const creations = await Promise.all(
        many.map((id, index) =>
          gateways[index % 2]?.journal.create(operationOf(id, { deviceId: 'd1' })),
        ),
      );

      const winner = await gateways[0].journal.findDisturbing('pumps', 'd1');
      expect(creations.filter((creation) => creation?.kind === 'CREATED')).toHaveLength(1);
      expect(
        creations.filter((it) => it?.kind === 'DEVICE_BUSY' && it.by.id === winner?.id),
      ).toHaveLength(49);
    });

    it('share a key: one of all that use it at once has it', async () => {
      const gateways = await Promise.all([open(), open()]);
      const creations = await Promise.all(
        many.map((id, index) =>
          gateways[index % 2]?.journal.create(operationOf(id, { idempotencyKey: 'once' })),
        ),
      );

      const used = await gateways[1].journal.findKey('somebody', 'once');
      expect(creations.filter((creation) => creation?.kind === 'CREATED')).toHaveLength(1);
      expect(
        creations.filter(
          (it) => it?.kind === 'KEY_USED' && it.by.operationId === used?.operationId,
        ),
      ).toHaveLength(49);
      expect(await gateways[0].journal.adopt('pumps')).toHaveLength(1);
    });

    it('share a step: one of all that save it at once does', async () => {
      const gateways = await Promise.all([open(), open()]);
      await gateways[0].journal.create(operationOf(first));

      const saved = await Promise.all(
        many.map((_, index) =>
          gateways[index % 2]?.journal.save(claimed(operationOf(first), index), 1),
        ),
      );

      expect(saved.filter((won) => won)).toHaveLength(1);
      const found = await gateways[1].journal.find(first);
      expect(found).toEqual(claimed(operationOf(first), saved.indexOf(true)));
    });

    it('take turns on a device without an error, however what is in the way ends', async () => {
      const gateways = await Promise.all([open(), open()]);
      const kinds = await Promise.all(
        idsOf(200).map(async (id, index) => {
          const journal = gateways[index % 2]?.journal ?? gateways[0].journal;
          const operation = operationOf(id, { deviceId: 'd1' });
          const { kind } = await journal.create(operation);
          if (kind === 'CREATED') await journal.save(gone(operation), 1);
          return kind;
        }),
      );

      expect(new Set(kinds)).toEqual(new Set(['CREATED', 'DEVICE_BUSY']));
    });

    it('read each other in the middle of their work, and see each state whole', async () => {
      const [writer, reader] = await Promise.all([open(), open()]);
      let operation = operationOf(first);
      await writer.journal.create(operation);
      let writing = true;
      const read = async () => {
        while (writing) {
          const found = await reader.journal.find(first);
          expect(found?.history).toHaveLength(found?.sequence ?? 0);
        }
      };
      const readers = Array.from({ length: 4 }, read);

      for (let sequence = 2; sequence <= 200; sequence += 1) {
        const [event] = operation.history;
        if (!event) throw new TypeError('an operation has a first event');
        const history = [...operation.history, { ...event, sequence }];
        operation = { ...operation, sequence, history };
        expect(await writer.journal.save(operation, sequence - 1)).toBe(true);
      }
      writing = false;
      await Promise.all(readers);
    });
  });

  describe('what cannot be opened', () => {
    const secret = 'never-to-be-seen';
    const changed = (changes: Partial<URL>) => {
      const other = new URL(url);
      other.password = secret;
      return Object.assign(other, changes).href;
    };

    it.each([
      ['a wrong password', () => changed({}), 'UNAUTHORIZED', /password authentication failed/],
      ['no password', () => changed({ password: '' }), 'UNAUTHORIZED', /password/],
      [
        'a database that is not there',
        () => Object.assign(new URL(url), { pathname: '/nowhere' }).href,
        'NO_DATABASE',
        /"nowhere" does not exist/,
      ],
      [
        'a port where nobody listens',
        () => changed({ hostname: 'localhost', port: '1' }),
        'UNREACHABLE',
        /ECONNREFUSED/,
      ],
      [
        'a host of no address',
        () => changed({ hostname: 'db.invalid' }),
        'UNREACHABLE',
        /db\.invalid/,
      ],
      [
        'a schema that is not there',
        () => `${url}?options=-c%20search_path%3Dnowhere`,
        'NO_SCHEMA',
        /search_path/,
      ],
    ])('tells of %s, and of no password', async (_what, where, code, message) => {
      const error = await rejectionOf(openPostgres(where()));

      expect(error).toBeInstanceOf(PostgresError);
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
      const told = `${error.message} ${error.stack} ${JSON.stringify(error)}`;
      expect(told).not.toContain(secret);
      expect(told).not.toContain(new URL(url).password);
    });

    it('tells of a user who may not make tables', async () => {
      await server.execute(`create role reader login password '${secret}'`, url);
      const { message, ...error } = await rejectionOf(
        openPostgres(changed({ username: 'reader' })),
      );

      expect(error).toMatchObject({ code: 'NO_SCHEMA' });
      expect(message).toMatch(/permission denied for schema public/);
    });

    it('tells of a server that never answers', async () => {
      await using line = await createLine(url);
      line.cut();

      const error = await rejectionOf(openPostgres(line.url, { connectTimeout: 200 }));

      expect(error).toMatchObject({ code: 'UNREACHABLE' });
      expect(error.message).toMatch(/timeout/);
    });

    it('leaves no connection behind', async () => {
      await server.execute('create table operations (id int)', url);

      const error = await rejectionOf(openPostgres(url));

      expect(error).toMatchObject({ code: 'UNUSABLE', message: expect.stringMatching(/exists/) });
      await server.execute(
        `do $$ begin
           while exists (select from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid())
           loop perform pg_stat_clear_snapshot(); end loop; end $$`,
        url,
      );
    });
  });
});
