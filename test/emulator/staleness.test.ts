import { expect, test } from 'vitest';
import type { Clock } from '../../src/emulator/clock.js';
import { startTestEmulator, type TestEmulator } from './support/emulator.js';
import { send } from './support/https.js';

const lagMs = 2000;

async function query(emulator: TestEmulator): Promise<readonly object[]> {
  const { json } = await send(emulator, 'POST /devices/query', {
    body: { query: 'SELECT deviceId, tags FROM devices' },
  });
  return json;
}

test('queries lag behind reads: what is new comes late, what is deleted lingers', async () => {
  const waiting = new Map<symbol, () => void>();
  const clock: Clock = {
    now: () => new Date(),
    schedule(callback, delayMs) {
      const key = Symbol('timer');
      if (delayMs === lagMs) waiting.set(key, callback);
      return () => waiting.delete(key);
    },
  };
  const pass = () => {
    const due = [...waiting.values()];
    waiting.clear();
    for (const callback of due) callback();
  };
  await using emulator = await startTestEmulator({ clock, queryStalenessSeconds: lagMs / 1000 });
  const seen: (readonly object[])[] = [];

  emulator.registerDevice('d1', { tags: { a: 1 } });
  seen.push(await query(emulator));
  pass();
  pass();
  seen.push(await query(emulator));
  await send(emulator, 'PATCH /twins/d1', { body: { tags: { a: 2 } } });
  seen.push(await query(emulator));
  await send(emulator, 'DELETE /devices/d1', { headers: { 'If-Match': '*' } });
  pass();
  seen.push(await query(emulator));
  pass();
  seen.push(await query(emulator));

  const old = [{ deviceId: 'd1', tags: { a: 1 } }];
  expect(seen).toEqual([[], old, old, old, []]);
  expect((await send(emulator, 'GET /twins/d1')).status).toBe(404);
});
