import type { Kysely } from 'kysely';
import { Backlog } from '../backlog.js';
import { HubError, type HubErrorCode, type Urgency, urgencies } from '../hub/hub.js';
import type { TwinReading } from '../hub/twin.js';
import type { Polling, PollingMember, PollingSeat, ReadOutcome, Wish } from '../watch/polling.js';
import { notify } from './notify.js';
import type { Session } from './session.js';
import type { ReplicaTables, SharedTables } from './tables.js';

/** Rows of one statement. */
const AT_ONCE = 500;

export interface SharedPollingOptions {
  readonly hub: string;
  readonly db: Kysely<SharedTables>;
  readonly session: Session;
  readonly onError: (error: Error) => void;
}

/**
 * Polling among gateways on one PostgreSQL. Each writes down what it watches; of those who watch a
 * device the one that came first reads it, while its lease holds. Readings that differ from the
 * last are kept in a table, since a notice is too small for a twin; the notice says that there is one.
 */
export class SharedPolling implements Polling {
  readonly #options: SharedPollingOptions;
  readonly #seats = new Map<string, Seat>();
  /** Devices whose wish, or whose seat, is not written down yet. */
  readonly #unwritten: Backlog<string>;
  /** Devices of which it is to be seen who watches them. */
  readonly #unseen: Backlog<string>;
  /** Outcomes that wait to be published. */
  #outcomes = new Map<string, ReadOutcome>();
  #publishing = false;
  #hearing: Promise<unknown> = Promise.resolve();

  constructor(options: SharedPollingOptions) {
    this.#options = options;
    const { session, onError } = options;
    const terms = {
      atOnce: AT_ONCE,
      clock: session.clock,
      isOver: () => session.isOver,
      onError,
    };
    this.#unwritten = new Backlog({ ...terms, work: (deviceIds) => this.#writeSome(deviceIds) });
    this.#unseen = new Backlog({ ...terms, work: (deviceIds) => this.#lookAt(deviceIds) });
    session.joined.on(() => this.#rejoin());
    session.lost.on(() => this.#forget());
    session.renewed.on(() => this.#turn());
    session.departed.on(() => this.#look(this.#seats.keys()));
    session.connected.on((connected) => connected && this.#catchUp());
    session.notices.on(({ kind, body }) => {
      if (kind === 'watches') this.#hearWatches(body as unknown as WatchesNotice);
      else if (kind === 'readings') this.#hearReadings(body as unknown as ReadingsNotice);
    });
  }

  join(deviceId: string, wish: Wish, member: PollingMember): PollingSeat {
    const seat = new Seat(this.#options.session, wish, member);
    this.#seats.set(deviceId, seat);
    this.#write(deviceId);
    return {
      get reads() {
        return seat.reads;
      },
      get others() {
        return seat.others;
      },
      wish: (next) => {
        if (sameWish(seat.wish, next)) return;
        seat.wish = next;
        this.#write(deviceId);
      },
      publish: (outcome) => {
        if (seat.others) this.#publish(deviceId, outcome);
      },
      leave: () => {
        if (this.#seats.get(deviceId) !== seat) return;
        this.#seats.delete(deviceId);
        this.#write(deviceId);
      },
    };
  }

  /** The rows are gone with the lease. */
  #forget(): void {
    for (const seat of this.#seats.values()) seat.look([]);
  }

  #rejoin(): void {
    for (const deviceId of this.#seats.keys()) this.#write(deviceId);
  }

  /** The lease ran out for a while: what is this gateway's to read is so again. */
  #turn(): void {
    for (const seat of this.#seats.values()) seat.turn();
  }

  /** After a gap: who watches what may have changed, and readings may have been missed. */
  #catchUp(): void {
    const deviceIds = [...this.#seats.keys()];
    this.#look(deviceIds);
    this.#inOrder(() =>
      this.#fetch(deviceIds.filter((deviceId) => !this.#seats.get(deviceId)?.reads)),
    );
  }

  #write(deviceId: string): void {
    this.#unwritten.add(deviceId, deviceId);
  }

  #look(deviceIds: Iterable<string>): void {
    for (const deviceId of deviceIds) this.#unseen.add(deviceId, deviceId);
  }

  async #writeSome(deviceIds: readonly string[]): Promise<void> {
    const { hub, db, session } = this.#options;
    const replica = session.id;
    const left = deviceIds.filter((deviceId) => !this.#seats.has(deviceId));
    const rows = deviceIds.flatMap((deviceId) => {
      const wish = this.#seats.get(deviceId)?.wish;
      return wish ? [{ hub, device_id: deviceId, replica, ...toColumns(wish) }] : [];
    });
    await db.transaction().execute(async (transaction) => {
      if (left.length > 0) {
        await transaction
          .deleteFrom('watches')
          .where('hub', '=', hub)
          .where('replica', '=', replica)
          .where('device_id', 'in', left)
          .execute();
        await transaction
          .deleteFrom('twin_readings')
          .where('hub', '=', hub)
          .where('device_id', 'in', left)
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('watches')
                  .select('replica')
                  .whereRef('watches.hub', '=', 'twin_readings.hub')
                  .whereRef('watches.device_id', '=', 'twin_readings.device_id'),
              ),
            ),
          )
          .execute();
      }
      if (rows.length > 0) {
        await transaction
          .insertInto('watches')
          .values(rows)
          .onConflict((conflict) =>
            conflict.columns(['hub', 'device_id', 'replica']).doUpdateSet(({ ref }) => ({
              interval_ms: ref('excluded.interval_ms'),
              urgency: ref('excluded.urgency'),
            })),
          )
          .execute();
      }
      await notify(transaction, session, 'watches', deviceIds, (ids) => ({ hub, ids }));
    });
    this.#look(rows.map((row) => row.device_id));
  }

  /** Sees who watches these devices now. */
  async #lookAt(deviceIds: readonly string[]): Promise<void> {
    const { hub, db } = this.#options;
    const rows = await db
      .selectFrom('watches')
      .select(['device_id', 'replica', 'since', 'interval_ms', 'urgency'])
      .where('hub', '=', hub)
      .where('device_id', 'in', deviceIds)
      .execute();
    const watches = new Map<string, PeerWatch[]>(deviceIds.map((deviceId) => [deviceId, []]));
    for (const { device_id, replica, since, interval_ms, urgency } of rows) {
      const wish = { interval: interval_ms, urgency: urgency as Urgency };
      watches.get(device_id)?.push({ replica, since, wish });
    }
    for (const [deviceId, watching] of watches) this.#seats.get(deviceId)?.look(watching);
  }

