import { type ChildProcess, spawn } from 'node:child_process';
import {
  appendFileSync,
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { readSeedFile } from '../../src/emulator/seed.js';
import { startTestEmulator } from './support/emulator.js';
import { send } from './support/https.js';

describe('state that persists', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'twinql-state-'));
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const start = () => startEmulator({ httpsPort: 0, mqttPort: 0, dataDir, persist: true });

  async function readAll(emulator: Emulator) {
    const get = async (path: string) => (await send(emulator, `GET ${path}`)).json;
    return {
      device: await get('/devices/kept'),
      twin: await get('/twins/kept'),
      module: await get('/twins/kept/modules/m'),
      devices: (await get('/devices')).length,
      job: await get('/jobs/v2/later'),
    };
  }

  test('is the same after a restart: devices, keys, twins, modules, jobs', async () => {
    const first = await start();
    const connectionString = first.registerDevice('kept', { tags: { city: 'münchen' } });
    await send(first, 'PATCH /twins/kept', { body: { properties: { desired: { a: { b: 1 } } } } });
    await send(first, 'PUT /devices/kept/modules/m', { body: {} });
    await send(first, 'PUT /devices/gone', { body: {} });
    await send(first, 'DELETE /devices/gone', { headers: { 'If-Match': '*' } });
    await send(first, 'PUT /jobs/v2/later', {
      body: {
        type: 'scheduleUpdateTwin',
        queryCondition: '*',
        updateTwin: { tags: { a: 1 } },
        startTime: new Date(Date.now() + 3_600_000).toISOString(),
      },
    });
    const before = await readAll(first);
    await first.close();
    const second = await start();
    const after = await readAll(second);
    const again = second.registerDevice('kept');
    await second.close();

    expect(after).toEqual(before);
    expect(before.job.status).toBe('scheduled');
    expect(again.replace(/:\d+;/, ';')).toBe(connectionString.replace(/:\d+;/, ';'));
    expect(statSync(join(dataDir, 'state.jsonl')).mode & 0o777).toBe(0o600);
  });

  // What a loss of power leaves cannot be tested, but whether writes wait for the disk, as Linux tells it.
  test.runIf(process.platform === 'linux').each([true, false])(
    'waits for the disk when asked to: %s',
    async (sync) => {
      await using emulator = await startTestEmulator({ persist: true, sync });
      emulator.registerDevice('written');
      const file = join(emulator.dataDir, 'state.jsonl');
      const [descriptor] = readdirSync('/proc/self/fd').filter((fd) => isLinkTo(fd, file));
      const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8');
      const flags = Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? '', 8);

      expect((flags & constants.O_DSYNC) !== 0).toBe(sync);
      expect(readFileSync(file, 'utf8')).toContain('"written"');
    },
  );

  test('belongs to one process at a time', async () => {
    const first = await start();

    await expect(start()).rejects.toThrow(/state\.lock: the emulator with process id \d+/);
    await first.close();
    await (await start()).close();
  });

  test('is read up to a line that was cut off, and refused when damaged before', async () => {
    appendFileSync(join(dataDir, 'state.jsonl'), '["identity","half');
    await (await start()).close();
    appendFileSync(join(dataDir, 'state.jsonl'), 'nonsense\n');

    await expect(start()).rejects.toThrow(/state\.jsonl line \d+ is damaged/);
  });
});

/** An emulator in a process of its own, from the sources as the tests run them. */
const childProgram = `
  import { createViteServer } from 'vitest/node';
  const vite = await createViteServer({
    configFile: false,
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, ws: false },
  });
  const { startEmulator } = await vite.ssrLoadModule('/src/emulator/emulator.ts');
  const dataDir = process.argv[1];
  const { httpsPort, ca } = await startEmulator({ httpsPort: 0, mqttPort: 0, dataDir, persist: true });
  process.send({ httpsPort, ca });
`;

test('an acknowledged write survives kill -9', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'twinql-killed-'));
  const child = spawn(process.execPath, ['--input-type=module', '--eval', childProgram, dataDir], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const address = await new Promise<Emulator>((resolve) => child.once('message', resolve));
  let acknowledged = 0;
  const killed = new Promise((resolve) => child.once('exit', resolve));
  setTimeout(() => kill(child), 150);
  try {
    for (;;) {
      const { status } = await send(address, `PUT /devices/d${acknowledged}`, { body: {} });
      if (status === 200) acknowledged += 1;
    }
  } catch {
    await killed; // the process is gone in the middle of a request
  }
  const emulator = await startEmulator({ httpsPort: 0, mqttPort: 0, dataDir, persist: true });
  const { json } = await send(emulator, 'GET /statistics/devices');
  await emulator.close();
  rmSync(dataDir, { recursive: true, force: true });

  expect(acknowledged).toBeGreaterThan(0);
  expect(json.totalDeviceCount).toBeGreaterThanOrEqual(acknowledged);
  expect(json.totalDeviceCount).toBeLessThanOrEqual(acknowledged + 1);
});

function kill(child: ChildProcess): void {
  child.kill('SIGKILL');
}

describe('state on demand', () => {
  test('is exported, reset and imported, with faults and calls gone', async () => {
    await using emulator = await startTestEmulator();
    const connectionString = emulator.registerDevice('d1', { tags: { a: 1 } });
    const exported = emulator.exportState();
    emulator.faults.add({ effect: { kind: 'throttle' } });
    emulator.reset();
    const empty = await send(emulator, 'GET /devices');
    emulator.importState(exported);
    const restored = await send(emulator, 'GET /twins/d1');

    expect(empty.json).toEqual([]);
    expect(restored.json.tags).toEqual({ a: 1 });
    expect(emulator.registerDevice('d1')).toBe(connectionString);
    expect(() => emulator.importState({ entries: [] })).toThrow();
    expect((await send(emulator, 'GET /twins/d1')).status).toBe(200);
  });

  test('begins with a seed, which leaves alone what exists', async () => {
    await using emulator = await startTestEmulator({
      seed: {
        devices: [
          {
            deviceId: 'planted',
            tags: { ring: 1 },
            properties: { desired: { a: 1 }, reported: { lastReboot: 'long ago' } },
          },
          { deviceId: 'off', status: 'disabled' },
        ],
      },
    });

    expect((await send(emulator, 'GET /twins/planted')).json).toMatchObject({
      tags: { ring: 1 },
      properties: { desired: { a: 1 }, reported: { lastReboot: 'long ago' } },
    });
    expect((await send(emulator, 'GET /devices/off')).json.status).toBe('disabled');
  });

  test('names the seed file and what is wrong in it', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'twinql-seed-')), 'seed.json');
    writeFileSync(file, '{"devices":[{"id":"x"}]}');

    expect(() => readSeedFile(file)).toThrow(/cannot take devices from .*seed\.json.*deviceId/s);
  });
});

/** A descriptor may be gone by the time it is looked at. */
function isLinkTo(descriptor: string, file: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`) === file;
  } catch {
    return false;
  }
}
