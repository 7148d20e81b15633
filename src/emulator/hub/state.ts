import type { Hub } from './hub.js';
import { fromRecord, toEntry } from './identity-record.js';
import { fromJobRecord, toJobEntry } from './job-record.js';
import type { Entry } from './journal.js';
import { fromMessageRecord, toMessageEntry } from './message-record.js';

/** All that the hub keeps: devices first, as the rest refers to them. */
export function* dumpState(hub: Hub): Iterable<Entry> {
  for (const device of hub.registry.devices.values()) yield toEntry(device);
  for (const module of hub.registry.allModules()) yield toEntry(module);
  for (const { identity, id, message } of hub.deviceBound.list()) {
    yield toMessageEntry(identity, id, message);
  }
  for (const job of hub.jobs.list()) yield toJobEntry(job);
}

/**
 * Puts back what was dumped. Throws before it changes anything when an entry is not one.
 * @param prepare is called once all entries are known to be good
 */
export function restoreState(
  hub: Hub,
  entries: Iterable<Entry>,
  prepare: () => void = () => {},
): void {
  const all = [...entries];
  const identities = all.filter(isOf('identity')).map(({ value }) => fromRecord(value));
  const messages = all
    .filter(isOf('message'))
    .map(({ key, value }) => ({ id: key, ...fromMessageRecord(value) }));
  const jobs = all.filter(isOf('job')).map(({ value }) => fromJobRecord(value));

  prepare();
  for (const identity of identities) hub.registry.restore(identity);
  for (const { id, name, message } of messages) {
    const identity = hub.registry.find(name);
    if (identity !== undefined) hub.deviceBound.restore(identity, id, message);
  }
  for (const job of jobs) hub.jobs.restore(job);
}

/** Forgets all, as a hub that was just made. */
export function clearState(hub: Hub): void {
  hub.jobs.clear();
  hub.registry.clear();
}

function isOf(kind: Entry['kind']): (entry: Entry) => boolean {
  return (entry) => entry.kind === kind;
}
