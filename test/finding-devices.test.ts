import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filterLimits } from '../src/services/query/check-filter.js';
import { LONGEST_QUERY } from '../src/services/query/compile.js';
import { LARGEST_RESULT } from '../src/services/query/hub-queries.js';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { startGateway, type TestGateway } from './support/gateway.js';

const page = readFileSync('docs/finding-devices.md', 'utf8');
const [, seed = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
/** Each operation that is shown, with the answer that is shown under it. */
const shown = [...page.matchAll(/```graphql\n(.*?)```\n```json\n(.*?)```/gs)].map(
  ([, query = '', answer = '']): [string, string] => [query, answer],
);

describe('docs/finding-devices.md', () => {
  let emulator: TestEmulator;
  let gateway: TestGateway;

  beforeAll(async () => {
    emulator = await startTestEmulator({ seed: JSON.parse(seed) });
    gateway = await startGateway(emulator);
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await emulator[Symbol.asyncDispose]();
  });

  test('shows an answer under every operation', () => {
    expect(shown.length).toBeGreaterThan(5);
    expect(page.match(/```graphql/g)).toHaveLength(shown.length);
  });

  test.each(shown)('%s is answered as shown', async (query, answer) => {
    expect(await gateway.data(parse(query), {})).toEqual(JSON.parse(answer));
  });

  test('tells the limits that hold', () => {
    const [, table = ''] = page.split('## Limits\n');
    const told = [...table.matchAll(/^\| .* \| (\d+)[^|]*\|$/gm)].map(([, most]) => Number(most));

    const { depth, conditions, values, modules } = filterLimits;
    expect(told).toEqual([
      depth,
      conditions,
      values,
      modules,
      LONGEST_QUERY,
      LARGEST_RESULT,
      LARGEST_RESULT,
    ]);
  });
});
