// From the start of the process to its first answered request, beside a script that only imports the same libraries.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findLibraries } from '../harness/imports.mjs';
import { measurePairs } from '../harness/pairs.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const entry = join(root, 'dist/emulator/main.js');

export async function run({ quick, createFolder }) {
  const imports = [...findLibraries(entry)].map((name) => `import '${name}';`).join('\n');
  const script = `${imports}\nprocess.stdout.write('ready\\n');\nprocess.stdin.resume();`;
  const measureOurs = () => timeEmulator(createFolder());
  const measureRival = () => time(['--input-type=module', '--eval', script]);
  await measureOurs();
  await measureRival(); // from here on the files are in memory
  return [
    {
      name: 'process start to first answer',
      rival: 'importing the same libraries',
      unit: 'ms',
      figure: 'ratio',
      goal: { atMost: 1.5 },
      pairs: await measurePairs(quick ? 5 : 15, measureOurs, measureRival),
    },
  ];
}

/** The first start in a new folder, which also has to make a certificate authority. */
function timeEmulator(dataDir) {
  const ports = ['--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0'];
  return time([entry, ...ports, '--data-dir', dataDir], async (output) => {
    const [, port] = /https:\/\/localhost:(\d+)/.exec(output);
    const asked = request({ host: '127.0.0.1', port, rejectUnauthorized: false, agent: false });
    const [response] = await once(asked.end(), 'response');
    if (response.statusCode === undefined) throw new Error('the emulator did not answer');
    response.destroy();
  });
}

/** Runs node until it has said something and `proceed` is done. */
async function time(nodeArguments, proceed = () => {}) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, nodeArguments, {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const [output] = await once(child.stdout, 'data');
    await proceed(String(output));
    const value = performance.now() - startedAt;
    return { value, ...readUsage(child.pid) };
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

/** CPU time and peak memory of another process, where the system tells (Linux). */
function readUsage(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    const [, peakKb] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return { cpuUs: (Number(fields[11]) + Number(fields[12])) * 10_000, peakBytes: peakKb * 1024 };
  } catch {
    return {};
  }
}
