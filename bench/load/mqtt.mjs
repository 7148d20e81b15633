// Devices that connect, and report properties as fast as they are answered.
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../harness/serve.mjs';
import { connectDevice } from './mqtt-device.mjs';

/** Handshakes under way at a time: more would only wait for the server. */
const concurrency = 32;

/** Its multiples lie evenly between whole numbers, however many there are. */
const goldenRatio = (1 + Math.sqrt(5)) / 2;

const devices = [];

serve({
  /** Connects the first so many devices. */
  async connect({ port, ca, count }) {
    let next = 0;
    const connectSome = async () => {
      while (next < count) devices.push(await connectDevice({ port, ca, index: next++ }));
    };
    await Promise.all(Array.from({ length: concurrency }, connectSome));
  },

  /** Lets all devices hear the hub's answers, for which their reports then wait, too. */
  async subscribe() {
    await Promise.all(devices.map((device) => device.subscribe()));
  },

  /** Lets each device report for `durationMs`, `window` reports at a time. */
  async work(work) {
    const startedAt = performance.now();
    const counts = await Promise.all(devices.map((device) => device.report(work)));
    const elapsedMs = performance.now() - startedAt;
    return { units: counts.reduce((sum, count) => sum + count, 0), elapsedMs };
  },

  /**
   * Lets each device report the time in every `everyMs`, at moments that lie evenly over the first half of it:
   * no two of a device are closer than the other half. Resolves with how often all have.
   */
  async change({ durationMs, everyMs }) {
    const rounds = Math.floor(durationMs / everyMs);
    const startedAt = performance.now();
    const moments = devices.flatMap((device, index) =>
      Array.from({ length: rounds }, (_, round) => {
        const spread = ((round * devices.length + index) * goldenRatio) % 1;
        return { device, atMs: round * everyMs + (spread * everyMs) / 2 };
      }),
    );
    const changes = moments.map(async ({ device, atMs }) => {
      await sleep(atMs - (performance.now() - startedAt));
      device.change();
    });
    await Promise.all(changes);
    return moments.length;
  },

  /** How many connections are still open. */
  countOpen: () => devices.filter(({ socket }) => !socket.destroyed).length,
});
