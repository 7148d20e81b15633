import { authorize, type Caller } from './access.js';
import { Appender } from './audit/appender.js';
import type {
  AuditEntry,
  AuditOutcome,
  AuditRecord,
  AuditTarget,
  SealedEntry,
} from './audit/entry.js';
import { Refusals } from './audit/refusals.js';
import { type Clock, systemClock } from './clock.js';
import type { DeviceRef } from './device-id.js';
import { badInput, RequestError } from './errors.js';
import type { Hubs } from './hubs.js';
import type { JsonValue } from './json.js';
import type { AuditSelection, AuditStore } from './store/audit-store.js';

/** What somebody wants to do. */
export interface Act {
  readonly caller: Caller;
  readonly origin: { readonly requestId: string; readonly address: string };
  /** The field that was asked for. */
  readonly action: string;
  readonly permission: string;
  readonly targets: readonly NamedTarget[];
  /** Where the act is on an operation. */
  readonly operationId: string | null;
  /** Without secrets. */
  readonly input: JsonValue;
  readonly reason: string | null;
}

/** A device or module as a caller names it. */
export interface NamedTarget {
  readonly deviceId: string;
  readonly hub?: string | undefined;
  readonly moduleId?: string | null | undefined;
  /** Why it was not done to this one. */
  readonly code?: string | null | undefined;
}

/** How far an act came; what is absent is as it was asked for. */
export interface Conclusion {
  readonly outcome: AuditOutcome;
  readonly code?: string | null;
  readonly operationId?: string | null;
  readonly targets?: readonly NamedTarget[];
}

export interface AuditFilter extends Omit<AuditSelection, 'device'> {
  readonly deviceId?: string | undefined;
}

export interface AuditEntryPage {
  readonly nodes: readonly AuditEntry[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface AuditServiceOptions {
  readonly store: AuditStore;
  readonly hubs: Hubs;
  readonly clock?: Clock;
  /** Told of every record that could not be written. */
  readonly onError: (error: unknown, record: AuditRecord) => void;
}

/** The codes of what one may not do; with any other it failed. */
const refusals: readonly string[] = ['FORBIDDEN'];
/** Longer names of what does not exist are cut. */
const LONGEST_NAME = 256;
const ENTRIES_AT_ONCE = 500;

/** Puts on record who does what to which device, and shows it. */
export class AuditService {
  readonly #options: Required<AuditServiceOptions>;
  readonly #appender: Appender;
  readonly #refusals: Refusals;

  constructor(options: AuditServiceOptions) {
    this.#options = { clock: systemClock, ...options };
    this.#appender = new Appender(options.store);
    this.#refusals = new Refusals(this.#options.clock, (record) => void this.#tell(record));
  }

  /**
   * Carries out an act between two entries: that it begins, and how it ended. Throws RequestError
   * DATABASE_UNAVAILABLE, and does nothing, where its beginning cannot be put on record. Where its
   * end cannot be, its first entry remains without a second one.
   */
  async carryOut<Result>(
    act: Act,
    effect: () => Promise<Result>,
    conclude: (result: Result) => Conclusion,
  ): Promise<Result> {
    const started = this.#recordOf(act, { outcome: 'STARTED' });
    const sequence = await this.#demand(started);
    const tell = (conclusion: Conclusion) =>
      this.#tell({ ...this.#recordOf(act, conclusion), input: null, concludes: sequence });
    let result: Result;
    try {
      result = await effect();
    } catch (error) {
      await tell(failureOf(error));
      throw error;
    }
    await tell(conclude(result));
    return result;
  }

  /**
   * Reads what may only be given away on record. Throws RequestError DATABASE_UNAVAILABLE, and
   * gives nothing, where that cannot be done. Null is nothing that was given away.
   */
  async disclose<Result>(act: Act, read: () => Promise<Result>): Promise<Result> {
    let result: Result;
    try {
      result = await read();
    } catch (error) {
      await this.#tell(this.#recordOf(act, failureOf(error)));
      throw error;
    }
    if (result !== null) await this.#demand(this.#recordOf(act, { outcome: 'DONE' }));
    return result;
  }

  /** Notes that somebody was refused, at a bounded cost; the refusal does not wait for it. */
  refused(act: Act, code: string): void {
    this.#refusals.note(this.#recordOf(act, { outcome: 'REFUSED', code }));
  }

  /** What is on record, newest first; of all devices, so that no limited grant is enough. */
  async list(
    caller: Caller,
    { deviceId, ...selection }: AuditFilter,
    first: number,
    after: string | undefined,
  ): Promise<AuditEntryPage> {
    authorize(caller, 'audit:read');
    const device =
      deviceId === undefined ? undefined : this.#options.hubs.parseId(deviceId, 'where.deviceId');
    const found = await this.#options.store.list(
      { ...selection, device },
      { first: first + 1, after: after === undefined ? undefined : parseSequence(after) },
    );
    const nodes = found.slice(0, first);
    const hasNextPage = found.length > first;
    const endCursor = hasNextPage ? String(nodes.at(-1)?.sequence) : null;
    return { nodes, pageInfo: { hasNextPage, endCursor } };
  }

  /**
   * All that is on record behind a sequence number, oldest first, as lines of JSON; a part is read
   * when the one before was taken. Throws as `list` does, before the first line.
   */
  async export(
    { caller, origin }: Pick<Act, 'caller' | 'origin'>,
    after: string | undefined,
  ): Promise<AsyncIterable<string>> {
    const permission = 'audit:read';
    try {
      authorize(caller, permission);
    } catch (error) {
      const nothing = { targets: [], operationId: null, input: null, reason: null };
      this.refused({ caller, origin, action: 'exportAudit', permission, ...nothing }, 'FORBIDDEN');
      throw error;
    }
    const from = after === undefined ? 0 : parseSequence(after);
    const { store } = this.#options;
    return exportLines(store, await store.read(from, ENTRIES_AT_ONCE));
  }

  /** Tells what is not told yet. */
  async close(): Promise<void> {
    this.#refusals.flush();
    await this.#appender.settled();
  }

  /** Puts it on record, or throws what the caller is told instead. */
  async #demand(record: AuditRecord): Promise<number> {
    try {
      return await this.#appender.append(record);
    } catch (error) {
      this.#options.onError(error, record);
      throw new RequestError(
        'DATABASE_UNAVAILABLE',
        'this cannot be put on record now, so it was not done; try again',
      );
    }
  }