  #hearWatches({ hub, ids }: WatchesNotice): void {
    if (hub !== this.#options.hub) return;
    this.#look(ids.filter((deviceId) => this.#seats.has(deviceId)));
  }

  #publish(deviceId: string, outcome: ReadOutcome): void {
    this.#outcomes.set(deviceId, outcome);
    if (this.#publishing) return;
    this.#publishing = true;
    setImmediate(() => void this.#publishAll());
  }

  async #publishAll(): Promise<void> {
    const { onError } = this.#options;
    while (this.#outcomes.size > 0 && !this.#options.session.isOver) {
      const outcomes = this.#outcomes;
      this.#outcomes = new Map();
      // What could not be published is followed by the next read.
      await this.#publishSome([...outcomes]).catch(onError);
    }
    this.#publishing = false;
  }

  async #publishSome(outcomes: readonly (readonly [string, ReadOutcome])[]): Promise<void> {
    const { hub, db, session } = this.#options;
    const notices: PublishedOutcome[] = [];
    const rows: ReplicaTables['twin_readings'][] = [];
    for (const [deviceId, outcome] of outcomes) {
      if (outcome instanceof HubError) {
        notices.push({ deviceId, code: outcome.code, message: outcome.message });
        continue;
      }
      const seat = this.#seats.get(deviceId);
      const revision = revisionOf(outcome);
      const times = timesOf(outcome, session.clock.error);
      notices.push({ deviceId, revision, ...times });
      if (seat && seat.stored !== revision) {
        const document = JSON.stringify({ ...outcome, ...times });
        rows.push({ hub, device_id: deviceId, revision, document });
      }
    }
    await db.transaction().execute(async (transaction) => {
      for (let at = 0; at < rows.length; at += AT_ONCE) {
        await transaction
          .insertInto('twin_readings')
          .values(rows.slice(at, at + AT_ONCE))
          .onConflict((conflict) =>
            conflict.columns(['hub', 'device_id']).doUpdateSet(({ ref }) => ({
              revision: ref('excluded.revision'),
              document: ref('excluded.document'),
            })),
          )
          .execute();
      }
      await notify(transaction, session, 'readings', notices, (outcomes) => ({ hub, outcomes }));
    });
    for (const { device_id, revision } of rows) {
      const seat = this.#seats.get(device_id);
      if (seat) seat.stored = revision;
    }
  }

  /** In the order in which they were published. */
  #hearReadings({ hub, outcomes }: ReadingsNotice): void {
    if (hub !== this.#options.hub) return;
    this.#inOrder(() => this.#deliver(outcomes));
  }

  #inOrder(task: () => Promise<unknown>): void {
    // The next reading comes, or the silence is noticed.
    this.#hearing = this.#hearing.then(task).catch(this.#options.onError);
  }

  async #deliver(outcomes: readonly PublishedOutcome[]): Promise<void> {
    const missing: string[] = [];
    for (const outcome of outcomes) {
      const seat = this.#seats.get(outcome.deviceId);
      if (!seat) continue;
      if (!('revision' in outcome)) {
        seat.hear(new HubError(outcome.code, outcome.message));
      } else if (seat.heard && revisionOf(seat.heard) === outcome.revision) {
        const { askedAt, observedAt, hubTime } = outcome;
        seat.hear({ ...seat.heard, askedAt, observedAt, hubTime });
      } else {
        missing.push(outcome.deviceId);
      }
    }
    const found = await this.#fetch(missing);
    // It is gone from the table: writing down the watch makes the reader store it again.
    for (const deviceId of missing) if (!found.has(deviceId)) this.#write(deviceId);
  }

  /** Takes readings from the table; tells of which devices there were any. */
  async #fetch(deviceIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { hub, db, session } = this.#options;
    const found = new Set<string>();
    for (let at = 0; at < deviceIds.length; at += AT_ONCE) {
      const rows = await db
        .selectFrom('twin_readings')
        .select(['device_id', 'document'])
        .where('hub', '=', hub)
        .where('device_id', 'in', deviceIds.slice(at, at + AT_ONCE))
        .execute();
      for (const { device_id, document } of rows) {
        found.add(device_id);
        this.#seats.get(device_id)?.hear(toReading(document, session.clock.error));
      }
    }
    return found;
  }
}

