import { createHash } from 'node:crypto';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { type Cancel, type Clock, systemClock } from '../clock.js';
import type { JsonValue } from '../json.js';
import { createNotifier, type Notifier } from './notifier.js';
import { SharedClock } from './shared-clock.js';

/** A gateway that has not been heard of for this long (ms) is taken for dead. */
const LEASE = 3_000;
/** How often each says that it lives (ms). */
const HEARTBEAT = 750;
/** No connection and no statement of the session may take longer (ms): it would outlive the lease. */
const TIMEOUT = 2_000;
/** Between attempts to connect again (ms). */
const RETRY = 500;

/** What one gateway says of itself with each heartbeat. */
export interface Member {
  readonly id: string;
  readonly demand: JsonValue;
}

/** What one gateway tells the others. */
export interface Notice {
  readonly kind: string;
  readonly body: JsonValue;
}

export interface SessionOptions {
  readonly url: string;
  /** The time of this machine. */
  readonly clock?: Clock;
  /** Milliseconds that nobody sets back. */
  readonly elapsed?: () => number;
  /** Asked with every heartbeat: what the others are to know of this gateway's needs. */
  readonly demand: () => JsonValue;
  readonly onError: (error: Error) => void;
}

/**
 * One gateway's place among those on one database: a lease that it renews, the notices that it
 * hears, and the database's time, all over one connection, so that whoever renews also hears.
 */
export class Session {
  readonly #options: Required<SessionOptions>;
  #client: pg.Client | undefined;
  #id: string = uuidv7();
  #channel = '';
  #joined = false;
  #closed = false;
  /** By `elapsed`. */
  #heldUntil = Number.NEGATIVE_INFINITY;
  #heldSince = Number.POSITIVE_INFINITY;
  #known: ReadonlySet<string> = new Set();
  #cancelNext: Cancel | undefined;
  /** The heartbeat, or the attempt to connect, that is under way. */
  #underWay: Promise<void> = Promise.resolve();

  /** The database's time. */
  readonly clock: SharedClock;
  readonly joined: Notifier<void> = createNotifier();
  readonly lost: Notifier<void> = createNotifier();
  /** The lease, which had run out, holds again; the others need not have noticed. */
  readonly renewed: Notifier<void> = createNotifier();
  readonly connected: Notifier<boolean> = createNotifier();
  readonly departed: Notifier<void> = createNotifier();
  readonly members: Notifier<readonly Member[]> = createNotifier();
  readonly notices: Notifier<Notice> = createNotifier();

  constructor({
    clock = systemClock,
    elapsed = () => performance.now(),
    ...options
  }: SessionOptions) {
    this.#options = { clock, elapsed, ...options };
    this.clock = new SharedClock(clock);
  }

  /** By which the others know this gateway; another one after it was taken for dead. */
  get id(): string {
    return this.#id;
  }

  /** Whether the others are sure to take this gateway for alive. */
  get held(): boolean {
    return this.#options.elapsed() < this.#heldUntil;
  }

  /** Whether this gateway has left: the others have forgotten it. */
  get isOver(): boolean {
    return this.#closed;
  }

  /** Where notices are sent: apart for each schema that holds an installation. */
  get channel(): string {
    return this.#channel;
  }

  /** Joins. Throws what the database answers. */
  start(): Promise<void> {
    const connecting = this.#connect();
    this.#underWay = connecting.catch(() => {});
    return connecting;
  }

