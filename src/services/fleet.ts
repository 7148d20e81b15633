import { authorize, type Caller, permits } from './access.js';
import { type Clock, systemClock } from './clock.js';
import type { Device, DeviceService } from './device.js';
import { badInput, RequestError } from './errors.js';
import type { MonotonicHub } from './hub/monotonic-hub.js';
import type { TwinReading } from './hub/twin.js';
import { canonicalJson, type JsonValue } from './json.js';
import { deviceQuery, LONGEST_QUERY } from './query/compile.js';
import { countByValue, type DeviceGroup, type DeviceGrouping } from './query/count-devices.js';
import {
  formatCursor,
  formatSortedCursor,
  type HubPosition,
  parseCursor,
  parseSortedCursor,
} from './query/cursor.js';
import { type DeviceFilter, moduleFiltersIn } from './query/device-filter.js';
import { HubQueries, LARGEST_PAGE } from './query/hub-queries.js';
import { comparePositions, type DeviceOrder, sortKeyOf } from './query/order.js';
import { type PropertyPathInfo, propertyPathsOf } from './query/property-paths.js';
import { DeviceSelector } from './query/select-devices.js';
import { Recent } from './recent.js';

export interface PageRequest {
  /** 1 to 100. */
  readonly first: number;
  readonly after?: string | undefined;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

export interface DevicePage {
  readonly nodes: readonly Device[];
  readonly pageInfo: PageInfo;
}

export interface DeviceCounts {
  readonly total: number;
  /** Largest first; none without a grouping. */
  readonly groups: readonly DeviceGroup[];
  readonly observedAt: Date;
}

export interface PropertyPaths {
  /** How many devices were looked at. */
  readonly sampled: number;
  readonly paths: readonly PropertyPathInfo[];
  readonly observedAt: Date;
}

export interface RowPage {
  readonly rows: readonly JsonValue[];
  readonly pageInfo: PageInfo;
  /** How many requests to the hub it took. */
  readonly cost: number;
}

export interface FleetServiceOptions {
  readonly hub: MonotonicHub;
  readonly devices: DeviceService;
  /** Where devices of any convention report their last reboot. */
  readonly rebootPaths: readonly (readonly string[])[];
  readonly clock?: Clock;
}

/** Pages of the hub that are read for one page of a filter that the hub cannot fully express. */
const MOST_PAGES = 5;
/** How long a sample of properties is used (ms), and how often one may be taken. */
const SAMPLE_AGE = 10 * 60_000;
const MOST_SAMPLES = 2;
const SAMPLE_INTERVAL = 60_000;

/** Finds devices, counts them and says what properties they have, by the hub's query index. */
export class FleetService {
  readonly #devices: DeviceService;
  readonly #rebootPaths: FleetServiceOptions['rebootPaths'];
  readonly #clock: Clock;
  readonly #queries: HubQueries;
  readonly #selector: DeviceSelector;
  readonly #samples: Recent<PropertyPaths>;
  /** When the last samples were taken, oldest first. */
  #sampledAt: readonly number[] = [];

  constructor({ hub, devices, rebootPaths, clock = systemClock }: FleetServiceOptions) {
    this.#devices = devices;
    this.#rebootPaths = rebootPaths;
    this.#clock = clock;
    this.#queries = new HubQueries(hub, clock);
    this.#selector = new DeviceSelector(this.#queries, rebootPaths, clock);
    this.#samples = new Recent({ clock, keptFor: SAMPLE_AGE, most: 100 });
  }

  /**
   * One page of the devices that a filter selects. Without an order they come as the hub gives
   * them. Sorting, and conditions on modules, need the whole result: up to a thousand devices.
   */
  async list(
    caller: Caller,
    where: DeviceFilter | undefined,
    page: PageRequest,
    orderBy?: DeviceOrder,
  ): Promise<DevicePage> {
    authorize(caller, 'device:read');
    const filter = where ?? {};
    const list = textOf({ filter, orderBy });
    const byModules = moduleFiltersIn(filter).length > 0;
    const order = orderBy ?? (byModules ? byDeviceId : undefined);
    return order
      ? this.#sortedPage(caller, filter, page, { order, list })
      : this.#hubPage(caller, filter, page, list);
  }

