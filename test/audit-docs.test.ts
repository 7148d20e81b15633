import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readableTexts } from '../src/resolvers/act.js';
import { startWorld } from './support/gateway.js';

const page = readFileSync('docs/audit.md', 'utf8');

test('every operation of docs/audit.md does what it says, in order', async () => {
  await using world = await startWorld();
  world.emulator.registerDevice('pump-9');
  const operations = [...page.matchAll(/```graphql\n(.*?)```/gs)].map(([, text = '']) => text);
  expect(operations).toHaveLength(2);

  const answers: unknown[] = [];
  for (const query of operations) {
    const response = await fetch(`${world.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    answers.push(await response.json());
  }
  expect(answers).toMatchObject([
    { data: { disableDevice: { device: { status: 'DISABLED' } } } },
    {
      data: {
        audit: {
          nodes: [
            { action: 'disableDevice', outcome: 'DONE', reason: 'recalled', concludes: 1 },
            { action: 'disableDevice', outcome: 'STARTED', targets: [{ deviceId: 'pump-9' }] },
          ],
        },
      },
    },
  ]);
});

test('docs/audit.md names every text that is kept as it is', () => {
  const [, told = ''] = /texts are kept if they are called (.*?);/s.exec(page) ?? [];
  expect([...told.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(readableTexts);
});
