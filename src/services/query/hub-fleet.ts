import type { Clock } from '../clock.js';
import { badInput, RequestError } from '../errors.js';
import type { RowResult } from '../hub/hub.js';
import type { MonotonicHub } from '../hub/monotonic-hub.js';
import type { TwinReading } from '../hub/twin.js';
import { canonicalJson } from '../json.js';
import { Recent } from '../recent.js';
import { deviceQuery } from './compile.js';
import { countByValue, type DeviceGroup, type DeviceGrouping } from './count-devices.js';
import type { HubPosition } from './cursor.js';
import { moduleFiltersIn, type ScopedFilter } from './device-filter.js';
import { HubQueries, LARGEST_PAGE } from './hub-queries.js';
import { type PropertySample, sampleOf } from './property-paths.js';
import { DeviceSelector } from './select-devices.js';

export interface HubFleetOptions {
  readonly hub: MonotonicHub;
  /** Where devices of any convention report their last reboot. */
  readonly rebootPaths: readonly (readonly string[])[];
  readonly clock: Clock;
}

/** Some of the devices that a filter selects, in the order of the hub. */
export interface HubPage {
  readonly readings: readonly TwinReading[];
  /** Where it goes on; undefined at the end. */
  readonly end: HubPosition | undefined;
}

export interface HubCounts {
  readonly total: number;
  readonly groups: readonly DeviceGroup[];
}

/** Pages of the hub that are read for one page of a filter that the hub cannot fully express. */
const MOST_PAGES = 5;
/** How long a sample of properties is used (ms), and how often one may be taken. */
const SAMPLE_AGE = 10 * 60_000;
const MOST_SAMPLES = 2;
const SAMPLE_INTERVAL = 60_000;

/** The devices of one hub, by its query index. Whatever throws, throws RequestError. */
export class HubFleet {
  readonly name: string;
  readonly #queries: HubQueries;
  readonly #selector: DeviceSelector;
  readonly #samples: Recent<PropertySample>;
  readonly #clock: Clock;
  /** When the last samples were taken, oldest first. */
  #sampledAt: readonly number[] = [];

  constructor({ hub, rebootPaths, clock }: HubFleetOptions) {
    this.name = hub.name;
    this.#clock = clock;
    this.#queries = new HubQueries(hub, clock);
    this.#selector = new DeviceSelector(this.#queries, { rebootPaths, hub: hub.name }, clock);
    this.#samples = new Recent({ clock, keptFor: SAMPLE_AGE, most: 100 });
  }

  /** At most `first` devices, from a position on; pages may be short. */
  async page(asked: ScopedFilter, first: number, start: HubPosition | undefined): Promise<HubPage> {
    const { condition, plain, matches } = await this.#selector.select(asked, start?.plain);
    const readings: TwinReading[] = [];
    if (condition.sql === false) return { readings, end: undefined };
    const sql = deviceQuery('*', condition);
    const size = condition.exact ? first : LARGEST_PAGE;
    let position: HubPosition | undefined = start ?? { ...beginning, plain };
    // Rows that the hub should have left out are to be expected only where it could not.
    for (let pages = condition.exact ? 1 : MOST_PAGES; position && pages > 0; pages -= 1) {
      const { continuation }: HubPosition = position;
      const page = await this.#queries.twins(sql, { size, continuation });
      let row = position.offset;
      for (; row < page.readings.length && readings.length < first; row += 1) {
        const reading = page.readings[row];
        if (reading && matches(reading.twin)) readings.push(reading);
      }
      position = goOn(position, row, page.readings.length, page.continuation);
      if (readings.length === first) break;
    }
    return { readings, end: position };
  }

  /** All that a filter selects, as of up to a minute ago; a thousand at most. */
  async all(asked: ScopedFilter): Promise<readonly TwinReading[]> {
    const { condition, matches } = await this.#selector.select(asked);
    const readings = await this.#queries.allTwins(condition);
    return readings.filter(({ twin }) => matches(twin));
  }

  /** How many devices a filter selects, and of those how many have which value. */
  async counts(asked: ScopedFilter, groupBy: DeviceGrouping | undefined): Promise<HubCounts> {
    const { condition } = await this.#selector.select(asked);
    if (!condition.exact) throw notCountable();
    const groups = groupBy ? await countByValue(this.#queries, condition, groupBy) : [];
    const total = groupBy
      ? groups.reduce((sum, { count }) => sum + count, 0)
      : await this.#queries.count(condition);
    return { total, groups };
  }

  /** The properties of up to a hundred devices; of up to ten minutes ago. */
  async sample(asked: ScopedFilter): Promise<PropertySample> {
    if (moduleFiltersIn(asked.where).length > 0) {
      throw badInput('where.modules', 'a sample is taken with one query, and modules need more');
    }
    const { condition, matches } = await this.#selector.select(asked, false);
    return this.#samples.get(textOf(asked), async () => {
      this.#takeTurnToSample();
      if (condition.sql === false) return sampleOf([], this.#clock.now());
      const sql = deviceQuery('*', condition);
      const { readings } = await this.#queries.twins(sql, { size: LARGEST_PAGE });
      const twins = readings.map(({ twin }) => twin).filter(matches);
      return sampleOf(twins, this.#clock.now());
    });
  }

  /** Rows of a query in the hub's own language, and where it goes on. */
  async rows(
    sql: string,
    first: number,
    start: HubPosition | undefined,
  ): Promise<Pick<RowResult, 'rows' | 'requests'> & { readonly end: HubPosition | undefined }> {
    const position = start ?? beginning;
    const { continuation, offset } = position;
    const page = await this.#queries.rows(sql, { size: first, continuation });
    const rows = page.rows.slice(offset, offset + first);
    const end = goOn(position, offset + rows.length, page.rows.length, page.continuation);
    return { rows, requests: page.requests, end };
  }

  #takeTurnToSample(): void {
    const now = this.#clock.now();
    this.#sampledAt = this.#sampledAt.filter((at) => at + SAMPLE_INTERVAL > now);
    const [oldest = now] = this.#sampledAt;
    if (this.#sampledAt.length >= MOST_SAMPLES) {
      const seconds = Math.ceil((oldest + SAMPLE_INTERVAL - now) / 1000);
      throw new RequestError(
        'HUB_THROTTLED',
        `properties are sampled at most twice a minute; try again in ${seconds} s`,
      );
    }
    this.#sampledAt = [...this.#sampledAt, now];
  }
}

const beginning: HubPosition = { continuation: undefined, offset: 0, plain: false };

/** Where a list goes on when a page was read up to a row; undefined at its end. */
function goOn(
  position: HubPosition,
  row: number,
  rows: number,
  continuation: string | undefined,
): HubPosition | undefined {
  if (row < rows) return { ...position, offset: row };
  // The page may be shorter than when the cursor was made, if fewer rows are asked for now.
  return continuation === undefined ? undefined : { ...position, continuation, offset: row - rows };
}

/** Equal for equal things; dates are their text. */
export function textOf(value: object): string {
  return canonicalJson(JSON.parse(JSON.stringify(value)));
}

function notCountable(): RequestError {
  return new RequestError(
    'FILTER_NOT_COUNTABLE',
    'where: IoT Hub cannot count by this: a comparison under `not` also selects objects and lists, ' +
      'which it cannot find, and there are some (or it would take too long to know). ' +
      'Use ne, nin or exists in place of `not`',
    'where',
  );
}
