import { expect, test } from 'vitest';
import { startTestEmulator } from '../emulator/support/emulator.js';
import { createTemporaryFolder } from '../support/temporary-folder.js';
import { type Outcome, runStorm, type Storm } from './support/storm.js';

/** A size that fits among the other tests; `npm run faults` has 200 operations and 20 kills. */
const size = {
  operations: Number(process.env['STORM_OPERATIONS'] ?? 60),
  kills: Number(process.env['STORM_KILLS'] ?? 6),
  seed: Number(process.env['STORM_SEED'] ?? Date.now() % 1_000_000),
};

test('operations survive a gateway that is killed at random: none lost, sent twice, falsely successful or stuck', async () => {
  process.stdout.write(`storm ${JSON.stringify(size)}\n`);
  await using emulator = await startTestEmulator();
  await using folder = await createTemporaryFolder();
  const storm = await runStorm({
    emulator,
    gateways: 1,
    environment: {
      IOTHUB_CONNECTION_STRING: emulator.connectionString,
      IOTHUB_CA_FILE: emulator.caFile,
      DATA_DIR: folder.path,
      // More is asked of the hub in a minute than S1 permits.
      HUB_TIER: 'S3',
    },
    ...size,
  });
  process.stdout.write(`storm ${JSON.stringify(summary(storm))}\n`);
  const { outcomes, recorded, deaths, fleet } = storm;

  expect(deaths).toHaveLength(size.kills);
  expect(outcomes).toHaveLength(size.operations);
  expect(outcomes.filter(({ lost }) => lost)).toEqual([]);
  // One operation for each wish, and the same whenever it was asked for.
  expect(recorded).toBe(size.operations);
  expect(outcomes.filter(({ ids, operation }) => !isOnly(ids, operation.id))).toEqual([]);
  expect(new Set(outcomes.map(({ operation }) => operation.id)).size).toBe(size.operations);
  expect([...fleet.calls].filter(([, { called }]) => called > 1)).toEqual([]);
  expect(emulator.calls.count({ operation: 'method.invoke' })).toBe(fleet.calls.size);
  expect(outcomes.filter((outcome) => !isTrue(outcome, storm))).toEqual([]);
}, 600_000);

function isOnly(ids: ReadonlySet<string>, id: string): boolean {
  return ids.size === 1 && ids.has(id);
}

/** Whether an operation says what its device knows. */
function isTrue({ key, operation }: Outcome, { fleet }: Storm): boolean {
  const truth = fleet.calls.get(key);
  const { status, failure, history } = operation;
  const reports = history.filter(({ type }) => type === 'REPORTED').map(({ data }) => data);
  switch (failure?.code ?? status) {
    case 'SUCCEEDED':
      return truth?.reported === true && reports.length === 1 && reports[0] === key;
    case 'NOT_SENT':
      return status === 'FAILED' && truth === undefined;
    case 'METHOD_REJECTED':
      return status === 'FAILED' && truth?.conduct === 'REFUSES';
    case 'NO_ANSWER':
      return status === 'TIMED_OUT' && truth?.reported !== true;
    case 'NO_EVIDENCE':
      return status === 'TIMED_OUT' && truth?.conduct === 'ANSWERS_ONLY';
    default:
      return false;
  }
}

function summary({ outcomes, deaths }: Storm): object {
  return {
    outcomes: tally(outcomes.map(({ operation: { status, failure } }) => failure?.code ?? status)),
    deaths: tally(deaths),
  };
}

function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