  async #tell(record: AuditRecord): Promise<void> {
    try {
      await this.#appender.append(record);
    } catch (error) {
      this.#options.onError(error, record);
    }
  }

  #recordOf(
    { caller, origin, ...act }: Act,
    { outcome, code = null, operationId = act.operationId, targets = act.targets }: Conclusion,
  ): AuditRecord {
    return {
      at: this.#options.clock.now(),
      actor: caller.id,
      ...act,
      outcome,
      code,
      concludes: null,
      targets: targets.map((target) => this.#targetOf(target)),
      operationId,
      requestId: origin.requestId,
      address: origin.address,
      count: 1,
    };
  }

  #targetOf({ deviceId, hub, moduleId, code = null }: NamedTarget): AuditTarget {
    const module = moduleId ? cut(moduleId) : null;
    return { ...this.#named(deviceId, hub), moduleId: module, code };
  }

  #named(deviceId: string, hub: string | undefined): DeviceRef | { hub: null; deviceId: string } {
    try {
      return this.#options.hubs.parseNew(deviceId, hub);
    } catch {
      return { hub: null, deviceId: cut(deviceId) };
    }
  }
}

function failureOf(error: unknown): Conclusion {
  const code = error instanceof RequestError ? error.code : 'INTERNAL_SERVER_ERROR';
  return { outcome: refusals.includes(code) ? 'REFUSED' : 'FAILED', code };
}

function cut(name: string): string {
  return name.slice(0, LONGEST_NAME);
}

function parseSequence(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw badInput('after', 'expected a cursor from pageInfo.endCursor');
}

async function* exportLines(
  store: AuditStore,
  first: readonly SealedEntry[],
): AsyncGenerator<string> {
  let entries = first;
  for (let last = entries.at(-1); last; last = entries.at(-1)) {
    // What is hashed is the line without its last member.
    yield entries.map(({ text, hash }) => `${text.slice(0, -1)},"hash":"${hash}"}\n`).join('');
    entries = await store.read(last.sequence, ENTRIES_AT_ONCE);
  }
}
