import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { parseConfigFile } from '../src/config/file.js';
import { blocksOf } from './support/pages.js';
import { startTwoHubs } from './support/two-hubs.js';

const page = 'docs/hubs.md';

test('every operation of docs/hubs.md does what it says', async () => {
  await using world = await startTwoHubs();
  world.north.registerDevice('a');
  world.south.registerDevice('b');
  const data: unknown[] = [];
  for (const text of blocksOf(page, 'graphql')) {
    data.push(await world.gateway.data(parse(text), {}));
  }

  expect(data).toMatchObject([
    {
      hubs: [
        { name: '127.0.0.1', reachable: true },
        { name: 'localhost', reachable: true },
      ],
    },
    { devices: { nodes: [{ deviceId: 'b' }, { deviceId: 'a' }], unavailable: [] } },
    { deviceCounts: { total: 2 }, propertyPaths: { sampled: 2 } },
    { query: { hub: 'localhost', rows: [{ devices: 1 }] } },
  ]);
  expect(data).toHaveLength(4);
});

test('the file in docs/hubs.md is one, but for its certificate', () => {
  const [text = ''] = blocksOf(page, 'yaml');
  const SOUTH_HUB =
    'HostName=south.azure-devices.net;SharedAccessKeyName=s;SharedAccessKey=c2VjcmV0';
  const { hubs, problems } = parseConfigFile(text.replace(/ +caFile: .*\n/, ''), { SOUTH_HUB });

  expect(problems).toEqual([]);
  expect(hubs).toMatchObject([
    { access: { hostname: 'pumps-north.azure-devices.net' }, budget: { tier: 'S2', units: 3 } },
    { access: { connectionString: SOUTH_HUB }, budget: { share: 0.5 } },
  ]);
});