  /** How many devices a filter selects, and of those how many have which value. */
  async counts(
    caller: Caller,
    where: DeviceFilter | undefined,
    groupBy?: DeviceGrouping,
  ): Promise<DeviceCounts> {
    authorize(caller, 'device:read');
    const selection = await this.#selector.select(where ?? {});
    if (!selection.condition.exact) throw notCountable();
    const { condition } = selection;
    const groups = groupBy ? await countByValue(this.#queries, condition, groupBy) : [];
    const total = groupBy
      ? groups.reduce((sum, { count }) => sum + count, 0)
      : await this.#queries.count(condition);
    return { total, groups, observedAt: new Date(this.#clock.now()) };
  }

  /**
   * The properties that devices have, by a sample of up to a hundred. A new sample is taken at
   * most twice a minute, so that this leaves the budget to others.
   */
  async propertyPaths(caller: Caller, where: DeviceFilter | undefined): Promise<PropertyPaths> {
    authorize(caller, 'device:read');
    const filter = where ?? {};
    if (moduleFiltersIn(filter).length > 0) {
      throw badInput('where.modules', 'a sample is taken with one query, and modules need more');
    }
    const { condition, matches } = await this.#selector.select(filter, false);
    return this.#samples.get(textOf(filter), async () => {
      this.#takeTurnToSample();
      const { readings } =
        condition.sql === false
          ? { readings: [] }
          : await this.#queries.twins(deviceQuery('*', condition), { size: LARGEST_PAGE });
      const twins = readings.map(({ twin }) => twin).filter(matches);
      return {
        sampled: twins.length,
        paths: propertyPathsOf(twins),
        observedAt: new Date(this.#clock.now()),
      };
    });
  }

  /** One page of a query in the hub's own language, as the hub gives it. */
  async query(caller: Caller, sql: string, { first, after }: PageRequest): Promise<RowPage> {
    authorize(caller, 'query:raw');
    if (sql.length > LONGEST_QUERY) {
      throw badInput('sql', `${sql.length} characters; IoT Hub takes at most ${LONGEST_QUERY}`);
    }
    const list = `query ${sql}`;
    const start = after === undefined ? beginning : parseCursor(after, list);
    const page = await this.#queries
      .rows(sql, { size: first, continuation: start.continuation })
      .catch(blame('sql'));
    const rows = page.rows.slice(start.offset, start.offset + first);
    const position = goOn(start, start.offset + rows.length, page.rows.length, page.continuation);
    return {
      rows,
      pageInfo: pageInfo(position && formatCursor(position, list)),
      cost: page.requests,
    };
  }

  async #hubPage(
    caller: Caller,
    filter: DeviceFilter,
    { first, after }: PageRequest,
    list: string,
  ): Promise<DevicePage> {
    const cursor = after === undefined ? undefined : parseCursor(after, list);
    const { condition, plain, matches } = await this.#selector.select(filter, cursor?.plain);
    const nodes: Device[] = [];
    if (condition.sql === false) return { nodes, pageInfo: pageInfo(undefined) };
    const sql = deviceQuery('*', condition);
    const size = condition.exact ? first : LARGEST_PAGE;
    let position: HubPosition | undefined = cursor ?? { ...beginning, plain };
    // Rows that the hub should have left out are to be expected only where it could not.
    for (let pages = condition.exact ? 1 : MOST_PAGES; position && pages > 0; pages -= 1) {
      const { continuation }: HubPosition = position;
      const page = await this.#queries.twins(sql, { size, continuation });
      let row = position.offset;
      for (; row < page.readings.length && nodes.length < first; row += 1) {
        const reading = page.readings[row];
        if (reading && matches(reading.twin)) nodes.push(...this.#shown(caller, [reading]));
      }
      position = goOn(position, row, page.readings.length, page.continuation);
      if (nodes.length === first) break;
    }
    return { nodes, pageInfo: pageInfo(position && formatCursor(position, list)) };
  }

  async #sortedPage(
    caller: Caller,
    filter: DeviceFilter,
    { first, after }: PageRequest,
    { order, list }: { readonly order: DeviceOrder; readonly list: string },
  ): Promise<DevicePage> {
    const last = after === undefined ? undefined : parseSortedCursor(after, list);
    const { condition, matches } = await this.#selector.select(filter);
    const readings = await this.#queries.allTwins(condition);
    const rows = readings
      .filter(({ twin }) => matches(twin))
      .map((reading) => ({
        reading,
        deviceId: reading.twin.deviceId,
        key: sortKeyOf(reading.twin, order, this.#rebootPaths),
      }))
      .filter((row) => !last || comparePositions(row, last, order.direction) > 0)
      .sort((a, b) => comparePositions(a, b, order.direction));
    const shown = rows.slice(0, first);
    const end = rows.length > shown.length ? shown.at(-1) : undefined;
    return {
      nodes: this.#shown(
        caller,
        shown.map(({ reading }) => reading),
      ),
      pageInfo: pageInfo(end && formatSortedCursor(end, list)),
    };
  }

  #shown(caller: Caller, readings: readonly TwinReading[]): readonly Device[] {
    return readings
      .map((reading) => this.#devices.of(reading))
      .filter((device) => permits(caller, 'device:read', device));
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

const byDeviceId: DeviceOrder = { by: 'DEVICE_ID', direction: 'ASC' };

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

function pageInfo(endCursor: string | undefined): PageInfo {
  return { hasNextPage: endCursor !== undefined, endCursor: endCursor ?? null };
}

/** Equal for equal things; dates are their text. */
function textOf(value: object): string {
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

/** Names the argument that the hub did not like. */
function blame(argument: string): (error: unknown) => never {
  return (error) => {
    const isInput = error instanceof RequestError && error.code === 'BAD_USER_INPUT';
    throw isInput ? badInput(argument, error.message) : error;
  };
}
