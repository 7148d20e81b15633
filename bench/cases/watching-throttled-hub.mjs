// More watched devices than a small hub lets anyone read at their interval: how much of the gateway's share is used, and
// whether each device has its part of it.
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway } from '../harness/gateway.mjs';

const devices = 500;
const intervalSeconds = 2;
const size = { tier: 'S1', units: 1 };
/** Twin reads a second of such a hub, and the gateway's share of them. */
const permitted = 100 * 0.8;

export async function run({ quick, ...tools }) {
  const seconds = quick ? 20 : 60;
  const samples = [];
  for (let round = 0; round < (quick ? 1 : 3); round++) samples.push(await measure(seconds, tools));
  const rowOf = (name, unit, goal, value) => ({
    name: `${name}, ${devices} devices of an S1 hub`,
    unit,
    figure: 'alone',
    goal,
    pairs: samples.map((sample) => ({ ours: { ...sample, value: value(sample) } })),
  });
  return [
    rowOf('permitted reads used', '%', { atLeast: 90 }, ({ used }) => used * 100),
    {
      ...rowOf('requests refused with 429', 'requests', { atMost: 0 }, ({ refused }) => refused),
      counted: true,
    },
    rowOf(
      `reads of a device in ${seconds} s, least beside greatest`,
      'reads fewer',
      // Where a measurement begins and ends within a turn, one device has had its turn and another not.
      { atMost: 1 },
      ({ least, greatest }) => greatest - least,
    ),
  ];
}

/** The CPU time is per read. */
async function measure(seconds, tools) {
  const { emulator, gateway, url } = await startGateway({
    ...tools,
    devices,
    size,
    tier: size.tier,
  });
  const load = await tools.start('load/watchers.mjs');
  await load.call('subscribe', {
    url,
    subscribers: devices,
    devices,
    perSocket: 10,
    intervalSeconds,
  });

  const before = await emulator.call('countReadsOfEach', devices);
  const startedAt = performance.now();
  const cpuBefore = (await gateway.measure()).cpuMs;
  await sleep(seconds * 1000);
  const after = await emulator.call('countReadsOfEach', devices);
  const elapsedMs = performance.now() - startedAt;
  const { cpuMs, peakBytes } = await gateway.measure();
  const refused = await emulator.call('countRefused');

  const reads = after.map((count, index) => count - before[index]);
  const total = reads.reduce((sum, count) => sum + count, 0);
  await Promise.all([emulator, gateway, load].map((process) => process.close()));
  return {
    used: total / ((permitted * elapsedMs) / 1000),
    refused,
    least: Math.min(...reads),
    greatest: Math.max(...reads),
    cpuUs: ((cpuMs - cpuBefore) * 1000) / total,
    peakBytes,
  };
}
