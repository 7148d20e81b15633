// An emulator in a process of its own, whose memory can be measured and whose clock the test moves.
import { startEmulator } from '../../../dist/emulator/emulator.js';

let nowMs = Date.now();
let timers = [];

const clock = {
  now: () => new Date(nowMs),
  schedule(callback, delayMs) {
    const timer = { callback, atMs: nowMs + delayMs };
    timers.push(timer);
    return () => {
      timers = timers.filter((other) => other !== timer);
    };
  },
};

const emulator = await startEmulator({
  httpsPort: 0,
  mqttPort: 0,
  amqpPort: 0,
  dataDir: process.argv[2],
  clock,
});

const functions = {
  start() {
    const { httpsPort, mqttPort, amqpPort, ca } = emulator;
    return { httpsPort, mqttPort, amqpPort, ca, device: emulator.registerDevice('well-behaved') };
  },
  /** Lets time pass, and all that is due by then happen. */
  advance(ms) {
    nowMs += ms;
    const due = timers.filter(({ atMs }) => atMs <= nowMs);
    timers = timers.filter(({ atMs }) => atMs > nowMs);
    for (const { callback } of due) callback();
  },
  /** What is still in use once garbage is gone, in bytes. */
  async measure() {
    for (let round = 0; round < 4; round++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      globalThis.gc();
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
};

process.on('message', async ({ name, parameters }) => {
  process.send({ result: await functions[name](...parameters) });
});
process.on('disconnect', () => process.exit());
