// Devices report properties; a bare broker takes in the same publishes, acknowledges them, and has nothing to do.
import { measurePairs, warmUp } from '../harness/pairs.mjs';
import { measureThroughput } from '../harness/throughput.mjs';

/** What is compared; the broker acknowledges and no more, whatever the emulator has to answer. */
const comparisons = [
  { name: 'reported PATCH, acknowledged', devices: 100, window: 16, answers: false },
  { name: 'reported PATCH, acknowledged and answered', devices: 100, window: 16, answers: true },
  { name: 'reported PATCH, one device that waits', devices: 1, window: 1, answers: true },
];

export async function run({ quick, createFolder, start }) {
  const rows = [];
  for (const { name, devices, window, answers } of comparisons) {
    const emulator = await connect('servers/emulator.mjs', { devices, createFolder, start });
    const broker = await connect('servers/aedes.mjs', { devices, createFolder, start });
    if (answers) await emulator.load.call('subscribe');
    const work = { durationMs: quick ? 800 : 4000, window };
    const measureOurs = () => measureThroughput({ ...emulator, work });
    const measureRival = () => measureThroughput({ ...broker, work });
    await warmUp(measureOurs);
    await warmUp(measureRival);
    rows.push({
      name,
      rival: 'aedes, acknowledging',
      unit: 'a second',
      figure: 'ratio',
      goal: { atLeast: 0.5 },
      pairs: await measurePairs(quick ? 3 : 7, measureOurs, measureRival),
    });
    const used = [emulator.server, emulator.load, broker.server, broker.load];
    await Promise.all(used.map((process) => process.close()));
  }
  return rows;
}

async function connect(file, { devices, createFolder, start }) {
  const server = await start(file);
  const load = await start('load/mqtt.mjs');
  const { mqttPort: port, ca } = await server.call('start', { dataDir: createFolder(), devices });
  await load.call('connect', { port, ca, count: devices });
  return { server, load };
}
