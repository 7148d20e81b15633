import { once } from 'node:events';
import { connect } from 'node:tls';
import { expect, test, vi } from 'vitest';
import type { Clock } from '../../src/emulator/clock.js';
import { startTestEmulator } from './support/emulator.js';

test('an AMQP peer that connects and never says a word is dropped', async () => {
  const timers = new Map<() => void, number>();
  const clock: Clock = {
    now: () => new Date(),
    schedule(callback, delayMs) {
      timers.set(callback, delayMs);
      return () => timers.delete(callback);
    },
  };
  await using emulator = await startTestEmulator({ amqpPort: 0, clock });
  const socket = connect({ host: 'localhost', port: emulator.amqpPort ?? 0, ca: emulator.ca });
  await once(socket, 'secureConnect');
  const closed = once(socket, 'close');
  const greeting = () => [...timers].find(([, delayMs]) => delayMs === 30_000)?.[0];
  const drop = await vi.waitUntil(greeting);

  expect(socket.destroyed).toBe(false);
  drop();
  await closed;

  await vi.waitUntil(() => greeting() === undefined);
});
