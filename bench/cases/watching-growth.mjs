// What ten times the watched devices, and ten times the subscribers, cost the gateway. Its budget is of a hub large
// enough, so that each device is read at its interval.
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway } from '../harness/gateway.mjs';

const intervalSeconds = 5;
const perSocket = 10;
/** Each device changes once in this time, and its subscribers see it before the end. */
const durationMs = 3 * intervalSeconds * 1000;

export async function run({ quick, ...tools }) {
  const deviceSteps = quick ? [10, 100] : [10, 100, 1000];
  const subscriberSteps = quick ? [100, 1000] : [100, 1000, 10_000];
  const rounds = [];
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    const samples = new Map();
    const take = async (devices, subscribers) => {
      const size = `${devices} ${subscribers}`;
      if (!samples.has(size)) samples.set(size, await measure({ devices, subscribers, ...tools }));
      return samples.get(size);
    };
    const byDevices = [];
    for (const devices of deviceSteps) {
      byDevices.push(perUnit(devices, await take(devices, 1000)));
    }
    const bySubscribers = [];
    for (const subscribers of subscriberSteps) {
      bySubscribers.push(perUnit(subscribers, await take(100, subscribers)));
    }
    rounds.push({ byDevices, bySubscribers });
  }
  return [
    ...compareSteps(deviceSteps, 'devices of 1000 subscribers', ({ byDevices }) => byDevices),
    ...compareSteps(subscriberSteps, 'subscribers of 100 devices', (round) => round.bySubscribers),
  ].map(({ values, ...row }) => ({
    ...row,
    figure: 'ratio',
    goal: { atMost: 10 },
    pairs: rounds.map(values),
  }));
}

/** With the CPU time of a second shared out among so many. */
function perUnit(units, sample) {
  return { ...sample, cpuUs: (sample.cpuMsPerSecond * 1000) / units };
}

/** Each step beside the one before, in CPU time and in memory. */
function compareSteps(steps, what, samplesOf) {
  const figures = [
    { figure: 'CPU', unit: 'ms a second', value: ({ cpuMsPerSecond }) => cpuMsPerSecond },
    { figure: 'memory', unit: 'MB', value: ({ grownBytes }) => grownBytes / 1024 ** 2 },
  ];
  return figures.flatMap(({ figure, unit, value }) =>
    steps.slice(1).map((step, index) => ({
      name: `${figure}, ${step} ${what}`,
      rival: `${steps[index]} of them`,
      unit,
      values: (round) => {
        const samples = samplesOf(round);
        const sideOf = (sample) => ({ ...sample, value: value(sample) });
        return { ours: sideOf(samples[index + 1]), rival: sideOf(samples[index]) };
      },
    })),
  );
}

/** The memory is that of the script, for what is resident shrinks at times by what the start has left. */
async function measure({ devices, subscribers, ...tools }) {
  const { emulator, hub, gateway, url } = await startGateway({ ...tools, devices });
  const fleet = await tools.start('load/mqtt.mjs');
  await fleet.call('connect', { port: hub.mqttPort, ca: hub.ca, count: devices });
  const load = await tools.start('load/watchers.mjs');
  const unwatched = await gateway.call('settle');
  await load.call('subscribe', { url, subscribers, devices, perSocket, intervalSeconds });
  await sleep(intervalSeconds * 1000);

  const startedAt = performance.now();
  const before = await gateway.measure();
  const changes = await fleet.call('change', { durationMs, everyMs: durationMs });
  await sleep(durationMs - (performance.now() - startedAt));
  const { cpuMs, peakBytes } = await gateway.measure();
  const seconds = (performance.now() - startedAt) / 1000;
  const watched = await gateway.call('settle');

  const messages = (await load.call('takeDelays')).length;
  const expected = (changes * subscribers) / devices;
  if (messages !== expected) throw new Error(`of ${expected} messages ${messages} came`);
  await Promise.all([emulator, fleet, gateway, load].map((process) => process.close()));
  return {
    cpuMsPerSecond: (cpuMs - before.cpuMs) / seconds,
    grownBytes: watched.script - unwatched.script,
    peakBytes,
  };
}
