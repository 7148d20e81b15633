import { type Clock, systemClock } from '../clock.js';
import { badInput, RequestError } from '../errors.js';
import { HubError, type QueryPage, type QueryResult, type RowResult } from '../hub/hub.js';
import type { MonotonicHub } from '../hub/monotonic-hub.js';
import type { TwinReading } from '../hub/twin.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { Recent } from '../recent.js';
import { toRequestError } from '../request-failure.js';
import { deviceQuery, LONGEST_QUERY } from './compile.js';
import type { Condition } from './condition.js';

/** The hub gives no larger pages. */
export const LARGEST_PAGE = 100;
/** Results that must be read to their end may have no more rows than this: ten pages. */
export const LARGEST_RESULT = 1000;

/** How long a result that was read to its end is used again (ms); the hub's index lags as much. */
const RESULT_AGE = 60_000;

/** Queries over a hub's index, and what can only be said once a whole result is here. */
export class HubQueries {
  readonly #hub: MonotonicHub;
  readonly #results: Recent<readonly TwinReading[]>;

  constructor(hub: MonotonicHub, clock: Clock = systemClock) {
    this.#hub = hub;
    // Large: a thousand twins may be tens of megabytes.
    this.#results = new Recent({ clock, keptFor: RESULT_AGE, most: 4 });
  }

  /** One page. Throws RequestError; CURSOR_EXPIRED where the hub no longer knows the continuation. */
  async twins(sql: string, page: QueryPage): Promise<QueryResult> {
    checkLength(sql);
    return this.#hub.queryTwins(sql, page).catch((error: Error) => refuse(error, page));
  }

  /** As twins, for rows of any form. */
  async rows(sql: string, page: QueryPage): Promise<RowResult> {
    checkLength(sql);
    return this.#hub.queryRows(sql, page).catch((error: Error) => refuse(error, page));
  }

  /** How many devices the condition lets through. */
  async count(condition: Condition): Promise<number> {
    if (condition.sql === false) return 0;
    const sql = deviceQuery('COUNT() AS numberOfDevices', condition);
    const { rows } = await this.rows(sql, { size: 1 });
    const [row] = rows;
    return row === undefined ? 0 : numberIn(row, 'numberOfDevices');
  }

  /**
   * All twins that the condition lets through, each once, as of up to a minute ago.
   * Throws RequestError RESULT_TOO_LARGE when there are too many.
   */
  async allTwins(condition: Condition): Promise<readonly TwinReading[]> {
    if (condition.sql === false) return [];
    const sql = deviceQuery('*', condition);
    const readings = await this.#results.get(sql, () => this.#readAll(sql, condition));
    // What was seen of a device since is newer than what was kept.
    return readings.map((reading) => this.#hub.latest(reading.twin.deviceId) ?? reading);
  }

  async #readAll(sql: string, condition: Condition): Promise<readonly TwinReading[]> {
    const readings = new Map<string, TwinReading>();
    let continuation: string | undefined;
    do {
      const page = await this.twins(sql, { size: LARGEST_PAGE, continuation });
      for (const reading of page.readings) readings.set(reading.twin.deviceId, reading);
      const isFirst = continuation === undefined;
      continuation = page.continuation;
      // One more query tells whether the other nine are worth their while.
      const size = isFirst && continuation ? await this.count(condition) : readings.size;
      if (size > LARGEST_RESULT || (continuation && readings.size >= LARGEST_RESULT)) {
        throw tooLarge(`there are ${Math.max(size, readings.size)} devices`);
      }
    } while (continuation !== undefined);
    return [...readings.values()];
  }

  /** All rows of a query. Throws RequestError RESULT_TOO_LARGE, with these words, when there are too many. */
  async allRows(sql: string, what: string): Promise<readonly JsonObject[]> {
    const rows: JsonObject[] = [];
    let continuation: string | undefined;
    do {
      const page = await this.rows(sql, { size: LARGEST_PAGE, continuation });
      rows.push(...page.rows.filter(isJsonObject));
      continuation = page.continuation;
      const more = continuation !== undefined && rows.length >= LARGEST_RESULT;
      if (more || rows.length > LARGEST_RESULT) throw tooLarge(what);
    } while (continuation !== undefined);
    return rows;
  }
}

/** A number in a row of the hub. */
export function numberIn(row: JsonValue, name: string): number {
  const value = isJsonObject(row) ? row[name] : undefined;
  if (typeof value === 'number') return value;
  throw new RequestError('HUB_UNAVAILABLE', 'IoT Hub answered a count with something else');
}

/** Longer ones the hub refuses with 412, of all things. */
function checkLength(sql: string): void {
  if (sql.length <= LONGEST_QUERY) return;
  throw badInput(
    'where',
    `the filter is too long for IoT Hub: ${sql.length} characters, expected at most ${LONGEST_QUERY}`,
  );
}

function tooLarge(what: string): RequestError {
  return new RequestError(
    'RESULT_TOO_LARGE',
    `${what}; this can only be done with up to ${LARGEST_RESULT}, so narrow the filter`,
  );
}

function refuse(error: Error, { continuation }: QueryPage): never {
  const invalid = error instanceof HubError && error.code === 'INVALID';
  if (!invalid || continuation === undefined) throw toRequestError(error);
  throw new RequestError('CURSOR_EXPIRED', 'after: the cursor is too old; start again', 'after');
}
