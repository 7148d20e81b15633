// Kills the gateway at a seam (src/services/actions/seams.ts), from outside of its code: a preload for
// `node --import`. DIE_AT says at which, and at the how-manieth passing of it: "AFTER_CLAIM 1", or "ANY 17".
// With "… when armed" it counts from a SIGUSR2 on. What it prints is written before it dies.
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import process from 'node:process';

const [wanted, number, ...whenArmed] = process.env.DIE_AT.split(' ');
let left = Number(number);

function count({ seam, operationId }) {
  if (wanted !== 'ANY' && wanted !== seam) return;
  left -= 1;
  if (left > 0) return;
  writeSync(2, `died at ${seam} of ${operationId}\n`);
  process.kill(process.pid, 'SIGKILL');
}

const arm = () => subscribe('twinql:operation', count);
if (whenArmed.length === 0) {
  arm();
} else {
  process.once('SIGUSR2', () => {
    arm();
    writeSync(2, 'armed\n');
  });
}
