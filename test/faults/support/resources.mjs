// Tells on SIGUSR2, as one line of JSON, what a program holds on to: timers, sockets and the like by kind, listeners of
// abort signals, and streams of subscribers. A preload for `node --import`.
import { getEventListeners } from 'node:events';
import { writeSync } from 'node:fs';
import process from 'node:process';
import { queryObjects } from 'node:v8';
import { Repeater } from '@repeaterjs/repeater';

const signals = new Set();

globalThis.AbortController = class extends AbortController {
  constructor() {
    super();
    signals.add(new WeakRef(this.signal));
  }
};

function abortListeners() {
  let count = 0;
  for (const reference of signals) {
    const signal = reference.deref();
    if (signal) count += getEventListeners(signal, 'abort').length;
    else signals.delete(reference);
  }
  return count;
}

let asked = 0;
process.on('SIGUSR2', () => {
  // It collects garbage before it counts; so do the others then.
  const streams = queryObjects(Repeater, { format: 'count' });
  const active = {};
  for (const kind of process.getActiveResourcesInfo()) active[kind] = (active[kind] ?? 0) + 1;
  asked += 1;
  const held = { ...active, streams, abortListeners: abortListeners() };
  writeSync(1, `held ${asked} ${JSON.stringify(held)}\n`);
});
