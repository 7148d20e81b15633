import type { Operation } from '../actions/operation.js';
import type { Observer } from '../observer.js';
import { inSpan } from '../tracing.js';
import { toDatabaseFailure } from './database-failure.js';
import type { Journal } from './journal.js';

/**
 * A journal that tells how long it takes, when it fails, and which operations came to another status.
 * Where its database cannot do its work, it throws RequestError DATABASE_UNAVAILABLE, and
 * `onFailure` is told the reason.
 */
export function observedJournal(
  journal: Journal,
  observer: Observer,
  onFailure: (error: Error) => void,
): Journal {
  async function observe<T>(call: keyof Journal, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let failed = true;
    try {
      const result = await inSpan(() => ({ name: `journal ${call}` }), work);
      failed = false;
      return result;
    } catch (error) {
      const failure = toDatabaseFailure(error);
      if (failure !== error) onFailure(error as Error);
      throw failure;
    } finally {
      observer.onJournalCall({ call, failed, seconds: (performance.now() - startedAt) / 1000 });
    }
  }

  /** One move for each status that it came to since `sequence`. */
  function tell({ action, history }: Operation, sequence: number): void {
    let before = history.findLast((event) => event.sequence <= sequence)?.status;
    for (const { status } of history.filter((event) => event.sequence > sequence)) {
      if (status !== before) observer.onOperationMove({ action, status });
      before = status;
    }
  }

  return {
    audit: journal.audit,
    async create(operation) {
      const creation = await observe('create', () => journal.create(operation));
      if (creation.kind === 'CREATED') tell(operation, 0);
      return creation;
    },
    async save(operation, sequence) {
      const saved = await observe('save', () => journal.save(operation, sequence));
      if (saved) tell(operation, sequence);
      return saved;
    },
    remember: (key) => observe('remember', () => journal.remember(key)),
    find: (id) => observe('find', () => journal.find(id)),
    findKey: (requestedBy, key) => observe('findKey', () => journal.findKey(requestedBy, key)),
    findDisturbing: (hub, deviceId) =>
      observe('findDisturbing', () => journal.findDisturbing(hub, deviceId)),
    findLatest: (hub, deviceId, action) =>
      observe('findLatest', () => journal.findLatest(hub, deviceId, action)),
    findUnsettled: (hub, deviceId, since) =>
      observe('findUnsettled', () => journal.findUnsettled(hub, deviceId, since)),
    adopt: (hub, isKnown) => observe('adopt', () => journal.adopt(hub, isKnown)),
    list: (selection, page) => observe('list', () => journal.list(selection, page)),
    check: () => observe('check', () => journal.check()),
    close: () => journal.close(),
  };
}
