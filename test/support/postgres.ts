/** A PostgreSQL server of the tests' own, from the binaries of the machine. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { createCleanup } from './cleanup.js';
import { createTemporaryFolder } from './temporary-folder.js';

/** Started with `await using`, a server goes with its tests, and its databases with it. */
export interface Postgres extends AsyncDisposable {
  /** The URL of a database that nothing is kept in, for a role that may do everything. */
  readonly url: string;
  /** The URL of a new, empty database. */
  newDatabase(): Promise<string>;
  /** Runs statements, in `database` or in the one of `url`. */
  execute(statements: string, database?: string): Promise<void>;
}

export interface PostgresServer extends Postgres {
  /** FAST: ends its connections and stops in order. IMMEDIATE: as if it had crashed. */
  stop(mode: 'FAST' | 'IMMEDIATE'): Promise<void>;
  /** Listens where it did before. */
  start(): Promise<void>;
  /** Stops and starts. */
  restart(mode?: 'FAST' | 'IMMEDIATE'): Promise<void>;
}

const run = promisify(execFile);

/** Where the server's programs are; undefined where they are not installed. */
export const postgresBinaries = findBinaries();

/** Why suites that need PostgreSQL cannot run here, and what to install; undefined where they can. */
export const postgresMissing =
  postgresBinaries || process.env['TEST_DATABASE_URL']
    ? undefined
    : 'PostgreSQL is not here: apt-get install postgresql, or set TEST_DATABASE_URL';

/** The server that `TEST_DATABASE_URL` names, else one of our own. */
export async function startPostgres(): Promise<Postgres> {
  const url = process.env['TEST_DATABASE_URL'];
  return url ? useServer(url) : startPostgresServer();
}

/** A server of our own, which may be stopped. Only its durability over power failures is missing. */
export async function startPostgresServer(): Promise<PostgresServer> {
  if (!postgresBinaries) throw new Error(postgresMissing ?? 'there is no server to start');
  const cleanup = createCleanup();
  const folder = cleanup.use(await createTemporaryFolder()).path;
  const owner = await serverUser();
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  const password = randomBytes(12).toString('hex');
  await writeFile(passwordFile, password);
  if (owner) {
    for (const path of [folder, passwordFile]) await chown(path, owner.uid, owner.gid);
  }
  const as = (program: string, args: readonly string[]) => asUser(owner, program, args);
  const [initdb, initArgs] = as('initdb', [
    ...['--pgdata', data, '--username', 'twinql', '--pwfile', passwordFile],
    ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'],
  ]);
  await run(initdb, initArgs, { cwd: folder });
  let port = await freePort();
  let server: ChildProcess | undefined;

  const start = async () => {
    const settings = {
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
      max_connections: '200',
      lc_messages: 'C',
      logging_collector: 'off',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const [program, args] = as('postgres', ['-D', data, ...options]);
    server = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    running.add(server);
    await ready(server);
  };
  const stop = async (mode: 'FAST' | 'IMMEDIATE') => {
    const stopping = server;
    server = undefined;
    if (!stopping || stopping.exitCode !== null || stopping.signalCode !== null) return;
    const ended = once(stopping, 'exit');
    stopping.kill(mode === 'FAST' ? 'SIGINT' : 'SIGQUIT');
    await ended;
    running.delete(stopping);
  };

  for (let attempt = 1; ; attempt += 1) {
    try {
      await start();
      break;
    } catch (error) {
      // Somebody else may have taken the port since it was found.
      const retry = attempt < 5 && /Address already in use/.test(String(error));
      if (!retry) {
        await cleanup[Symbol.asyncDispose]();
        throw error;
      }
      port = await freePort();
    }
  }
  cleanup.defer(() => stop('IMMEDIATE'));
  return {
    ...useServer(`postgres://twinql:${password}@127.0.0.1:${port}/postgres`),
    start,
    stop,
    async restart(mode = 'FAST') {
      await stop(mode);
      await start();
    },
    [Symbol.asyncDispose]: () => cleanup[Symbol.asyncDispose](),
  };
}

/** Databases on a server that somebody runs; disposing of it drops them. */
function useServer(url: string): Postgres {
  const databases: string[] = [];
  const execute = async (statements: string, database = url) => {
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    try {
      await client.query(statements);
    } finally {
      await client.end();
    }
  };
  return {
    url,
    execute,
    async newDatabase() {
      const name = `twinql_test_${randomBytes(6).toString('hex')}`;
      await execute(`create database ${name} template template0`);
      databases.push(name);
      const database = new URL(url);
      database.pathname = `/${name}`;
      return database.href;
    },
    async [Symbol.asyncDispose]() {
      for (const name of databases) await execute(`drop database if exists ${name} with (force)`);
    },
  };
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const server of running) server.kill('SIGQUIT');
});

/** Resolves when a server takes connections; rejects with what it said when it ends instead. */
function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000);
      if (said.includes('database system is ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`postgres ended before it was ready:\n${said}`)));
  });
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The server refuses to run as root: then as the user that its package made. */
async function serverUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (option) => Number((await run('id', [option, 'postgres'])).stdout)),
  );
  if (uid === undefined || gid === undefined) throw new TypeError('id prints a number');
  return { uid, gid };
}

/** setpriv becomes the program, so that a signal to it is one to the server. */
function asUser(
  user: User | undefined,
  name: string,
  args: readonly string[],
): [program: string, args: string[]] {
  const program = join(postgresBinaries ?? '', name);
  if (!user) return [program, [...args]];
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  return ['setpriv', [...identity, '--', program, ...args]];
}

/** The newest of Debian's, else what `pg_config` tells. */
function findBinaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  const candidates = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin'));
  try {
    candidates.push(
      execFileSync('pg_config', ['--bindir'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim(),
    );
  } catch {
    // Not installed.
  }
  return candidates.find((path) =>
    ['initdb', 'postgres'].every((it) => existsSync(join(path, it))),
  );
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('it listens on a port');
  return address.port;
}