/** What one gateway's watch of a device looks like to the others. */
interface PeerWatch {
  readonly replica: string;
  /** Grows from each watch to the next. */
  readonly since: number;
  readonly wish: Wish;
}

class Seat {
  readonly #session: Session;
  readonly #member: PollingMember;
  #watches: readonly PeerWatch[] = [];
  wish: Wish;
  /** Revision of the reading that is in the table by our hand. */
  stored: string | undefined;
  /** The last reading that another gateway published. */
  heard: TwinReading | undefined;

  constructor(session: Session, wish: Wish, member: PollingMember) {
    this.#session = session;
    this.#member = member;
    this.wish = wish;
  }

  get reads(): boolean {
    return this.#session.held && this.#isFirst();
  }

  get others(): Wish | undefined {
    const wishes = this.#watches
      .filter(({ replica }) => replica !== this.#session.id)
      .map(({ wish }) => wish);
    if (wishes.length === 0) return undefined;
    const urgent = new Set(wishes.map(({ urgency }) => urgency));
    return {
      interval: Math.min(...wishes.map(({ interval }) => interval)),
      urgency: urgencies.find((urgency) => urgent.has(urgency)) ?? 'IDLE',
    };
  }

  look(watches: readonly PeerWatch[]): void {
    this.#watches = watches;
    // Who read meanwhile may have stored another one; the server may have lost it in a crash.
    this.stored = undefined;
    this.turn();
  }

  turn(): void {
    this.#member.onTurn();
  }

  hear(outcome: ReadOutcome): void {
    if (!(outcome instanceof HubError)) this.heard = outcome;
    this.#member.onOutcome(outcome);
  }

  #isFirst(): boolean {
    const own = this.#watches.find(({ replica }) => replica === this.#session.id);
    return own !== undefined && this.#watches.every(({ since }) => since >= own.since);
  }
}

interface WatchesNotice {
  readonly hub: string;
  readonly ids: readonly string[];
}

interface ReadingsNotice {
  readonly hub: string;
  readonly outcomes: readonly PublishedOutcome[];
}

type Times = Pick<TwinReading, 'askedAt' | 'observedAt' | 'hubTime'>;

type PublishedOutcome =
  | ({ readonly deviceId: string; readonly revision: string } & Times)
  | { readonly deviceId: string; readonly code: HubErrorCode; readonly message: string };

function sameWish(one: Wish, other: Wish): boolean {
  return one.interval === other.interval && one.urgency === other.urgency;
}

function toColumns({ interval, urgency }: Wish) {
  return { interval_ms: Math.round(interval), urgency };
}

/** Two readings of one revision differ in their times only. */
function revisionOf({ twin }: TwinReading): string {
  const { version, etag, deviceEtag, status, connectionState, lastActivityTime } = twin;
  const active = lastActivityTime?.getTime() ?? '';
  return [version, etag, deviceEtag, status, connectionState, active].join(' ');
}

/** When it was asked for, at the earliest: each clock may be off by its error. */
function timesOf({ askedAt, observedAt, hubTime }: TwinReading, error: number): Times {
  return { askedAt: askedAt - error, observedAt, hubTime };
}

function toReading(document: string, error: number): TwinReading {
  const reading = JSON.parse(document) as TwinReading & {
    readonly twin: { readonly lastActivityTime: string | null };
  };
  const { lastActivityTime } = reading.twin;
  return {
    ...reading,
    askedAt: reading.askedAt - error,
    twin: {
      ...reading.twin,
      lastActivityTime: lastActivityTime === null ? null : new Date(lastActivityTime),
    },
  };
}
