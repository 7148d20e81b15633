import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfigFile } from '../src/config-file.js';
import { startTwoHubs } from './support/two-hubs.js';

const page = readFileSync('docs/hubs.md', 'utf8');

function blocksOf(language: string): readonly string[] {
  const blocks = page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'));
  return [...blocks].map(([, text = '']) => text);
}

test('every operation of docs/hubs.md does what it says', async () => {
  await using world = await startTwoHubs();
  world.north.registerDevice('a');
  world.south.registerDevice('b');
  const data: Record<string, unknown>[] = [];
  for (const query of blocksOf('graphql')) {
    const response = await fetch(`${world.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const answer = (await response.json()) as { data: Record<string, unknown> };
    expect(answer).not.toHaveProperty('errors');
    data.push(answer.data);
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
  const [text = ''] = blocksOf('yaml');
  const SOUTH_HUB =
    'HostName=south.azure-devices.net;SharedAccessKeyName=s;SharedAccessKey=c2VjcmV0';
  const { hubs, problems } = parseConfigFile(text.replace(/ +caFile: .*\n/, ''), { SOUTH_HUB });

  expect(problems).toEqual([]);
  expect(hubs).toMatchObject([
    { access: { hostname: 'pumps-north.azure-devices.net' }, budget: { tier: 'S2', units: 3 } },
    { access: { connectionString: SOUTH_HUB }, budget: { share: 0.5 } },
  ]);
});
