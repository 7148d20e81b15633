// Devices that connect, and report properties as fast as they are answered.
import { serve } from '../harness/serve.mjs';
import { connectDevice } from './mqtt-device.mjs';

/** Handshakes under way at a time: more would only wait for the server. */
const concurrency = 32;

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

  /** How many connections are still open. */
  countOpen: () => devices.filter(({ socket }) => !socket.destroyed).length,
});
