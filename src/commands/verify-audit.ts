import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config.js';
import { parseAnchors } from '../services/audit/anchors.js';
import type { AuditHead } from '../services/audit/entry.js';
import { type Verdict, verifyChain } from '../services/audit/verify.js';
import { openPostgres } from '../services/store/postgres.js';
import { SqlAuditStore } from '../services/store/sql-audit-store.js';
import { type OpenAudit, openSqliteAudit } from '../services/store/sqlite-journal.js';

const usage = `twinql verify-audit [options]: check that the audit is complete and unchanged.

The database is the one of the gateway (DATABASE_URL or DATA_DIR); it is only read, and the gateway may run meanwhile.

  --anchors FILE    a file of anchors, or a log of a gateway as JSON lines; may be given several times.
                    Left out: the file that the gateway itself writes
  --from SEQUENCE   where the audit begins, once older entries were removed; the entry before must be anchored

Exit code 0: it is intact; 1: it is not, and the first entry that does not fit is named; 2: it could not be checked.
`;

const options = {
  anchors: { type: 'string', multiple: true },
  from: { type: 'string', default: '1' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** What `twinql verify-audit` does; the exit code tells how it ended. */
export async function runVerification(
  args: readonly string[],
  environment: Environment,
): Promise<void> {
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) return void process.stdout.write(usage);
    const { anchors, verdict } = await verify(values.anchors, readFrom(values.from), environment);
    const intact = verdict.kind === 'INTACT';
    (intact ? process.stdout : process.stderr).write(`${describe(verdict, anchors.length)}\n`);
    process.exitCode = intact ? 0 : 1;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${reason}\n\n${usage}`);
    process.exitCode = 2;
  }
}

async function verify(
  files: readonly string[] | undefined,
  from: number,
  environment: Environment,
): Promise<{ anchors: readonly AuditHead[]; verdict: Verdict }> {
  const { database, audit: config } = loadConfig(environment);
  const own = config.anchorFile === undefined ? [] : [config.anchorFile];
  const anchors = (files ?? own).flatMap(readAnchors);
  const opened: OpenAudit =
    database.kind === 'SQLITE' ? openSqliteAudit(database.dataDir) : await openThere(database.url);
  try {
    return { anchors, verdict: await verifyChain(opened.audit, { anchors, from }) };
  } finally {
    await opened.close();
  }
}

async function openThere(url: string): Promise<OpenAudit> {
  const { db, close } = await openPostgres(url, { connections: 1, migrates: false });
  return { audit: new SqlAuditStore(db), close };
}

/** A file that tells of no head is none of anchors: to pass over it would say more than was checked. */
function readAnchors(file: string): readonly AuditHead[] {
  const anchors = parseAnchors(readFileSync(file, 'utf8'));
  if (anchors.length > 0) return anchors;
  throw new Error(`${file}: there is no head of an audit in it`);
}

function readFrom(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Error('--from: expected a sequence number, 1 or more');
}

function describe(verdict: Verdict, anchors: number): string {
  if (verdict.kind === 'BROKEN') return `entry ${verdict.sequence}: ${verdict.problem}`;
  const { first, last } = verdict;
  const against =
    anchors === 0
      ? 'there were no anchors, so that nothing shows whether its end was cut off'
      : `as ${anchors} ${anchors === 1 ? 'anchor says' : 'anchors say'}`;
  return `intact: entries ${first} to ${last.sequence}, ${against}\nhead ${last.hash}`;
}
