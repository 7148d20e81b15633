/** Runs one tutorial device against any hub, from the command line. */
import { once } from 'node:events';
import { pino } from 'pino';
import { parseArguments, usage } from './arguments.js';
import { startDevice } from './simulator.js';

try {
  const parsed = parseArguments(process.argv.slice(2), process.env);
  if (parsed.kind === 'help') process.stdout.write(`${usage}\n`);
  else {
    const device = await startDevice({ ...parsed.options, logger: pino() });
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await device.stop();
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
