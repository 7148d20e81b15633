import { authorize, type Caller } from './access.js';
import { type Clock, systemClock } from './clock.js';
import type { Device, DeviceService } from './device.js';
import { badInput, RequestError } from './errors.js';
import type { TwinReading } from './hub/twin.js';
import type { Hubs } from './hubs.js';
import type { JsonValue } from './json.js';
import { checkFilter } from './query/check-filter.js';
import { mayBeOn } from './query/choose-hubs.js';
import { LONGEST_QUERY } from './query/compile.js';
import { type DeviceGroup, type DeviceGrouping, mergeGroups } from './query/count-devices.js';
import {
  formatCursor,
  formatSortedCursor,
  type ListPosition,
  parseCursor,
  parseSortedCursor,
} from './query/cursor.js';
import {
  bothOf,
  type DeviceFilter,
  moduleFiltersIn,
  type ScopedFilter,
} from './query/device-filter.js';
import { HubFleet, textOf } from './query/hub-fleet.js';
import { comparePositions, type DeviceOrder, sortKeyOf } from './query/order.js';
import { type PropertyPathInfo, propertyPathsOf } from './query/property-paths.js';
import { askAll, failureOf, type HubFailure } from './query/unavailable.js';

export interface PageRequest {
  /** 1 to 100. */
  readonly first: number;
  readonly after?: string | undefined;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

/** What is put together from several hubs. */
export interface Merged {
  /** The hubs whose part is missing. */
  readonly unavailable: readonly HubFailure[];
}

export interface DevicePage extends Merged {
  readonly nodes: readonly Device[];
  readonly pageInfo: PageInfo;
}

export interface DeviceCounts extends Merged {
  readonly total: number;
  /** Largest first; none without a grouping. */
  readonly groups: readonly DeviceGroup[];
  readonly observedAt: Date;
}

export interface PropertyPaths extends Merged {
  /** How many devices were looked at. */
  readonly sampled: number;
  readonly paths: readonly PropertyPathInfo[];
  readonly observedAt: Date;
}

export interface RowPage extends Merged {
  /** The hub that the rows are of; a page has rows of one. */
  readonly hub: string;
  readonly rows: readonly JsonValue[];
  readonly pageInfo: PageInfo;
  /** How many requests to the hub it took. */
  readonly cost: number;
}

export interface FleetServiceOptions {
  readonly hubs: Hubs;
  readonly devices: DeviceService;
  /** Where devices of any convention report their last reboot. */
  readonly rebootPaths: readonly (readonly string[])[];
  readonly clock?: Clock;
}

/**
 * Finds devices, counts them and says what properties they have, over all hubs. A hub that is down
 * is left out and named, unless none else was asked.
 */
export class FleetService {
  readonly #options: Required<FleetServiceOptions>;
  /** In the order of lists. */
  readonly #fleets: readonly HubFleet[];
  /** Hubs that were down, by name. */
  readonly #down = new Map<string, { readonly until: number; readonly error: unknown }>();

  constructor({ clock = systemClock, ...options }: FleetServiceOptions) {
    this.#options = { clock, ...options };
    const { hubs, rebootPaths } = options;
    this.#fleets = hubs.all.map(({ hub }) => new HubFleet({ hub, rebootPaths, clock }));
  }

  /**
   * One page of the devices that a filter selects. Without an order they come hub after hub, as
   * each gives them. Sorting, and conditions on modules, need the whole result: up to a thousand
   * devices of each hub.
   */
  async list(
    caller: Caller,
    where: DeviceFilter | undefined,
    page: PageRequest,
    orderBy?: DeviceOrder,
  ): Promise<DevicePage> {
    const asked = askedBy(caller, where);
    checkFilter(asked.where);
    // A cursor leads nowhere but among the devices that it was made for.
    const list = textOf({ filter: asked.where, orderBy, scope: asked.scope });
    const byModules = moduleFiltersIn(asked.where).length > 0;
    const order = orderBy ?? (byModules ? byDeviceId : undefined);
    return order
      ? this.#sortedPage(asked, page, { order, list })
      : this.#hubsPage(asked, page, list);
  }

