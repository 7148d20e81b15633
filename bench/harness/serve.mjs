// The other end of process.mjs: what a program started by it offers.
import { setTimeout as sleep } from 'node:timers/promises';

/** Lets the parent call these functions. */
export function serve(functions) {
  const offered = { measure, settle, ...functions };
  process.on('message', async ({ id, name, parameters }) => {
    try {
      process.send({ id, result: await offered[name](...parameters) });
    } catch (error) {
      process.send({ id, error: error.stack });
    }
  });
  process.on('disconnect', () => process.exit());
}

/** What this process has used since it began. */
function measure() {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

/** Collects garbage until nothing more goes, and tells what remains. Needs --expose-gc. */
async function settle() {
  let usage = process.memoryUsage();
  for (let round = 0; round < 10; round++) {
    globalThis.gc();
    await sleep(100);
    const before = usage.rss;
    usage = process.memoryUsage();
    if (round > 2 && before - usage.rss < before / 200) break;
  }
  return { rss: usage.rss, script: usage.heapUsed + usage.external };
}
