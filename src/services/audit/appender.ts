import type { AuditStore } from '../store/audit-store.js';
import type { AuditRecord } from './entry.js';

/** So many records are put into one transaction. */
const AT_ONCE = 500;

interface Waiting {
  readonly record: AuditRecord;
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Appends one batch after the other: what comes while one is on its way shares the next. */
export class Appender {
  readonly #store: Pick<AuditStore, 'append'>;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;

  constructor(store: Pick<AuditStore, 'append'>) {
    this.#store = store;
  }

  /** Gives the sequence number of the entry, once it is on the disk. */
  append(record: AuditRecord): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, AT_ONCE);
      this.#waiting = this.#waiting.slice(AT_ONCE);
      try {
        const sealed = await this.#store.append(batch.map(({ record }) => record));
        for (const [index, { resolve }] of batch.entries()) resolve(sealed[index]?.sequence ?? 0);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#draining = undefined;
  }
}
