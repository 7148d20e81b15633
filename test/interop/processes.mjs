import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a set-up step and gives its output; throws one with `advice`, and what it printed, when it fails. */
export async function runStep(file, args, advice) {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    output += text;
  });
  const code = await exitOf(child);
  if (code !== 0) throw new Error(`${advice}\n${[file, ...args].join(' ')} failed:\n${output}`);
  return output;
}

/** The exit code; 127, as a shell's, when there is no such program. */
export async function exitOf(child) {
  try {
    const [code] = await once(child, 'close');
    return code ?? 1;
  } catch (error) {
    if (error.code === 'ENOENT') return 127;
    throw error;
  }
}
