import { join } from 'node:path';
import Database from 'libsql';
import { type Postgres, postgresMissing, startPostgres } from './postgres.js';
import { createTemporaryFolder } from './temporary-folder.js';

/** A new database, as a gateway is told of it, and as somebody sees it who has got hold of it. */
export interface TestDatabase extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
  /** Runs one statement. */
  execute(statement: string): Promise<void>;
}

export interface DatabaseKind {
  readonly name: string;
  /** Why it is not here, and what to install. */
  readonly missing: string | undefined;
  create(): Promise<TestDatabase>;
  /** Lets go of the server. */
  stop(): Promise<void>;
}

/** What a suite runs on that must hold in both. */
export function databaseKinds(): readonly DatabaseKind[] {
  let server: Promise<Postgres> | undefined;
  return [
    { name: 'SQLite', missing: undefined, create: createSqlite, stop: async () => {} },
    {
      name: 'PostgreSQL',
      missing: postgresMissing,
      async create() {
        server ??= startPostgres();
        return createPostgres(await server);
      },
      stop: async () => (await server)?.[Symbol.asyncDispose](),
    },
  ];
}

async function createSqlite(): Promise<TestDatabase> {
  const folder = await createTemporaryFolder();
  return {
    environment: { DATA_DIR: folder.path },
    async execute(statement) {
      const database = new Database(join(folder.path, 'twinql.db'));
      try {
        database.exec(statement);
      } finally {
        database.close();
      }
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

async function createPostgres(server: Postgres): Promise<TestDatabase> {
  const folder = await createTemporaryFolder();
  const url = await server.newDatabase();
  const AUDIT_ANCHOR_FILE = join(folder.path, 'audit-anchors.jsonl');
  return {
    environment: { DATABASE_URL: url, AUDIT_ANCHOR_FILE },
    execute: (statement) => server.execute(statement, url),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
