import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { exitOf } from './processes.mjs';

/** Says why one of these ports of 127.0.0.1 cannot be listened on; nothing when all can. */
export async function findPortTrouble(ports) {
  for (const port of ports) {
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      server.close();
    } catch (error) {
      return error.code === 'EADDRINUSE'
        ? `port ${port} is taken`
        : `port ${port} is not allowed (${error.code})`;
    }
  }
  return undefined;
}

/** Runs a command where all ports are free and allowed: a network of its own, which has nothing but loopback. */
export async function runIsolated(trouble, command) {
  const enter = [
    '--user',
    '--map-root-user',
    '--net',
    'sh',
    '-c',
    'ip link set lo up && exec "$@"',
  ];
  if ((await exitOf(spawn('unshare', [...enter, 'sh', 'true'], { stdio: 'ignore' }))) !== 0) {
    throw new Error(
      `${trouble}, and no network namespace can be made here, which takes unshare, ip and leave to use them. ` +
        'Run as root with ports 443, 8883 and 5671 free.',
    );
  }
  return await exitOf(spawn('unshare', [...enter, 'sh', ...command], { stdio: 'inherit' }));
}
