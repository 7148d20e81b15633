import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator, type TestEmulator } from './emulator/support/emulator.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { RebootDeviceDocument, WatchOperationDocument } from './support/operations.js';

const page = readFileSync('docs/seeing-devices.md', 'utf8');
const [, seed = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
/** Each operation that is shown, with the answer that is shown under it. */
const shown = [...page.matchAll(/```graphql\n(.*?)```\n```json\n(.*?)```/gs)].map(
  ([, query = '', answer = '']): [string, string] => [query, answer],
);

describe('docs/seeing-devices.md', () => {
  let emulator: TestEmulator;
  let gateway: TestGateway;

  beforeAll(async () => {
    emulator = await startTestEmulator({ seed: JSON.parse(seed) });
    gateway = await startGateway(emulator);
    const input = { deviceId: 'pump-2' };
    const { rebootDevice } = await gateway.data(RebootDeviceDocument, { input });
    const id = rebootDevice?.operation.id ?? '';
    await using updates = gateway.subscribe(WatchOperationDocument, { id });
    await updates.completed;
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
});
