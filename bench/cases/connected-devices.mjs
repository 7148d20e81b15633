// What a connected MQTT device costs in memory, beyond the TLS socket that it needs anyway.
import { measurePairs } from '../harness/pairs.mjs';

export async function run({ quick, ...tools }) {
  const count = quick ? 1000 : 10_000;
  const pairs = await measurePairs(
    quick ? 1 : 2,
    () => measureMemory('servers/emulator.mjs', count, tools),
    () => measureMemory('servers/bare-tls.mjs', count, tools),
  );
  return [
    {
      name: `memory of ${count} connected devices`,
      rival: 'bare TLS sockets',
      unit: 'KB each',
      figure: 'difference',
      goal: { atMost: 40 },
      pairs,
    },
  ];
}

/** Of a new server: from before it listens to when all devices, registered and connected, are at rest. */
async function measureMemory(file, count, { start, createFolder }) {
  const server = await start(file, ['--expose-gc']);
  const load = await start('load/mqtt.mjs');
  const before = await server.call('settle');
  const startedAt = performance.now();
  const { mqttPort: port, ca } = await server.call('start', {
    dataDir: createFolder(),
    devices: count,
  });
  const cpuBefore = (await server.measure()).cpuMs;
  await load.call('connect', { port, ca, count });
  const { cpuMs, peakBytes } = await server.measure();
  const after = await server.call('settle');
  const open = await load.call('countOpen');
  await Promise.all([server.close(), load.close()]);
  if (open !== count) throw new Error(`only ${open} of ${count} devices stayed connected`);
  return {
    value: (after.rss - before.rss) / count / 1024,
    scriptKb: (after.script - before.script) / count / 1024,
    cpuUs: ((cpuMs - cpuBefore) * 1000) / count,
    elapsedMs: performance.now() - startedAt,
    peakBytes,
  };
}
