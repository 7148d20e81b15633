// More operations than can be answered: those that are taken in, beside those of a gateway that has nothing else to do.
import { nameDevice } from '../harness/fleet.mjs';
import { startGateway } from '../harness/gateway.mjs';
import { percentile } from '../harness/statistics.mjs';

/** Those who ask for the same device at once share a read; these are enough that nobody does. */
const devices = 2_000;
/** What a hub in the same region takes for a read (ms). */
const hubDelay = 30;
/** Clients that ask without end, each as soon as it was answered: far more than can be. */
const rows = 400;

export async function run({ quick, ...tools }) {
  const samples = [];
  for (let round = 0; round < (quick ? 1 : 5); round++)
    samples.push(await measure(quick ? 5 : 10, tools));
  const rowOf = (name, unit, goal, value, counted = false) => ({
    name,
    unit,
    figure: 'alone',
    goal,
    counted,
    pairs: samples.map((sample) => ({ ours: { value: value(sample) } })),
  });
  return [
    {
      name: `p95 of the answered, ${rows} clients that ask without end`,
      rival: 'alone',
      unit: 'ms',
      figure: 'ratio',
      goal: { atMost: 3 },
      pairs: samples.map(({ alone, over }) => ({
        ours: { value: percentile(over.answered, 95) },
        rival: { value: percentile(alone.answered, 95) },
      })),
    },
    rowOf(
      'neither answered nor refused at once',
      'operations',
      { atMost: 0 },
      ({ over }) => over.failed,
      true,
    ),
    rowOf('refused', '%', {}, ({ over }) => (over.refused.length / total(over)) * 100),
    rowOf(
      'answered, beside what 16 clients are',
      '%',
      { atLeast: 50 },
      ({ well, over }) => (over.perSecond / well.perSecond) * 100,
    ),
  ];
}

async function measure(seconds, tools) {
  const { emulator, url } = await startGateway({ ...tools, devices, units: 200 });
  await emulator.call('delayReads', hubDelay);
  const load = await tools.start('load/operations.mjs');
  const bodies = Array.from({ length: devices }, (_, index) =>
    JSON.stringify({
      query: 'query ($id: ID!) { device(id: $id) { deviceId reported connectivity { verdict } } }',
      variables: { id: nameDevice(index) },
    }),
  );
  const asked = { url: url.replace('ws', 'http'), bodies };
  await load.call('inRows', { ...asked, rows: 32, count: 50 });
  const alone = await load.call('inRows', { ...asked, rows: 1, count: 100 });
  const well = await load.call('forSeconds', { ...asked, rows: 16, seconds });
  await load.call('connect', { url: asked.url, rows });
  const over = await load.call('forSeconds', { ...asked, rows, seconds });
  return { alone, well, over };
}

function total({ answered, refused, failed }) {
  return answered.length + refused.length + failed;
}