  /** How many devices a filter selects, and of those how many have which value. */
  async counts(
    caller: Caller,
    where: DeviceFilter | undefined,
    groupBy?: DeviceGrouping,
  ): Promise<DeviceCounts> {
    const asked = askedBy(caller, where);
    const { answers, unavailable } = await askAll(this.#meantBy(asked), (fleet) =>
      this.#unlessDown(fleet, () => fleet.counts(asked, groupBy)),
    );
    return {
      total: answers.reduce((sum, { total }) => sum + total, 0),
      groups: mergeGroups(answers.map(({ groups }) => groups)),
      unavailable,
      observedAt: new Date(this.#options.clock.now()),
    };
  }

  /**
   * The properties that devices have, by a sample of up to a hundred of each hub. A new sample is
   * taken at most twice a minute, so that this leaves the budget to others.
   */
  async propertyPaths(caller: Caller, where: DeviceFilter | undefined): Promise<PropertyPaths> {
    const asked = askedBy(caller, where);
    const { answers, unavailable } = await askAll(this.#meantBy(asked), (fleet) =>
      this.#unlessDown(fleet, () => fleet.sample(asked)),
    );
    const times = answers.map(({ at }) => at);
    return {
      sampled: answers.reduce((sum, { devices }) => sum + devices, 0),
      paths: propertyPathsOf(answers),
      unavailable,
      // As old as its oldest part.
      observedAt: new Date(Math.min(this.#options.clock.now(), ...times)),
    };
  }

  /** One page of a query in the hub's own language, of one hub after the other or of that one. */
  async query(
    caller: Caller,
    sql: string,
    { first, after }: PageRequest,
    hub?: string,
  ): Promise<RowPage> {
    authorize(caller, 'query:raw');
    if (sql.length > LONGEST_QUERY) {
      throw badInput('sql', `${sql.length} characters; IoT Hub takes at most ${LONGEST_QUERY}`);
    }
    const only = hub === undefined ? undefined : this.#options.hubs.named(hub, 'hub').name;
    const asked = this.#fleets.filter(({ name }) => only === undefined || name === only);
    const list = `query ${only === undefined ? '' : `on ${only} `}${sql}`;
    const start = after === undefined ? undefined : parseCursor(after, list);
    const [fleet, next] = fromPosition(asked, start);
    const nextStart = next && { hub: next.name, at: undefined };
    try {
      const page = await this.#unlessDown(fleet, () =>
        fleet.rows(sql, first, start?.at).catch(blame('sql')),
      );
      const end = page.end ? { hub: fleet.name, at: page.end } : nextStart;
      return {
        hub: fleet.name,
        rows: page.rows,
        pageInfo: pageInfo(end && formatCursor(end, list)),
        unavailable: [],
        cost: page.requests,
      };
    } catch (error) {
      if (asked.length === 1) throw error;
      return {
        hub: fleet.name,
        rows: [],
        pageInfo: pageInfo(nextStart && formatCursor(nextStart, list)),
        unavailable: [failureOf(fleet.name, error)],
        cost: 0,
      };
    }
  }

  /** One hub after the other, until the page is full. */
  async #hubsPage(
    asked: ScopedFilter,
    { first, after }: PageRequest,
    list: string,
  ): Promise<DevicePage> {
    const start = after === undefined ? undefined : parseCursor(after, list);
    const fleets = this.#meantBy(asked);
    const nodes: Device[] = [];
    const failures: { readonly failure: HubFailure; readonly error: unknown }[] = [];
    let answered = 0;
    let end: ListPosition | undefined;
    for (const fleet of fleets.length === 0 ? [] : fromPosition(fleets, start)) {
      if (nodes.length >= first) {
        end = { hub: fleet.name, at: undefined };
        break;
      }
      const at = fleet.name === start?.hub ? start.at : undefined;
      try {
        const page = await this.#unlessDown(fleet, () =>
          fleet.page(asked, first - nodes.length, at),
        );
        answered += 1;
        nodes.push(...this.#shown(fleet.name, page.readings));
        end = page.end && { hub: fleet.name, at: page.end };
        if (end) break;
      } catch (error) {
        failures.push({ failure: failureOf(fleet.name, error), error });
        end = undefined;
      }
    }
    const [failed] = failures;
    // Later pages go on: what follows must not be kept back by one hub.
    if (failed && answered === 0 && (after === undefined || fleets.length === 1)) {
      throw failed.error;
    }
    return {
      nodes,
      pageInfo: pageInfo(end && formatCursor(end, list)),
      unavailable: failures.map(({ failure }) => failure),
    };
  }

  async #sortedPage(
    asked: ScopedFilter,
    { first, after }: PageRequest,
    { order, list }: { readonly order: DeviceOrder; readonly list: string },
  ): Promise<DevicePage> {
    const { rebootPaths } = this.#options;
    const last = after === undefined ? undefined : parseSortedCursor(after, list);
    const { answers, unavailable } = await askAll(this.#meantBy(asked), async (fleet) => {
      const readings = await this.#unlessDown(fleet, () => fleet.all(asked));
      return readings.map((reading) => ({
        reading,
        hub: fleet.name,
        deviceId: reading.twin.deviceId,
        key: sortKeyOf(reading.twin, order, rebootPaths),
      }));
    });
    const rows = answers
      .flat()
      .filter((row) => !last || comparePositions(row, last, order.direction) > 0)
      .sort((a, b) => comparePositions(a, b, order.direction));
    const shown = rows.slice(0, first);
    const end = rows.length > shown.length ? shown.at(-1) : undefined;
    return {
      nodes: shown.flatMap(({ hub, reading }) => this.#shown(hub, [reading])),
      pageInfo: pageInfo(end && formatSortedCursor(end, list)),
      unavailable,
    };
  }

