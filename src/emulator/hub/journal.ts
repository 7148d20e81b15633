import type { JsonValue } from '../json.js';

/** What a hub keeps, apart from who is connected. */
export type EntryKind = 'identity' | 'message' | 'job';

/** One thing that is kept, in its present state. */
export interface Entry {
  readonly kind: EntryKind;
  readonly key: string;
  readonly value: JsonValue;
}

/**
 * Hears of each change before it is acknowledged. A journal that throws keeps the change from
 * being acknowledged.
 */
export interface Journal {
  put(entry: Entry): void;
  remove(kind: EntryKind, key: string): void;
}

/** Keeps nothing: the hub begins empty at each start. */
export const forgetfulJournal: Journal = { put() {}, remove() {} };
