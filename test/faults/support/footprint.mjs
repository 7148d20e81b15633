// Tells on SIGUSR2, as one line of JSON, what a program takes once its garbage is gone: memory (bytes), handles by kind,
// and by how much its event loop was late since it was asked before (ms). A preload for `node --import`.
import { writeSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

let asked = 0;
process.on('SIGUSR2', () => {
  const lag = { p99: delay.percentile(99) / 1e6, most: delay.max / 1e6 };
  for (let pass = 0; pass < 3; pass += 1) collectGarbage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const handles = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  asked += 1;
  writeSync(
    1,
    `footprint ${asked} ${JSON.stringify({ rss, heap: heapUsed, external, handles, lag })}\n`,
  );
  delay.reset();
});