  /** Those on which there may be devices that a filter selects. */
  #meantBy(asked: ScopedFilter): readonly HubFleet[] {
    checkFilter(asked.where);
    return this.#fleets.filter(({ name }) => mayBeOn(name, bothOf(asked)));
  }

  /**
   * Asks a hub, unless it was down a moment ago and there are others: they would wait for it, and
   * its budget would go into finding out once more.
   */
  async #unlessDown<T>({ name }: HubFleet, ask: () => Promise<T>): Promise<T> {
    const { clock } = this.#options;
    const down = this.#down.get(name);
    if (down && this.#fleets.length > 1 && clock.now() < down.until) throw down.error;
    try {
      const answer = await ask();
      this.#down.delete(name);
      return answer;
    } catch (error) {
      if (error instanceof RequestError && error.code === 'HUB_UNAVAILABLE') {
        this.#down.set(name, { until: clock.now() + SPARED_FOR, error });
      }
      throw error;
    }
  }

  #shown(hub: string, readings: readonly TwinReading[]): readonly Device[] {
    return readings.map((reading) => this.#options.devices.of(hub, reading));
  }
}

/** What a caller asks for, among the devices that it may read. */
function askedBy(caller: Caller, where: DeviceFilter | undefined): ScopedFilter {
  return { where: where ?? {}, scope: authorize(caller, 'device:read') };
}

/** How long a hub that was down is not asked for its part of a list (ms). */
const SPARED_FOR = 10_000;

const byDeviceId: DeviceOrder = { by: 'DEVICE_ID', direction: 'ASC' };

/** The hub in which a list goes on, and those after it. */
function fromPosition(
  fleets: readonly HubFleet[],
  start: ListPosition | undefined,
): readonly [HubFleet, ...HubFleet[]] {
  const index = start ? fleets.findIndex(({ name }) => name === start.hub) : 0;
  const [first, ...others] = index < 0 ? [] : fleets.slice(index);
  if (first) return [first, ...others];
  throw new RequestError(
    'CURSOR_EXPIRED',
    'after: the cursor is of a hub that is served no more; start again',
    'after',
  );
}

function pageInfo(endCursor: string | undefined): PageInfo {
  return { hasNextPage: endCursor !== undefined, endCursor: endCursor ?? null };
}

/** Names the argument that the hub did not like. */
function blame(argument: string): (error: unknown) => never {
  return (error) => {
    const isInput = error instanceof RequestError && error.code === 'BAD_USER_INPUT';
    throw isInput ? badInput(argument, error.message) : error;
  };
}
