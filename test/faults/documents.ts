import { clockJumps } from './clock-jumps.js';
import { type DatabaseFault, databaseFaults } from './database-faults.js';
import { type CallFault, callFaults, type ReadFault, readFaults } from './hub-faults.js';
import { type KillPoint, killPoints, outcomes } from './kill-points.js';
import { restarts, type VictimFault, victims } from './replica-faults.js';

/** docs/faults.md: every fault that is tried, and what must hold. */
export function formatFaults(): string {
  return `# Faults

What is done to a gateway and to its hub, and what must hold afterwards. This page is generated from the cases in
test/faults, which \`npm run faults\` runs, apart from the other tests, since it takes minutes.

## Killed at a seam

The gateway is killed (SIGKILL) at every seam of an operation and started again on what it left. The seams are those of
the diagnostics channel \`twinql:operation\` (src/services/actions/seams.ts). \`BEFORE_COMMIT\` is passed once for each
move that is recorded.

${table(['seam', 'passing', 'the gateway dies when', 'afterwards'], killPoints.map(killPointRow))}

## Killed at random

Operations are asked for, on devices of every conduct (answers then reports, reports then answers, reports only,
answers only, refuses), while the gateway is killed: at a random passing of any seam, recovery included, or from outside
at a random call. Callers whose answer was cut off ask again with the same idempotency key. Held against what the devices
know:

- every operation that was asked for is there, once, under the id that its caller was given;
- no device was called twice for one operation;
- \`SUCCEEDED\` only where the device reported because of that very call, \`NOT_SENT\` only where it was not called;
- every operation has ended.

200 operations and 20 kills; \`STORM_OPERATIONS\`, \`STORM_KILLS\` and
\`STORM_SEED\` change that; the seed and the counts are printed.

## A hub that goes wrong when it is called

${table(['the hub', 'device called', 'the operation ends'], callFaults.map(callFaultRow))}

## A hub that goes wrong for a minute when it is read

With an operation under way and a subscriber that watches the device. Afterwards the operation is \`SUCCEEDED\`, the
subscriber has the new state, and reading is back at its pace.

${table(['the hub', 'reads in that minute'], readFaults.map(readFaultRow))}

## A database that fails

One operation has been sent when it begins; the device answers and reports meanwhile. Another one that is asked for is refused with
\`DATABASE_UNAVAILABLE\`, its device is not called, and twins are read as ever, where \`Device.operation\` is not asked for. Afterwards, without a restart, the first operation is
\`SUCCEEDED\`, nothing of it is lost, and operations are begun again.

${table(['the database', 'tried with', '/readyz meanwhile'], databaseFaults.map(databaseFaultRow))}

A full disk of PostgreSQL is not tried: it refuses as a read-only one does, by a code of its own (53100).

## A clock that is set

The gateway goes by its machine's clock, or by that of PostgreSQL. Whatever happens to it, nothing is sent a second time.

${table(
  ['the clock', 'an operation that was sent before'],
  clockJumps.map(({ what, means }) => [what, means]),
)}

## Told to stop

| when | must hold |
|---|---|
| a call is under way at SIGTERM | it may end; its answer is recorded, and the next gateway goes on from it |
| a call does not end within 8 s | the gateway stops; the next one watches on until evidence or deadline |
| an operation is not sent yet | \`FAILED\`, \`NOT_SENT\`, retryable |
| an operation is asked for | refused with \`SHUTTING_DOWN\`; the hub is not asked |
| a stream is open | it ends with \`SHUTTING_DOWN\` |
| a second signal comes | the gateway ends at once |

## Several gateways on one PostgreSQL

Processes of their own, over real lines; reads and calls are counted by the hub. Each victim reads a watched device for
all and drives an operation whose call is under way, while subscribers of two survivors follow both.

${table(['one of them', 'must hold'], victims.map(victimRow))}

PostgreSQL is restarted with 50 operations under way, half of them answered while it is away:

${table(['PostgreSQL is restarted', 'must hold'], restarts.map(restartRow))}

| what happens | must hold |
|---|---|
| a gateway is frozen as it claims, and goes on 5.5 s after the claim | nothing is sent; \`FAILED\`, \`NOT_SENT\` |
| all gateways are stopped (SIGTERM) and replaced in turn | who follows events with \`after\` has each once, none is lost |
| one hub of tier S1 enforces its throttles | no 429 by polling; a gateway with all the watchers has more than an equal part |
| the answer to the COMMIT of a new operation is lost | the caller is told \`DATABASE_UNAVAILABLE\`; \`FAILED\`, \`NOT_SENT\` |
| the answer to an adoption is lost | the operation is gone on with |
| an operation that moved elsewhere cannot be read | it is read again: its subscribers see the end |
| a machine's clock is an hour behind | the newest operation is the one that came last |
| all have left | no row of theirs is in the database |

The takeover times are printed. \`npm run faults\` has 20 rounds; \`REPLICA_ROUNDS\` and \`REPLICA_OPERATIONS\` change the size.

## Leaks

When every subscriber has left and every operation has ended, a gateway holds no timer, listener of an abort signal,
stream or socket more than before, and reads no twin until the next subscriber comes.
`;
}

function killPointRow({ seam, passing, moment, outcome }: KillPoint): readonly string[] {
  return [`\`${seam}\``, String(passing), moment, outcomes[outcome]];
}

function callFaultRow({ what, calls, ends }: CallFault): readonly string[] {
  const { status, code } = ends;
  return [
    what,
    calls === 1 ? 'once' : 'no',
    [status, ...(code ? [code] : [])].map(quoted).join(', '),
  ];
}

function databaseFaultRow({ what, by, readiness }: DatabaseFault): readonly string[] {
  return [what, by, String(readiness)];
}

function readFaultRow({ what, mostReads }: ReadFault): readonly string[] {
  return [what, mostReads === undefined ? 'as ever' : `at most ${mostReads}, of 1,200`];
}

function victimRow({ what }: VictimFault): readonly string[] {
  return [
    what,
    'survivors show every change, the operation is called once and `SUCCEEDED`, the one that returns shows the state, one reads again',
  ];
}

function restartRow({ what }: (typeof restarts)[number]): readonly string[] {
  return [what, 'all `SUCCEEDED`, called once, each event once; open streams go on to the end'];
}

function quoted(text: string): string {
  return `\`${text}\``;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)].join('\n');
}
