// What a change of one device costs when many watch it, and what it costs to have them wait.
import { measurePairs, warmUp } from '../harness/pairs.mjs';
import { query } from '../servers/reboot-status.mjs';

const variables = { deviceId: 'device-7' };

export async function run({ quick, ...tools }) {
  const rows = [];
  for (const count of [1000, 5000]) rows.push(...(await compareEvents(count, quick, tools)));
  rows.push(...(await compareMemory(quick ? 2000 : 5000, quick, tools)));
  return rows;
}

/** CPU time of the server's process per event that arrived at a subscriber. */
async function compareEvents(count, quick, { start }) {
  const ours = await startSide('servers/front.mjs', count, { query, start });
  const text = await ours.sample();
  const stock = await startSide('servers/stock-graphql-ws.mjs', count, { query, start });
  const floor = await startSide('servers/bare-ws.mjs', count, { options: { text }, start });
  const { cohorts } = await ours.server.call('counts');
  if (cohorts !== 1) throw new Error(`there are ${cohorts} cohorts; one was expected`);

  const events = Math.ceil((quick ? 20_000 : 50_000) / count);
  for (const side of [ours, stock, floor]) await warmUp(() => side.measure(events), { atMost: 4 });
  const pairs = quick ? 3 : 5;
  const row = { unit: 'µs CPU', figure: 'ratio', name: `an event to one of ${count} subscribers` };
  const measure = (side) => () => side.measure(events);
  const rows = [
    {
      ...row,
      rival: 'bare ws broadcast',
      goal: { atMost: 1.3 },
      pairs: await measurePairs(pairs, measure(ours), measure(floor)),
    },
    {
      ...row,
      rival: 'stock graphql-ws',
      goal: { atMost: 1 },
      pairs: await measurePairs(pairs, measure(ours), measure(stock)),
    },
  ];
  await Promise.all([ours, stock, floor].map((side) => side.close()));
  return rows;
}

async function startSide(file, count, { start, query: asked, options = {} }) {
  const server = await start(file);
  const load = await start('load/subscribers.mjs');
  const { port } = await server.call('start', options);
  await load.call('connect', { port, count, query: asked, variables });
  let version = 0;
  let delivered = await load.call('countReceived');
  return {
    server,
    /** One message as it arrives. */
    async sample() {
      const [text] = await Promise.all([load.call('next'), server.call('emit', ++version)]);
      delivered += count;
      await load.call('received', delivered);
      return text;
    },
    /** Each event has arrived everywhere before the next is emitted: none is left out. */
    async measure(events) {
      const before = (await server.measure()).cpuMs;
      for (let event = 0; event < events; event++) {
        await server.call('emit', ++version);
        delivered += count;
        await load.call('received', delivered);
      }
      const { cpuMs, peakBytes } = await server.measure();
      const value = ((cpuMs - before) * 1000) / (count * events);
      return { value, cpuUs: value, peakBytes };
    },
    async close() {
      await Promise.all([server.close(), load.close()]);
    },
  };
}

/** Of new processes: from before they listen to when all have their first result and are at rest. */
async function compareMemory(count, quick, tools) {
  const pairs = quick ? 1 : 3;
  const row = { unit: 'KB each', figure: 'ratio', name: `memory of ${count} idle subscribers` };
  const ours = () => measureMemory('servers/front.mjs', count, { ...tools, query });
  const stock = () => measureMemory('servers/stock-graphql-ws.mjs', count, { ...tools, query });
  const floor = () => measureMemory('servers/bare-ws.mjs', count, tools);
  return [
    {
      ...row,
      rival: 'bare ws sockets',
      goal: { atMost: 2 },
      pairs: await measurePairs(pairs, ours, floor),
    },
    {
      ...row,
      rival: 'stock graphql-ws',
      goal: { atMost: 1 },
      pairs: await measurePairs(pairs, ours, stock),
    },
  ];
}

async function measureMemory(file, count, { start, query: asked }) {
  const server = await start(file, ['--expose-gc']);
  const load = await start('load/subscribers.mjs');
  const { port } = await server.call('start', { text: '{}' });
  const before = await server.call('settle');
  const cpuBefore = (await server.measure()).cpuMs;
  await load.call('connect', { port, count, query: asked, variables });
  const { cpuMs, peakBytes } = await server.measure();
  const after = await server.call('settle');
  const open = await load.call('countOpen');
  await Promise.all([server.close(), load.close()]);
  if (open !== count) throw new Error(`only ${open} of ${count} sockets stayed open`);
  return {
    value: (after.rss - before.rss) / count / 1024,
    scriptKb: (after.script - before.script) / count / 1024,
    cpuUs: ((cpuMs - cpuBefore) * 1000) / count,
    peakBytes,
  };
}
