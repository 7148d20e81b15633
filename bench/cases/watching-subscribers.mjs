// 1,000 subscribers of 100 devices, each device changing now and then: what that asks of the hub, and how soon a change
// is with them; beside the tutorials' clients, each of which polls for itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway } from '../harness/gateway.mjs';
import { measurePairs } from '../harness/pairs.mjs';
import { percentile } from '../harness/statistics.mjs';

const devices = 100;
const subscribers = 1000;
const intervalMs = 2000;
/** An S1 hub takes no more than 200 of them at this interval. */
const clients = 100;
const size = { tier: 'S1', units: 1 };
/** Twice as far apart as the polls, so that each change is seen. */
const everyMs = 5000;
/** Enough for the last change to be seen, at the end of the measured time. */
const lastMs = 4000;

export async function run({ quick, ...tools }) {
  const durationMs = quick ? 20_000 : 60_000;
  const pairs = await measurePairs(
    quick ? 1 : 3,
    () => measureGateway(durationMs, tools),
    () => measureTutorial(durationMs, tools),
  );
  const rowOf = (row, ours, rival) => ({
    rival: `${clients} clients of the tutorials`,
    ...row,
    pairs: pairs.map((pair) => ({
      ours: { ...pair.ours, value: ours(pair.ours) },
      rival: rival && { ...pair.rival, value: rival(pair.rival) },
    })),
  });
  const watched = `${subscribers} subscribers of ${devices} devices`;
  const alone = { rival: undefined, figure: 'alone' };
  return [
    rowOf(
      {
        name: `hub reads in ${durationMs / 1000} s, ${watched}`,
        rival: `one poll per subscriber (${clients} measured, times ${subscribers / clients})`,
        unit: 'reads',
        figure: 'ratio',
        goal: { atMost: 0.11 },
        counted: true,
      },
      ({ reads }) => reads,
      ({ reads }) => (reads * subscribers) / clients,
    ),
    rowOf(
      { ...alone, name: 'hub reads while they join', unit: 'reads' },
      ({ readsToJoin }) => readsToJoin,
    ),
    rowOf(
      {
        ...alone,
        name: 'hub reads in the interval after the last one left',
        unit: 'reads',
        goal: { atMost: 0 },
        counted: true,
      },
      ({ readsAfter }) => readsAfter,
    ),
    rowOf(
      {
        name: `change to message, p95, ${watched}`,
        rival: 'the interval',
        unit: 'ms',
        figure: 'difference',
        goal: { atMost: 250 },
      },
      ({ p95 }) => p95,
      () => intervalMs,
    ),
    ...['p50', 'p95'].map((rank) =>
      rowOf(
        {
          name: `change to message, ${rank}, ${watched}`,
          unit: 'ms',
          figure: 'ratio',
          goal: { atMost: 1.25 },
        },
        (sample) => sample[rank],
        (sample) => sample[rank],
      ),
    ),
  ];
}

async function measureGateway(durationMs, tools) {
  const { emulator, hub, gateway, url } = await startGateway({
    ...tools,
    devices,
    size,
    tier: size.tier,
  });
  const fleet = await connectFleet(hub, tools);
  const load = await tools.start('load/watchers.mjs');
  await load.call('subscribe', { url, subscribers, devices, intervalSeconds: intervalMs / 1000 });
  const readsToJoin = await emulator.call('countReads');

  const parties = { emulator, fleet, server: gateway, load, watchers: subscribers };
  const sample = await measureChanges(durationMs, parties);
  await load.call('leave');
  const readsWhenLeft = await emulator.call('countReads');
  await sleep(intervalMs);
  const readsAfter = (await emulator.call('countReads')) - readsWhenLeft;
  await checkNotRefused(emulator);
  await Promise.all([emulator, gateway, fleet, load].map((process) => process.close()));
  return { ...sample, readsToJoin, readsAfter };
}

/** The clients are what serves here, and what takes the time to see. */
async function measureTutorial(durationMs, tools) {
  const emulator = await tools.start('servers/emulator.mjs');
  const hub = await emulator.call('start', { dataDir: tools.createFolder(), devices, size });
  const fleet = await connectFleet(hub, tools);
  const tutorial = await tools.start('load/tutorial.mjs');
  await tutorial.call('watch', { hub, count: clients, devices, intervalMs });
  await sleep(2 * intervalMs);

  const parties = { emulator, fleet, server: tutorial, load: tutorial, watchers: clients };
  const sample = await measureChanges(durationMs, parties);
  await checkNotRefused(emulator);
  await Promise.all([emulator, fleet, tutorial].map((process) => process.close()));
  return { ...sample, loadBusy: undefined };
}

async function connectFleet(hub, { start }) {
  const fleet = await start('load/mqtt.mjs');
  await fleet.call('connect', { port: hub.mqttPort, ca: hub.ca, count: devices });
  return fleet;
}

/** Lets the devices change until shortly before the end. The CPU time is per watcher and second. */
async function measureChanges(durationMs, { emulator, fleet, server, load, watchers }) {
  const startedAt = performance.now();
  const readsBefore = await emulator.call('countReads');
  const before = await measureAll([server, load, fleet]);
  const changes = await fleet.call('change', { durationMs: durationMs - lastMs, everyMs });
  await sleep(durationMs - (performance.now() - startedAt));
  const reads = (await emulator.call('countReads')) - readsBefore;
  const after = await measureAll([server, load, fleet]);
  const elapsedMs = performance.now() - startedAt;
  const [cpuMs, ...loadsMs] = after.map((usage, index) => usage.cpuMs - before[index].cpuMs);

  const delays = await load.call('takeDelays');
  const expected = (changes * watchers) / devices;
  if (delays.length !== expected) {
    throw new Error(`of ${expected} messages of a change ${delays.length} came`);
  }
  return {
    reads,
    p50: percentile(delays, 50),
    p95: percentile(delays, 95),
    cpuUs: (cpuMs * 1000) / (watchers * (elapsedMs / 1000)),
    peakBytes: after[0].peakBytes,
    loadBusy: Math.max(...loadsMs) / elapsedMs,
  };
}

function measureAll(processes) {
  return Promise.all(processes.map((process) => process.measure()));
}

async function checkNotRefused(emulator) {
  const refused = await emulator.call('countRefused');
  if (refused > 0) throw new Error(`the hub refused ${refused} requests as too many`);
}
