import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { readableTexts } from '../src/resolvers/act.js';
import { startWorld } from './support/gateway.js';
import { blocksOf } from './support/pages.js';

const page = readFileSync('docs/audit.md', 'utf8');

test('every operation of docs/audit.md does what it says, in order', async () => {
  await using world = await startWorld();
  world.emulator.registerDevice('pump-9');
  const answers: unknown[] = [];
  for (const text of blocksOf('docs/audit.md', 'graphql')) {
    answers.push(await world.gateway.data(parse(text), {}));
  }
  expect(answers).toMatchObject([
    { disableDevice: { device: { status: 'DISABLED' } } },
    {
      audit: {
        nodes: [
          { action: 'disableDevice', outcome: 'DONE', reason: 'recalled', concludes: 1 },
          { action: 'disableDevice', outcome: 'STARTED', targets: [{ deviceId: 'pump-9' }] },
        ],
      },
    },
  ]);
});

test('docs/audit.md names every text that is kept as it is', () => {
  const [, told = ''] = /texts are kept if they are called (.*?);/s.exec(page) ?? [];
  expect([...told.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(readableTexts);
});
