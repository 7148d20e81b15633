// Servers, rivals and load generators each run in a process of their own, so that none is charged for another's work.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Starts a program that calls `serve`. The result's `call` calls one of its functions, `measure` tells what the program
 * has used so far, and `close` ends it.
 */
export async function startProcess(file, nodeArguments = []) {
  const child = fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), [], {
    execArgv: nodeArguments,
    serialization: 'advanced',
  });
  const waiting = new Map();
  let count = 0;
  child.on('message', ({ id, result, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(`${file}: ${error}`));
  });
  const ended = once(child, 'exit').then(([code, signal]) => {
    const error = new Error(`${file} ended unasked (${signal ?? code})`);
    for (const { reject } of waiting.values()) reject(error);
  });

  const call = (name, ...parameters) =>
    new Promise((resolve, reject) => {
      if (!child.connected) return reject(new Error(`${file} has ended`));
      const id = ++count;
      waiting.set(id, { resolve, reject });
      child.send({ id, name, parameters });
    });
  const close = async () => {
    waiting.clear();
    child.kill('SIGKILL');
    await ended;
  };
  return { call, close, measure: () => call('measure') };
}