  /** Leaves: what this gateway drove and read is free for the others. */
  async leave(): Promise<void> {
    this.#closed = true;
    this.#cancelNext?.();
    // Else it might take a place, or a connection, when this one is given up.
    await this.#underWay;
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    try {
      await client.query(
        `WITH gone AS (DELETE FROM replicas WHERE id = $1 RETURNING id)
         SELECT pg_notify($2, $3) FROM gone`,
        [this.#id, this.#channel, this.format('departed')],
      );
    } catch (error) {
      // The lease will end by itself.
      this.#options.onError(error as Error);
    }
    await client.end().catch(() => {});
  }

  /** A notice as text, to be sent by `pg_notify`. */
  format(kind: string, body: JsonValue = null): string {
    return JSON.stringify([this.#id, kind, body]);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      application_name: 'twinql session',
      connectionTimeoutMillis: TIMEOUT,
      query_timeout: TIMEOUT,
      keepAlive: true,
    });
    client.on('error', (error) => this.#lose(client, error));
    client.on('end', () => this.#lose(client, new Error('the database closed the connection')));
    client.on('notification', ({ payload = '' }) => this.#hear(payload));
    try {
      await client.connect();
      const { rows } = await client.query('SELECT current_schema() AS schema');
      const [row] = rows as { schema: string }[];
      this.#channel = `twinql_${createHash('sha256')
        .update(row?.schema ?? '')
        .digest('hex')
        .slice(0, 16)}`;
      await client.query(`LISTEN ${this.#channel}`);
      await this.#beat(client);
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    this.#client = client;
    if (!this.#closed) this.connected.tell(true);
    this.#schedule(HEARTBEAT);
  }

  #schedule(pause: number): void {
    if (this.#closed) return;
    this.#cancelNext?.();
    this.#cancelNext = this.#options.clock.after(pause, () => {
      this.#underWay = this.#next();
    });
  }

  async #next(): Promise<void> {
    const client = this.#client;
    try {
      if (!client) return await this.#connect();
      await this.#beat(client);
      this.#schedule(HEARTBEAT);
    } catch (error) {
      if (client) this.#lose(client, error as Error);
      else this.#schedule(RETRY);
    }
  }

  #lose(client: pg.Client, error: Error): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = undefined;
    client.end().catch(() => {});
    this.#options.onError(error);
    this.connected.tell(false);
    this.#schedule(RETRY);
  }

  /** Renews the lease, sees who else is there, and takes those that are not for dead. */
  async #beat(client: pg.Client): Promise<void> {
    const asked = this.#options.elapsed();
    const sample = this.clock.sample();
    const renewed = await client.query(
      `UPDATE replicas SET expires_at = clock_timestamp() + $2 * interval '1 ms', demand = $3
       WHERE id = $1 RETURNING extract(epoch FROM clock_timestamp()) * 1000 AS now`,
      [this.#id, LEASE, JSON.stringify(this.#options.demand())],
    );
    const [row] = renewed.rows as { now: string }[];
    if (!row) return this.#join(client);
    sample(Number(row.now));
    this.#hold(asked);
    if (!this.#joined) {
      this.#joined = true;
      this.joined.tell();
    }
    if (this.#isSteady()) await this.#reap(client);
    const { rows } = await client.query('SELECT id, demand FROM replicas ORDER BY id');
    this.#see(rows as { id: string; demand: string }[]);
  }

  /** Takes a place: the next heartbeat finds it, even one that never learned of its own success. */
  async #join(client: pg.Client): Promise<void> {
    if (this.#closed) return;
    if (this.#joined) {
      this.#joined = false;
      this.#id = uuidv7();
      this.#heldUntil = Number.NEGATIVE_INFINITY;
      this.lost.tell();
    }
    await client.query(
      `INSERT INTO replicas (id, expires_at, demand)
       VALUES ($1, clock_timestamp() + $2 * interval '1 ms', 'null')`,
      [this.#id, LEASE],
    );
    await this.#beat(client);
  }

  /** One that stopped in the middle of a transaction is left until the server has ended that. */
  async #reap(client: pg.Client): Promise<void> {
    await client.query(
      `WITH gone AS (
         DELETE FROM replicas WHERE id IN (
           SELECT id FROM replicas WHERE expires_at < clock_timestamp() FOR UPDATE SKIP LOCKED)
         RETURNING id)
       SELECT pg_notify($1, $2) FROM gone`,
      [this.#channel, this.format('departed')],
    );
  }

  /** Whoever is not there any more departed, whether or not a notice of it was heard. */
  #see(rows: readonly { readonly id: string; readonly demand: string }[]): void {
    const known = this.#known;
    this.#known = new Set(rows.map(({ id }) => id));
    if ([...known].some((id) => !this.#known.has(id))) this.departed.tell();
    this.members.tell(
      rows.map(({ id, demand }) => ({ id, demand: JSON.parse(demand) as JsonValue })),
    );
  }

  #hold(asked: number): void {
    const regained = !this.held;
    if (regained) this.#heldSince = asked;
    this.#heldUntil = asked + LEASE;
    if (regained) this.renewed.tell();
  }

  /**
   * Whether this gateway has held its lease for as long as a lease lasts. After an outage of the
   * database everybody's has run out: nobody judges the others before they could renew.
   */
  #isSteady(): boolean {
    return this.#options.elapsed() - this.#heldSince >= LEASE;
  }

  /** A gateway of another version may say what this one does not understand. */
  #hear(payload: string): void {
    try {
      const [from, kind, body] = JSON.parse(payload) as [string, string, JsonValue];
      if (from === this.#id) return;
      if (kind === 'departed') this.departed.tell();
      else this.notices.tell({ kind, body });
    } catch (error) {
      const { message } = error as Error;
      this.#options.onError(new Error(`a notice was not understood: ${message}`));
    }
  }
}
