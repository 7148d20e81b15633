import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestEmulator } from '../emulator/support/emulator.js';
import { createCleanup } from '../support/cleanup.js';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway.js';
import { createTemporaryFolder } from '../support/temporary-folder.js';
import { bounds, config } from './bounds.js';
import {
  type ConnectionAttack,
  connectionAttacks,
  slowAttacks,
  type Target,
} from './connection-attacks.js';
import { formatAttacks } from './documents.js';
import { requestAttacks } from './request-attacks.js';
import { transports } from './transports.js';

// The page is written anew by `npx vitest run test/attacks -u`.

test('the list of attacks is that of the cases', async () => {
  await expect(formatAttacks()).toMatchFileSnapshot('../../docs/attacks.md');
});

test('each attack has an id of its own', () => {
  const ids = [...requestAttacks, ...connectionAttacks, ...slowAttacks].map(({ id }) => id);
  expect(ids).toHaveLength(new Set(ids).size);
});

describe('a gateway with little memory', () => {
  const cleanup = createCleanup();
  let gateway: GatewayProcess;
  let memoryBefore: number;

  beforeAll(async () => {
    const emulator = cleanup.use(await startTestEmulator());
    await emulator.registerDevice('attacked');
    const { path } = cleanup.use(await createTemporaryFolder());
    await writeFile(join(path, 'limits.json'), JSON.stringify({ limits: config }));
    gateway = cleanup.use(
      await startGatewayProcess({
        NODE_OPTIONS: `--max-old-space-size=${bounds.heapMegabytes}`,
        IOTHUB_CONNECTION_STRING: emulator.connectionString,
        IOTHUB_CA_FILE: emulator.caFile,
        DATA_DIR: path,
        CONFIG_FILE: join(path, 'limits.json'),
      }),
    );
    memoryBefore = await memory();
  });

  afterAll(() => cleanup[Symbol.asyncDispose]());

  /** What the process takes of the machine's memory, in megabytes. */
  async function memory(): Promise<number> {
    const response = await fetch(`${gateway.url}/metrics`);
    const [, bytes] = /^process_resident_memory_bytes (\S+)/m.exec(await response.text()) ?? [];
    return Number(bytes) / 1024 ** 2;
  }

  /** Whoever asks from elsewhere is answered, nothing failed that should not, and memory is in bounds. */
  async function expectHealthy(): Promise<void> {
    const asked = performance.now();
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ device(id: "attacked", consistency: FAST) { deviceId } }' }),
    });
    expect(await response.json()).toMatchObject({ data: { device: { deviceId: 'attacked' } } });
    expect(performance.now() - asked).toBeLessThan(bounds.answerSeconds * 1000);
    expect(gateway.program.output).not.toContain('a request failed');
    expect((await memory()) - memoryBefore).toBeLessThan(bounds.growthMegabytes);
  }

  describe.each(transports)('asked over $name', ({ execute }) => {
    test.each(requestAttacks)('stands $id', async ({ query, variables, code, limit }) => {
      const begun = performance.now();
      const { data, errors = [] } = await execute(gateway.url, { query, variables });
      expect(performance.now() - begun).toBeLessThan(bounds.refusalSeconds * 1000);
      expect(errors.length).toBeLessThanOrEqual(bounds.errors);
      expect(errors[0]?.extensions?.['code'] ?? null).toBe(code);
      expect(errors[0]?.extensions?.['limit']).toBe(limit);
      if (code === null) expect(data).toBeTruthy();
      await expectHealthy();
    });
  });

  async function attack({ run, outcomes }: ConnectionAttack, localAddress: string) {
    const { hostname: host, port } = new URL(gateway.url);
    const target: Target = { host, port: Number(port), localAddress };
    const seen = new Set(await run(target));
    expect([...seen].sort()).toEqual([...outcomes].sort());
    await expectHealthy();
  }

  test.each(connectionAttacks.map((it, index) => ({ ...it, index })))('stands $id', (it) =>
    attack(it, `127.0.1.${it.index + 2}`),
  );

  describe.concurrent('for a long time', () => {
    test.each(slowAttacks.map((it, index) => ({ ...it, index })))(
      'stands $id',
      (it) => attack(it, `127.0.2.${it.index + 2}`),
      60_000,
    );
  });
});
