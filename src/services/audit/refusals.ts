import type { Cancel, Clock } from '../clock.js';
import type { AuditRecord } from './entry.js';

/** For so long (ms) further refusals of the same to the same are counted, not told one by one. */
const GATHERING = 60_000;
/** Whom and what is told apart at the same time; all others are counted together. */
const MOST_APART = 100;
/** Of a refused act, so many targets are told. */
const MOST_TARGETS = 10;

interface Gathering {
  readonly record: AuditRecord;
  more: number;
  readonly cancel: Cancel;
}

/**
 * Tells of refusals at a bounded cost: the first to an actor of an action at once, with all that is
 * known; those of the next minute in one entry that counts them. However many come, there are
 * never more than some 200 entries a minute.
 */
export class Refusals {
  readonly #clock: Clock;
  readonly #write: (record: AuditRecord) => void;
  readonly #gatherings = new Map<string, Gathering>();

  constructor(clock: Clock, write: (record: AuditRecord) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  note(record: AuditRecord): void {
    const [key, told] = this.#apart(record);
    const gathering = this.#gatherings.get(key);
    if (gathering) {
      gathering.more += 1;
      return;
    }
    const cancel = this.#clock.after(GATHERING, () => this.#end(key));
    this.#gatherings.set(key, { record: told, more: 0, cancel });
    this.#write({ ...told, targets: told.targets.slice(0, MOST_TARGETS) });
  }

  /** Tells what was counted so far. */
  flush(): void {
    for (const key of [...this.#gatherings.keys()]) this.#end(key);
  }

  #apart(record: AuditRecord): [key: string, told: AuditRecord] {
    const key = JSON.stringify([record.actor, record.action]);
    if (this.#gatherings.has(key) || this.#gatherings.size < MOST_APART) return [key, record];
    return ['', { ...withoutDetails(record), actor: '*', action: '*', permission: '*' }];
  }

  #end(key: string): void {
    const gathering = this.#gatherings.get(key);
    if (!gathering) return;
    gathering.cancel();
    this.#gatherings.delete(key);
    const { record, more } = gathering;
    if (more > 0) {
      this.#write({ ...withoutDetails(record), at: this.#clock.now(), count: more });
    }
  }
}

/** What differs among the refusals that one entry stands for. */
function withoutDetails(record: AuditRecord): AuditRecord {
  return { ...record, targets: [], input: null, reason: null, requestId: null, address: null };
}
