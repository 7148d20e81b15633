// A query that few twins of a large fleet satisfy, beside a filter written by hand over the same objects.
import { signPolicyToken } from '../harness/fleet.mjs';
import { measurePairs } from '../harness/pairs.mjs';
import { median } from '../harness/statistics.mjs';

const small = 10_000;
const large = 100_000;
/** Calls whose median is one sample. */
const calls = 9;

export async function run({ quick, ...tools }) {
  const smallFleet = await startFleet(small, tools);
  const largeFleet = await startFleet(large, tools);
  for (const fleet of [smallFleet, largeFleet]) {
    for (const way of ['query', 'request', 'filter']) await fleet.time(way, 60);
  }

  /** Each way of answering beside the filter: over many twins, and how it grows with their number. */
  const compare = async (way, name) => [
    {
      name: `${name}, ${large} twins`,
      rival: 'filter by hand',
      unit: 'ms',
      figure: 'ratio',
      goal: { atMost: 5 },
      pairs: await measurePairs(
        quick ? 5 : 15,
        () => largeFleet.sample(way),
        () => largeFleet.sample('filter'),
      ),
    },
    {
      name: `${name}, growth from ${small} to ${large} twins`,
      rival: 'filter by hand',
      unit: 'times as long',
      figure: 'ratio',
      goal: { atMost: 1.5 },
      pairs: await measurePairs(
        quick ? 5 : 15,
        () => sampleGrowth(smallFleet, largeFleet, way),
        () => sampleGrowth(smallFleet, largeFleet, 'filter'),
      ),
    },
  ];
  return [
    ...(await compare('query', 'selective query in the module')),
    ...(await compare('request', 'selective query over HTTPS')),
  ];
}

async function startFleet(devices, { start, createFolder }) {
  const server = await start('servers/fleet.mjs', ['--max-old-space-size=4096']);
  const load = await start('load/https.mjs');
  const {
    httpsPort: port,
    ca,
    serviceKey,
    text,
    found,
  } = await server.call('start', {
    dataDir: createFolder(),
    devices,
  });
  await load.call('connect', { port, ca, count: 1, request: createRequest(serviceKey, text) });
  const { body } = await load.call('fetch');
  if (
    JSON.parse(body)
      .map(({ deviceId }) => deviceId)
      .join() !== found.join()
  ) {
    throw new Error('the answers differ');
  }

  const time = (way, count) =>
    way === 'request' ? load.call('time', count) : server.call(way, count);
  return {
    time,
    async sample(way) {
      const before = await server.measure();
      const value = median(await time(way, calls));
      const after = await server.measure();
      return {
        value,
        cpuUs: ((after.cpuMs - before.cpuMs) * 1000) / calls,
        peakBytes: after.peakBytes,
      };
    },
  };
}

async function sampleGrowth(smallFleet, largeFleet, way) {
  const before = await smallFleet.sample(way);
  const after = await largeFleet.sample(way);
  return { ...after, value: after.value / before.value };
}

function createRequest(serviceKey, text) {
  const body = JSON.stringify({ query: text });
  const lines = [
    'POST /devices/query?api-version=2021-04-12 HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${body.length}`,
    `Authorization: ${signPolicyToken('iothubowner', serviceKey)}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
